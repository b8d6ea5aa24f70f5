using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Results;

namespace DotMac.Access.Coa;

/// <summary>
/// Brings what is online in line with a volume cap that was just reached or lifted. A blocked login is disconnected and stays out; a throttled one, and
/// one that gets its rates back, is disconnected and signs on again with the rates that hold now. Safe to repeat: it looks at what is in force now.
/// </summary>
internal sealed class EnforceQuota(UnitOfWork work, CoaTasks tasks) : IHandleEvent<QuotaReached>, IHandleEvent<QuotaRestored>
{
    public async Task<Error?> Handle(QuotaReached happened, CancellationToken ct) =>
        await IsMarkedAsync(happened.SubscriberId, ct) ? await DisconnectAsync(happened.SubscriberId, ct) : null;

    public async Task<Error?> Handle(QuotaRestored happened, CancellationToken ct) =>
        happened.WasBlocked || await IsMarkedAsync(happened.SubscriberId, ct) ? null : await DisconnectAsync(happened.SubscriberId, ct);

    private async Task<Error?> DisconnectAsync(Guid subscriber, CancellationToken ct)
    {
        var sessions = await LiveSession.OfSubscriberAsync(work, subscriber, ct);
        if (sessions.Count == 0)
        {
            return null;
        }

        await tasks.QueueAsync(CoaKind.Disconnect, CoaChange.Own, sessions, null, "quota", ct);
        return null;
    }

    private Task<bool> IsMarkedAsync(Guid subscriber, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "SELECT EXISTS (SELECT FROM quota_marks WHERE subscriber_id = @subscriber)",
                new { subscriber },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
