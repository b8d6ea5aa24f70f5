using DotMac.Kernel.Audit;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Vrfs;

/// <summary>A routing table of its own: the same address may be used once in each.</summary>
internal sealed class Vrf : IPlanEntity
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public string Name { get; set; } = "";

    /// <summary>Route distinguisher (RFC 4364 §4.2).</summary>
    public string? Rd { get; set; }
    public string? Description { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;
}
