using System.Net;
using DotMac.Kernel.Audit;

namespace DotMac.Access.Subscribers;

/// <summary>The network identity that gets online: a login with its line settings. Timeouts in seconds.</summary>
internal sealed class Subscriber
{
    public required Guid TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string SubscriberNumber { get; set; }

    /// <summary>As the NAS sends it; kept in lower case.</summary>
    public required string Username { get; set; }

    /// <summary>Sealed; recoverable because CHAP and MS-CHAP need the clear text.</summary>
    [Secret]
    public required byte[] Password { get; set; }

    public string? FullName { get; set; }

    public required bool Enabled { get; set; }

    public Guid? BandwidthProfileId { get; set; }

    public IPAddress? FramedIpv4Address { get; set; }

    public IPAddress? FramedIpv4Netmask { get; set; }

    public IPNetwork? FramedIpv6Prefix { get; set; }

    public IPAddress? FramedIpv6Address { get; set; }

    public IPNetwork? DelegatedIpv6Prefix { get; set; }

    /// <summary>Service VLAN (outer tag).</summary>
    public short? VlanId { get; set; }

    /// <summary>Customer VLAN (inner tag of Q-in-Q).</summary>
    public short? InnerVlan { get; set; }

    public int? SessionTimeout { get; set; }

    public int? IdleTimeout { get; set; }

    public int? AcctInterimInterval { get; set; }

    /// <summary>Sessions allowed at once; 0 is any number.</summary>
    public required int SimultaneousUse { get; set; }

    public string? FilterId { get; set; }

    public string? Notes { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Removed then; the row stays for the history, the username is free again. Noted as <c>subscriber.deleted</c>.</summary>
    [NotAudited]
    public DateTimeOffset? DeletedAt { get; set; }

    public int Version { get; set; } = 1;

    /// <summary>Marks the row as changed: the version that If-Match compares, and the time.</summary>
    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }
}
