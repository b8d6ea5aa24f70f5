using DotMac.Kernel.Paging;

namespace DotMac.Network.Ipam.Pools;

/// <summary>An address pool as the API shows it. Counts are of addresses, or of delegated prefixes.</summary>
public sealed record PoolView
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required PoolType Type { get; init; }
    public required Guid? VrfId { get; init; }
    public required string? Vrf { get; init; }
    public required Guid PrefixId { get; init; }
    public required string Network { get; init; }

    /// <summary>Length of what it hands out.</summary>
    public required int DelegationLength { get; init; }

    /// <summary>From–to, in the order in which they are used up.</summary>
    public required string[] Ranges { get; init; }
    public required Guid? SiteId { get; init; }
    public required string? Site { get; init; }
    public required string? Gateway { get; init; }
    public required string[] DnsServers { get; init; }

    /// <summary><c>depleted</c> is an active pool with nothing left.</summary>
    public required PoolStatus Status { get; init; }
    public required bool IsDefault { get; init; }
    public required int QuarantineSeconds { get; init; }
    public required int WarnPercent { get; init; }
    public required string? Description { get; init; }
    public required long Total { get; init; }
    public required long Used { get; init; }

    /// <summary>Given back, and kept from the next one for the quarantine time.</summary>
    public required long Resting { get; init; }

    /// <summary>The gateway, and what was taken out by a person.</summary>
    public required long SetAside { get; init; }
    public required long Available { get; init; }
    public required double UtilizationPercent { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required int Version { get; init; }

    internal static readonly Listing Listing = new(
        string.Concat(
            """
            SELECT p.id, p.name, p.kind AS type, p.vrf_id, v.name AS vrf, p.prefix_id, f.network::text AS network, p.unit AS delegation_length,
                ARRAY(SELECT host(lower(r.span)) || '–' || host(upper(r.span)) FROM ipam_ranges r
                    WHERE r.tenant_id = p.tenant_id AND r.pool_id = p.id ORDER BY r.first) AS ranges,
                p.site_id, s.name AS site, host(p.gateway) AS gateway, p.dns_servers,
                CASE WHEN p.status = 1 AND n.available <= 0 THEN 0 ELSE p.status END AS status, p.is_default, p.quarantine_seconds, p.warn_percent,
                p.description, n.total, n.used, n.resting, n.set_aside, n.available, n.utilization_percent,
                p.created_at, p.updated_at, p.version
            FROM ipam_pools p JOIN ipam_prefixes f ON f.tenant_id = p.tenant_id AND f.id = p.prefix_id
            LEFT JOIN ipam_vrfs v ON v.tenant_id = p.tenant_id AND v.id = p.vrf_id
            LEFT JOIN sites s ON s.tenant_id = p.tenant_id AND s.id = p.site_id

            """,
            PoolCount.Join
        ),
        "p.id",
        "name",
        new("name", "lower(p.name)", SortType.Text),
        new("network", "f.network", SortType.Network),
        new("vrf", "lower(v.name)", SortType.Text, Sparse: true),
        new("site", "lower(s.name)", SortType.Text, Sparse: true),
        new("utilization_percent", "n.utilization_percent", SortType.Real),
        new("created_at", "p.created_at", SortType.Time)
    );
}
