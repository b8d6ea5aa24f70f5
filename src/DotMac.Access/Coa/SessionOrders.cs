using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.Coa;

/// <summary>Puts down what workflows want of sessions, as tasks of the CoA worker.</summary>
internal sealed class SessionOrders(UnitOfWork work, CoaTasks tasks) : ISessionOrders
{
    // Failed for good: the NAS refused the session that is still open. What it refused and then dropped is done.
    private const string Standing = """
        SELECT count(*) FILTER (WHERE state IN (0, 1, 2))::int AS waiting, count(*) FILTER (WHERE state = 3)::int AS done,
            count(*) FILTER (WHERE state = 4)::int AS refused, max(message) FILTER (WHERE state IN (1, 2, 4)) AS message
        FROM coa_tasks WHERE subscriber_id = @subscriberId AND created_at >= @since
        """;

    public Task<int> DropAsync(Guid subscriberId, string by, CancellationToken ct) =>
        QueueAsync(subscriberId, CoaKind.Disconnect, CoaChange.Own, by, ct);

    public Task<int> FilterAsync(Guid subscriberId, string filterId, string by, CancellationToken ct) =>
        QueueAsync(subscriberId, CoaKind.Suspend, new CoaChange { FilterId = filterId, ElseDrop = true }, by, ct);

    public async Task<int> RateAsync(Guid subscriberId, Guid bandwidthProfileId, string by, CancellationToken ct)
    {
        var rates = await new CoaOrder(BandwidthProfileId: bandwidthProfileId).ReadAsync(CoaKind.Rate, work, ct);
        // A profile that was removed meanwhile: the next sign-on brings what holds then.
        return rates.Error is null
            ? await QueueAsync(subscriberId, CoaKind.Rate, rates.Value with { ElseDrop = true }, by, ct)
            : await DropAsync(subscriberId, by, ct);
    }

    public Task<int> VlanAsync(Guid subscriberId, int serviceVlan, int? innerVlan, string by, CancellationToken ct) =>
        QueueAsync(
            subscriberId,
            CoaKind.Vlan,
            new CoaChange
            {
                VlanId = (short)serviceVlan,
                InnerVlan = (short?)innerVlan,
                ElseDrop = true,
            },
            by,
            ct
        );

    public Task<SessionOrdersStanding> StandAsync(Guid subscriberId, DateTimeOffset since, CancellationToken ct) =>
        work.Connection.QuerySingleAsync<SessionOrdersStanding>(
            new CommandDefinition(Standing, new { subscriberId, since }, work.Transaction, cancellationToken: ct)
        );

    private async Task<int> QueueAsync(Guid subscriber, CoaKind kind, CoaChange change, string by, CancellationToken ct)
    {
        var sessions = await LiveSession.OfSubscriberAsync(work, subscriber, ct);
        if (sessions.Count > 0)
        {
            await tasks.QueueAsync(kind, change, sessions, null, by, ct);
        }

        return sessions.Count;
    }
}
