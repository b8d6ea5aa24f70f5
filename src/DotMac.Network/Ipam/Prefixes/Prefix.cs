using System.Net;
using DotMac.Kernel.Audit;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>How a prefix stands. Stored numbers only grow.</summary>
public enum PrefixStatus
{
    /// <summary>Has others inside it, and no addresses of its own.</summary>
    Container = 0,
    Active = 1,
    Reserved = 2,
    Deprecated = 3,
}

/// <summary>A network of the plan.</summary>
internal sealed class Prefix : IPlanEntity
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public Guid? VrfId { get; set; }
    public IPNetwork Network { get; set; }
    public Guid? SiteId { get; set; }
    public Guid? VlanId { get; set; }
    public PrefixStatus Status { get; set; } = PrefixStatus.Active;
    public string? Role { get; set; }

    /// <summary>Its first and last address can be used too.</summary>
    public bool IsPool { get; set; }
    public string? Description { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;
}
