using System.Net;
using DotMac.Kernel.Audit;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Pools;

/// <summary>Addresses or prefixes that subscribers get.</summary>
internal sealed class AddressPool : IPlanEntity
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public string Name { get; set; } = "";
    public PoolType Kind { get; set; }
    public Guid? VrfId { get; set; }
    public Guid PrefixId { get; set; }

    /// <summary>Length of what it hands out.</summary>
    public short Unit { get; set; }
    public Guid? SiteId { get; set; }
    public IPAddress? Gateway { get; set; }
    public string[] DnsServers { get; set; } = [];
    public PoolStatus Status { get; set; } = PoolStatus.Active;
    public bool IsDefault { get; set; }

    /// <summary>How long what was in use rests after it was given back, in seconds.</summary>
    public int QuarantineSeconds { get; set; } = 300;
    public short WarnPercent { get; set; } = 90;
    public string? Description { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;
}
