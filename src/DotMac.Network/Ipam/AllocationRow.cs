using System.Net;
using DotMac.Contracts.External;

namespace DotMac.Network.Ipam;

/// <summary>Who holds, or held, an address or prefix: a row of <c>ipam_allocations</c> with the names of its pool.</summary>
internal sealed class AllocationRow
{
    public Guid Id { get; init; }
    public Guid Space { get; init; }
    public string Network { get; init; } = "";
    public AddressKind Kind { get; init; }
    public AddressState State { get; init; }
    public AllocationOrigin Origin { get; init; }
    public Guid? PoolId { get; init; }
    public string? Pool { get; init; }
    public string? Gateway { get; init; }
    public string? Vrf { get; init; }
    public Guid? OwnerId { get; init; }
    public string Label { get; init; } = "";
    public string Key { get; init; } = "";
    public string? DnsName { get; init; }
    public string? Description { get; init; }
    public DateTimeOffset AllocatedAt { get; init; }
    public DateTimeOffset? ActivatedAt { get; init; }
    public DateTimeOffset? SuspendedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? RestsUntil { get; init; }
    public string CreatedBy { get; init; } = "";
    public string? EndedBy { get; init; }

    /// <summary>Complete it with WHERE; alias <c>a</c>.</summary>
    public const string Select = """
        SELECT a.id, a.space, a.network::text AS network, a.kind, a.state, a.origin, a.pool_id, p.name AS pool, host(p.gateway) AS gateway,
            v.name AS vrf, a.owner_id, a.label, a.key, a.dns_name, a.description, a.allocated_at, a.activated_at, a.suspended_at, a.expires_at,
            a.ended_at, a.rests_until, a.created_by, a.ended_by
        FROM ipam_allocations a
        LEFT JOIN ipam_pools p ON p.tenant_id = a.tenant_id AND p.id = a.pool_id
        LEFT JOIN ipam_vrfs v ON v.tenant_id = a.tenant_id AND v.id = a.space

        """;

    public HeldAddress ToHeld() =>
        new(
            Key,
            OwnerId ?? Guid.Empty,
            Kind,
            IPNetwork.Parse(Network),
            State,
            Pool,
            Gateway is null ? null : IPAddress.Parse(Gateway),
            Id.ToString()
        );
}

/// <summary>How an allocation came to be. Stored numbers only grow.</summary>
public enum AllocationOrigin
{
    /// <summary>The next free one of a pool.</summary>
    Pool = 0,

    /// <summary>This one was asked for.</summary>
    Static = 1,

    /// <summary>Kept for somebody, until it expires.</summary>
    Reservation = 2,

    /// <summary>Belongs to the network itself (a router, a server), written down by a person.</summary>
    Console = 3,

    /// <summary>Read from a file of addresses in use.</summary>
    Import = 4,
}

/// <summary>A row of <c>ipam_vlan_allocations</c> with the name of its pool.</summary>
internal sealed class VlanAllocationRow
{
    public Guid Id { get; init; }
    public Guid? SiteId { get; init; }
    public short ServiceVlan { get; init; }
    public short? InnerVlan { get; init; }
    public string? Pool { get; init; }
    public Guid OwnerId { get; init; }
    public string Label { get; init; } = "";
    public string Key { get; init; } = "";
    public DateTimeOffset AllocatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string CreatedBy { get; init; } = "";
    public string? EndedBy { get; init; }

    public const string Select = """
        SELECT a.id, nullif(a.scope, a.tenant_id) AS site_id, a.service_vlan, a.inner_vlan, p.name AS pool, a.owner_id, a.label, a.key, a.allocated_at, a.ended_at, a.created_by, a.ended_by
        FROM ipam_vlan_allocations a LEFT JOIN ipam_vlan_pools p ON p.tenant_id = a.tenant_id AND p.id = a.pool_id

        """;

    public HeldVlan ToHeld() => new(Key, OwnerId, ServiceVlan, InnerVlan, Pool, Id.ToString(), SiteId);
}
