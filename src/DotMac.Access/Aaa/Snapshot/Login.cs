using System.Net;
using System.Text.Json.Serialization;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;

namespace DotMac.Access.Aaa.Snapshot;

/// <summary>What the AAA plane knows of one subscriber. Immutable: a change is a new Login in its place.</summary>
internal sealed record Login
{
    public required Guid TenantId { get; init; }
    public required Guid SubscriberId { get; init; }
    public required string Username { get; init; }

    /// <summary>Clear text, UTF-8: CHAP needs it (RFC 2865 §5.3). Kept in memory only, never logged.</summary>
    public required byte[] Password { get; init; }

    public bool Enabled { get; init; } = true;
    public SubscriberStatus Status { get; init; } = SubscriberStatus.Active;
    public Guid? BandwidthProfileId { get; init; }

    /// <summary>The monthly volume is used up and the cap says block.</summary>
    public bool QuotaBlocked { get; init; }

    /// <summary>The profile whose rates hold while the monthly volume is used up and the cap says throttle.</summary>
    public Guid? ThrottleProfileId { get; init; }
    public IPAddress? FramedIpv4Address { get; init; }
    public IPAddress? FramedIpv4Netmask { get; init; }
    public IPNetwork? FramedIpv6Prefix { get; init; }
    public IPAddress? FramedIpv6Address { get; init; }
    public IPNetwork? DelegatedIpv6Prefix { get; init; }

    /// <summary>Service VLAN (outer), 1–4094.</summary>
    public short? VlanId { get; init; }

    /// <summary>Customer VLAN (inner); without a service VLAN it is not used.</summary>
    public short? InnerVlan { get; init; }

    /// <summary>The profile says that the inner VLAN is used; a line without a profile uses what it has.</summary>
    public bool QinqEnabled { get; init; } = true;

    /// <summary>Where the line's own addresses are in their life.</summary>
    public AddressState Ipv4State { get; init; }
    public AddressState Ipv6State { get; init; }

    public int? SessionTimeoutSeconds { get; init; }
    public int? IdleTimeoutSeconds { get; init; }
    public int? InterimSeconds { get; init; }

    /// <summary>How many sessions at once; 0 means no limit.</summary>
    public int SimultaneousUse { get; init; }
    public string? FilterId { get; init; }

    /// <summary>Where the line is, as Option 82 says; null when the subscriber has no ids configured.</summary>
    public LineLock? Line { get; init; }

    /// <summary>Null sends what the line has.</summary>
    public Ipv6Mode? Ipv6Mode { get; init; }
    public string? FramedIpv4Pool { get; init; }
    public string? FramedIpv6Pool { get; init; }
    public string? DelegatedIpv6Pool { get; init; }

    /// <summary>Each as Framed-Route spells it (RFC 2865 §5.22).</summary>
    public string[] FramedRoutes { get; init; } = [];

    /// <summary>aa:bb:cc:dd:ee:ff; may sign on by itself.</summary>
    public string? MacAddress { get; init; }
    public bool Suspended { get; init; }

    /// <summary>While suspended the line signs on with this Filter-Id instead of <see cref="FilterId"/>; null rejects it.</summary>
    public string? WalledGardenFilterId { get; init; }
    public int Version { get; init; }

    /// <summary>What the rows say, when not all of it is in force (<see cref="LineInForce"/>); null: this is it.</summary>
    [JsonIgnore]
    public Login? Stored { get; init; }
}

/// <summary>The ids that a line must show, in the spelling of <see cref="LineId"/>, and what happens when it shows others. One of them at least.</summary>
internal sealed record LineLock(string? CircuitId, string? RemoteId, Option82Policy Policy);

/// <summary>The rates of a bandwidth profile, kbit/s as the subscriber sees them.</summary>
internal sealed record Rates
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required int DownKbps { get; init; }
    public required int UpKbps { get; init; }
    public int? DownBurstKbps { get; init; }
    public int? UpBurstKbps { get; init; }
    public int? BurstThresholdPercent { get; init; }
    public int? BurstTimeSeconds { get; init; }
    public int? Priority { get; init; }
    public string? VendorProfileName { get; init; }

    /// <summary>Groups of NAS where its logins may sign on; empty: at every NAS.</summary>
    public string[] AllowedNasGroups { get; init; } = [];
    public int Version { get; init; }
}
