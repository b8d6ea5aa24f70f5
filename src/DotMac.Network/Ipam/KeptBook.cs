using System.Net;
using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;

namespace DotMac.Network.Ipam;

/// <summary>What the plan keeps for others of what a line is to be told.</summary>
internal sealed class KeptBook(UnitOfWork work)
{
    // Under row security the planner takes no index for && and >>=: what lies around the network is looked up by equality, what lies inside it as what
    // is between its first and its last, and the range that it lies in as the last one of a VRF that does not begin behind it (ranges are apart).
    internal const string Find = """
        SELECT k.network::text AS what, k.label, k.id, k.origin = 2 AS isreserved FROM (
            SELECT a.network, a.label, a.id, a.origin, a.owner_id, a.space FROM ipam_allocations a
            WHERE a.tenant_id = current_tenant() AND a.ended_at IS NULL AND a.network = ANY (@around)
            UNION ALL
            SELECT a.network, a.label, a.id, a.origin, a.owner_id, a.space FROM ipam_allocations a
            WHERE a.tenant_id = current_tenant() AND a.ended_at IS NULL AND a.network BETWEEN @network::cidr AND @last::cidr
        ) AS k
        WHERE (k.owner_id IS NULL OR k.owner_id <> ALL (@owners)) AND k.space = coalesce(
            (SELECT s.space FROM (SELECT current_tenant() AS space UNION ALL SELECT v.id FROM ipam_vrfs v WHERE v.tenant_id = current_tenant()) AS s
                CROSS JOIN LATERAL (SELECT r.pool_id, r.span FROM ipam_ranges r
                    WHERE r.tenant_id = current_tenant() AND r.space = s.space AND r.start <= @last::cidr ORDER BY r.start DESC LIMIT 1) AS r
                JOIN ipam_pools p ON p.tenant_id = current_tenant() AND p.id = r.pool_id
                WHERE upper(r.span) >= host(@network::cidr)::inet
                ORDER BY s.space = current_tenant() DESC, p.name LIMIT 1),
            (SELECT s.space FROM (SELECT current_tenant() AS space UNION ALL SELECT v.id FROM ipam_vrfs v WHERE v.tenant_id = current_tenant()) AS s
                CROSS JOIN LATERAL (SELECT masklen(p.network) AS length FROM ipam_prefixes p
                    WHERE p.tenant_id = current_tenant() AND p.space = s.space AND p.network = ANY (@around) ORDER BY 1 DESC LIMIT 1) AS p
                ORDER BY s.space = current_tenant() DESC, p.length DESC LIMIT 1),
            current_tenant())
        ORDER BY k.network LIMIT 1
        """;

    /// <summary>Looked up where a told network would be written down: in the VRF of the pool that it lies in, else of the prefix.</summary>
    public Task<KeptForOther?> NetworkAsync(IPNetwork network, IReadOnlyList<Guid> owners, CancellationToken ct) =>
        work.Connection.QueryFirstOrDefaultAsync<KeptForOther>(
            Command(
                Find,
                new
                {
                    around = Networks.Around(network),
                    network = network.ToString(),
                    last = new IPNetwork(Networks.Address(network.Last(), network.IsV4()), Networks.Bits(network.BaseAddress)).ToString(),
                    owners = owners.ToArray(),
                },
                ct
            )
        );

    /// <summary>At a site, or at any when none is named.</summary>
    public Task<KeptForOther?> PairAsync(int service, int inner, Guid? site, IReadOnlyList<Guid> owners, CancellationToken ct) =>
        work.Connection.QueryFirstOrDefaultAsync<KeptForOther>(
            Command(
                """
                SELECT a.service_vlan || '.' || a.inner_vlan AS what, a.label, a.id, false AS isreserved FROM ipam_vlan_allocations a
                WHERE a.tenant_id = current_tenant() AND a.ended_at IS NULL AND a.service_vlan = @service AND a.inner_vlan = @inner
                    AND a.owner_id <> ALL (@owners) AND (@site::uuid IS NULL OR a.scope IN (@site::uuid, a.tenant_id))
                LIMIT 1
                """,
                new
                {
                    service,
                    inner,
                    site,
                    owners = owners.ToArray(),
                },
                ct
            )
        );

    /// <summary>What one of these owners holds of a pair: at the site where the line is, else the last that was taken.</summary>
    public Task<VlanAllocationRow?> OwnPairAsync(IReadOnlyList<Guid> owners, int service, int inner, Guid? from, CancellationToken ct) =>
        work.Connection.QueryFirstOrDefaultAsync<VlanAllocationRow>(
            Command(
                VlanAllocationRow.Select
                    + OwnPair
                    + "ORDER BY a.scope = coalesce(@from::uuid, a.tenant_id) DESC, a.allocated_at DESC LIMIT 1",
                new
                {
                    owners = owners.ToArray(),
                    service,
                    inner,
                    from,
                },
                ct
            )
        );

    /// <summary>What one of the order's own owners holds of the pair that it names, where the pair would be written down; null when it names none.</summary>
    public async Task<VlanAllocationRow?> OwnPairAsync(VlanOrder order, CancellationToken ct) =>
        order is { Own: { } own, IsQinQ: true, ServiceVlan: { } service, InnerVlan: { } inner }
            ? await work.Connection.QueryFirstOrDefaultAsync<VlanAllocationRow>(
                Command(
                    VlanAllocationRow.Select
                        + OwnPair
                        + """
                        AND a.scope = coalesce(
                            (SELECT v.scope FROM ipam_vlan_pools v WHERE v.tenant_id = current_tenant() AND CASE
                                WHEN @Pool::text IS NOT NULL THEN lower(v.name) = lower(@Pool)
                                ELSE v.is_qinq AND @service BETWEEN v.service_first AND v.service_last AND @inner BETWEEN v.inner_first AND v.inner_last
                                    AND (v.site_id IS NULL OR v.site_id = @SiteId::uuid) END
                                ORDER BY v.site_id NULLS LAST, v.name LIMIT 1),
                            @SiteId::uuid, current_tenant())
                        """,
                    new
                    {
                        owners = own.ToArray(),
                        service,
                        inner,
                        order.Pool,
                        order.SiteId,
                    },
                    ct
                )
            )
            : null;

    private const string OwnPair = """
        WHERE a.tenant_id = current_tenant() AND a.ended_at IS NULL AND a.owner_id = ANY (@owners) AND a.service_vlan = @service AND a.inner_vlan = @inner

        """;

    private CommandDefinition Command(string sql, object values, CancellationToken ct) =>
        new(sql, values, work.Transaction, cancellationToken: ct);
}
