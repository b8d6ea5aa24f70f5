using DotMac.Kernel.Audit;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>VLANs that are counted together: within a group each number stands once.</summary>
internal sealed class VlanGroup : IPlanEntity
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public string Name { get; set; } = "";
    public Guid? SiteId { get; set; }
    public string? Description { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;
}

/// <summary>How a VLAN stands. Stored numbers only grow.</summary>
public enum VlanStatus
{
    Active = 1,
    Reserved = 2,
    Deprecated = 3,
}

/// <summary>A VLAN of the network, with its meaning.</summary>
internal sealed class Vlan : IPlanEntity
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>1–4094 (IEEE 802.1Q).</summary>
    public short Vid { get; set; }
    public string Name { get; set; } = "";
    public Guid? GroupId { get; set; }
    public Guid? SiteId { get; set; }
    public VlanStatus Status { get; set; } = VlanStatus.Active;
    public string? Role { get; set; }
    public string? Description { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;
}
