using DotMac.Kernel.Paging;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>A prefix as the API shows it.</summary>
/// <param name="Prefix">As <c>100.64.0.0/16</c>.</param>
/// <param name="Family">4 or 6.</param>
/// <param name="Depth">How many prefixes of the same VRF it lies in.</param>
/// <param name="ChildCount">Prefixes directly or indirectly inside it.</param>
/// <param name="AddressCount">Allocations that live inside it.</param>
/// <param name="UtilizationPercent">
/// Of a container: what its prefixes cover. Of another: what is held of it; of one with pools of delegated prefixes, of those.
/// </param>
public sealed record PrefixView(
    Guid Id,
    string Prefix,
    int Family,
    Guid? VrfId,
    string? Vrf,
    Guid? SiteId,
    string? Site,
    Guid? VlanId,
    short? Vlan,
    PrefixStatus Status,
    string? Role,
    bool IsPool,
    string? Description,
    long Depth,
    long ChildCount,
    long PoolCount,
    long AddressCount,
    double UtilizationPercent,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    internal static readonly Listing Listing = new(
        """
        SELECT p.id, p.network::text AS prefix, family(p.network) AS family, p.vrf_id, v.name AS vrf, p.site_id, s.name AS site, p.vlan_id, l.vid AS vlan,
            p.status::int AS status, p.role, p.is_pool, p.description,
            (SELECT count(*) FROM ipam_prefixes o WHERE o.space = p.space AND o.network >> p.network) AS depth, k.child_count,
            (SELECT count(*) FROM ipam_pools o WHERE o.tenant_id = p.tenant_id AND o.prefix_id = p.id) AS pool_count, a.address_count,
            CASE WHEN p.status = 0 THEN k.covered ELSE least(100, a.held) END AS utilization_percent,
            p.created_at, p.updated_at, p.version
        FROM ipam_prefixes p
        LEFT JOIN ipam_vrfs v ON v.tenant_id = p.tenant_id AND v.id = p.vrf_id
        LEFT JOIN sites s ON s.tenant_id = p.tenant_id AND s.id = p.site_id
        LEFT JOIN ipam_vlans l ON l.tenant_id = p.tenant_id AND l.id = p.vlan_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS child_count,
                round(coalesce(sum(CASE WHEN NOT EXISTS (SELECT 1 FROM ipam_prefixes m WHERE m.space = c.space AND m.network << p.network AND m.network >> c.network)
                    THEN 100 / power(2::numeric, masklen(c.network) - masklen(p.network)) END), 0), 2)::float8 AS covered
            FROM ipam_prefixes c WHERE c.space = p.space AND c.network << p.network
        ) AS k
        CROSS JOIN LATERAL (
            SELECT count(*) AS address_count,
                round(coalesce(sum(100 / power(2::numeric, masklen(h.network) - masklen(p.network))), 0), 2)::float8 AS held
            FROM ipam_allocations h
            WHERE h.tenant_id = p.tenant_id AND h.space = p.space AND h.ended_at IS NULL
                AND h.network BETWEEN p.network AND set_masklen(broadcast(p.network), CASE family(p.network) WHEN 4 THEN 32 ELSE 128 END)::cidr
        ) AS a

        """,
        "p.id",
        "prefix",
        new("prefix", "p.network", SortType.Network),
        new("vrf", "lower(v.name)", SortType.Text, Sparse: true),
        new("site", "lower(s.name)", SortType.Text, Sparse: true),
        new("vlan", "l.vid", SortType.Whole, Sparse: true),
        new("created_at", "p.created_at", SortType.Time)
    )
    {
        ChosenFrom = """
            FROM ipam_prefixes p
            LEFT JOIN ipam_vrfs v ON v.tenant_id = p.tenant_id AND v.id = p.vrf_id
            LEFT JOIN sites s ON s.tenant_id = p.tenant_id AND s.id = p.site_id
            LEFT JOIN ipam_vlans l ON l.tenant_id = p.tenant_id AND l.id = p.vlan_id

            """,
    };
}
