using DotMac.Kernel.Audit;
using DotMac.Network.Ipam.Pools;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>Numbers that lines get: single VLANs, each for one line or for several, or pairs of Q-in-Q (IEEE 802.1ad).</summary>
internal sealed class VlanPool : IPlanEntity
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public string Name { get; set; } = "";
    public Guid? GroupId { get; set; }
    public Guid? SiteId { get; set; }
    public bool IsQinq { get; set; }
    public short ServiceFirst { get; set; }
    public short ServiceLast { get; set; }
    public short? InnerFirst { get; set; }
    public short? InnerLast { get; set; }

    /// <summary>How many lines share one VLAN; 1 with Q-in-Q.</summary>
    public short LinesPerVlan { get; set; } = 1;
    public PoolStatus Status { get; set; } = PoolStatus.Active;
    public bool IsDefault { get; set; }

    /// <summary>How long a number rests after a line gave it back, in seconds.</summary>
    public int QuarantineSeconds { get; set; }
    public short WarnPercent { get; set; } = 90;
    public string? Description { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;
}
