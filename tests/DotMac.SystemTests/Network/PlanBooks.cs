using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Network;

/// <summary>
/// Slots and allocations tell the same story: every held place of a pool has its one live allocation, and the other way round. A place without
/// one is lost to its pool for ever; an allocation without one may be given twice.
/// </summary>
public static class PlanBooks
{
    public static async Task AgreeAsync(TestDatabase database, Guid? tenant = null) =>
        (
            await database.QueryAsync<string>(
                """
                SELECT coalesce('allocation of ' || a.network, 'slot ' || s.pool_id || ' ' || s.ordinal)
                FROM (SELECT * FROM ipam_slots s WHERE state = 1 AND pool_id NOT IN (SELECT id FROM ipam_vlan_pools)) AS s
                FULL JOIN (SELECT * FROM ipam_allocations WHERE ended_at IS NULL AND pool_id IS NOT NULL) AS a
                    ON a.tenant_id = s.tenant_id AND a.pool_id = s.pool_id AND a.ordinal = s.ordinal
                WHERE (a.id IS NULL OR s.ordinal IS NULL) AND (@tenant::uuid IS NULL OR coalesce(a.tenant_id, s.tenant_id) = @tenant)
                UNION ALL
                SELECT coalesce('allocation of VLAN ' || a.service_vlan || '.' || coalesce(a.inner_vlan, 0), 'VLAN slot ' || s.pool_id || ' ' || s.ordinal)
                FROM (SELECT * FROM ipam_slots s WHERE state = 1 AND pool_id IN (SELECT id FROM ipam_vlan_pools)) AS s
                FULL JOIN (SELECT * FROM ipam_vlan_allocations WHERE ended_at IS NULL AND pool_id IS NOT NULL) AS a
                    ON a.tenant_id = s.tenant_id AND a.pool_id = s.pool_id AND a.ordinal = s.ordinal
                WHERE (a.id IS NULL OR s.ordinal IS NULL) AND (@tenant::uuid IS NULL OR coalesce(a.tenant_id, s.tenant_id) = @tenant)
                """,
                new { tenant }
            )
        ).ShouldBeEmpty();
}
