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
internal sealed class EnforceQuota(UnitOfWork work, NasDoor door, CoaLog log) : IHandleEvent<QuotaReached>, IHandleEvent<QuotaRestored>
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

        var results = await work.OutsideAsync(() => door.DisconnectAsync(sessions, ct), ct);
        await log.WriteAsync(results, ct);
        // What the NAS answered is kept even when the event has to come again.
        await work.OutsideAsync(() => Task.FromResult(true), ct);
        var open = results.Where(r => !r.IsSettled).ToList();
        return open.Count == 0 ? null : CoaErrors.NotDone(open.Count, open[0].Message);
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
