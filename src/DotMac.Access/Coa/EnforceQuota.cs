using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Results;

namespace DotMac.Access.Coa;

/// <summary>
/// Brings what is online in line with a volume cap that was just reached or lifted. A blocked login is disconnected and stays out; a throttled one, and
/// one that gets its rates back, is told its rates by CoA, and dropped when its NAS will not take them. Safe to repeat: it looks at what is in force now.
/// </summary>
internal sealed class EnforceQuota(UnitOfWork work, CoaTasks tasks) : IHandleEvent<QuotaReached>, IHandleEvent<QuotaRestored>
{
    public async Task<Error?> Handle(QuotaReached happened, CancellationToken ct)
    {
        if (!await IsMarkedAsync(happened.SubscriberId, ct))
        {
            return null;
        }

        if (happened.ThrottleProfileId is not { } profile)
        {
            return await QueueAsync(happened.SubscriberId, CoaKind.Disconnect, CoaChange.Own, ct);
        }

        var slow = await new CoaOrder(BandwidthProfileId: profile).ReadAsync(CoaKind.Rate, work, ct);
        // A profile that was removed meanwhile: the next sign-on brings what holds then.
        return slow.Error is null
            ? await QueueAsync(happened.SubscriberId, CoaKind.Rate, slow.Value with { ElseDrop = true }, ct)
            : await QueueAsync(happened.SubscriberId, CoaKind.Disconnect, CoaChange.Own, ct);
    }

    public async Task<Error?> Handle(QuotaRestored happened, CancellationToken ct) =>
        happened.WasBlocked || await IsMarkedAsync(happened.SubscriberId, ct)
            ? null
            : await QueueAsync(happened.SubscriberId, CoaKind.Rate, CoaChange.Own with { ElseDrop = true }, ct);

    private async Task<Error?> QueueAsync(Guid subscriber, CoaKind kind, CoaChange change, CancellationToken ct)
    {
        var sessions = await LiveSession.OfSubscriberAsync(work, subscriber, ct);
        if (sessions.Count > 0)
        {
            await tasks.QueueAsync(kind, change, sessions, null, "quota", ct);
        }

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
