using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Network.Ipam.Pools;

/// <summary>
/// How full a pool is, counted from its slots whenever it is asked: a counter beside them would be one more thing that can be wrong, and a
/// row that every allocation of the pool waits for. What has rested long enough counts as available.
/// </summary>
internal static class PoolCount
{
    /// <summary>Joins <c>n</c> to a pool <c>p</c>.</summary>
    public const string Join = """
        CROSS JOIN LATERAL (
            SELECT t.total, c.used, c.resting, c.set_aside, t.total - c.used - c.resting - c.set_aside AS available,
                CASE WHEN t.total > 0 THEN round(100.0 * (c.used + c.resting + c.set_aside) / t.total, 2) ELSE 100 END::float8 AS utilization_percent
            FROM (SELECT coalesce(sum(r.size), 0)::bigint AS total FROM ipam_ranges r WHERE r.tenant_id = p.tenant_id AND r.pool_id = p.id) AS t,
                (SELECT count(*) FILTER (WHERE s.state = 1) AS used, count(*) FILTER (WHERE s.state = 2 AND s.free_at > now()) AS resting,
                    count(*) FILTER (WHERE s.state = 3) AS set_aside
                FROM ipam_slots s WHERE s.tenant_id = p.tenant_id AND s.pool_id = p.id AND s.state <> 0) AS c
        ) AS n

        """;

    public static Task<long> HeldAsync(UnitOfWork work, Guid poolId, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                "SELECT count(*) FROM ipam_slots WHERE tenant_id = current_tenant() AND pool_id = @poolId AND state = 1",
                new { poolId },
                work.Transaction,
                cancellationToken: ct
            )
        );

    /// <summary>Removes the ranges and slots of a pool that hands out no more.</summary>
    public static Task ForgetAsync(UnitOfWork work, Guid poolId, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            new CommandDefinition(
                """
                DELETE FROM ipam_ranges WHERE tenant_id = current_tenant() AND pool_id = @poolId;
                DELETE FROM ipam_slots WHERE tenant_id = current_tenant() AND pool_id = @poolId
                """,
                new { poolId },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
