using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.Aaa;

/// <summary>Asks the decision about a login as it is in the database now: the same function, on any node.</summary>
internal sealed class LoginProof(UnitOfWork work, SnapshotRows rows) : ILoginProof
{
    public async Task<LoginAnswer?> AskAsync(Guid subscriberId, CancellationToken ct)
    {
        await foreach (var login in rows.LoginsAsync([(work.TenantId!.Value, subscriberId)], ct))
        {
            var facts = new AccessRequestFacts
            {
                HasUsername = true,
                Credentials = Credentials.OfClearText(login.Password),
                LineIds = LineIds.Of(login.Line?.CircuitId, login.Line?.RemoteId),
            };
            var verdict = Decision.Decide(facts, login);
            return new LoginAnswer(verdict.Accepted, verdict.Code, verdict.Explanation);
        }

        return null;
    }
}
