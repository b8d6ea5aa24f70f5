using System.Net;
using DotMac.Contracts.Access;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Results;

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

    /// <summary>Where it is in its life. It agrees with <see cref="Enabled"/> and <see cref="Suspended"/>: see <see cref="Subscribers.Standing"/>.</summary>
    public SubscriberStatus Status { get; private set; } = SubscriberStatus.Active;

    public bool Enabled { get; private set; } = true;

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

    /// <summary>Where the line is, as its access node says (Option 82), in the spelling of <see cref="LineId"/>.</summary>
    public string? CircuitId { get; set; }

    /// <summary>Who stands at the line's end, as its access node says (Option 82), in the spelling of <see cref="LineId"/>.</summary>
    public string? RemoteId { get; set; }

    public Option82Policy Option82Policy { get; set; } = Option82Policy.Log;

    /// <summary>Null follows from the prefixes, addresses and pools that the line has.</summary>
    public Ipv6Mode? Ipv6Mode { get; set; }

    /// <summary>Name of a pool on the NAS; used when the line has no address of its own.</summary>
    public string? FramedIpv4Pool { get; set; }

    public string? FramedIpv6Pool { get; set; }

    public string? DelegatedIpv6Pool { get; set; }

    /// <summary>In the spelling of <see cref="FramedRoute"/>.</summary>
    public string[] FramedRoutes { get; set; } = [];

    /// <summary>May sign on by itself (MAC authentication), in the spelling of <see cref="Access.MacAddress"/>.</summary>
    public string? MacAddress { get; set; }

    public bool Suspended { get; private set; }

    public string? SuspensionReason { get; private set; }

    public DateTimeOffset? SuspendedAt { get; private set; }

    /// <summary>The line's own walled garden: the Filter-Id that it signs on with while suspended, where the policy of the reasons lets it in.</summary>
    public string? WalledGardenFilterId { get; set; }

    public ServiceType ServiceType { get; set; }

    /// <summary>Whose service it is; nobody checks it yet.</summary>
    public Guid? CustomerId { get; set; }

    public Guid? UserId { get; set; }

    /// <summary>Four letters and eight hexadecimal digits, upper case (ITU-T G.984.3).</summary>
    public string? OnuSerial { get; set; }

    /// <summary>Of the customer's router, in the spelling of <see cref="Access.MacAddress"/>.</summary>
    public string? CpeMacAddress { get; set; }

    public string? ServiceAddress { get; set; }

    /// <summary>Degrees, WGS 84.</summary>
    public double? ServiceLatitude { get; set; }

    public double? ServiceLongitude { get; set; }

    /// <summary>What the address plan calls its IPv4 address; so for the ids of the other outside systems.</summary>
    public string? NetboxIpId { get; set; }

    public string? VolthaOnuId { get; set; }

    public string? GenieacsDeviceId { get; set; }

    public string? MonitoringId { get; set; }

    public DateTimeOffset? ActivatedAt { get; private set; }

    public DateTimeOffset? TerminatedAt { get; private set; }

    /// <summary>While suspended the line signs on with this Filter-Id instead of its own; null rejects it.</summary>
    public string? SuspensionFilterId { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Removed then; the row stays for the history, the username is free again. Noted as <c>subscriber.deleted</c>.</summary>
    [NotAudited]
    public DateTimeOffset? DeletedAt { get; set; }

    public int Version { get; set; } = 1;

    public Standing Standing => new(Status, Enabled, Suspended);

    /// <summary>
    /// Enables, disables, suspends or resumes by hand; a suspension keeps its first time, a new reason replaces the old one. Refused while
    /// the subscriber is pending, quarantined or terminated.
    /// </summary>
    public Error? Ask(bool enabled, bool suspended, string? reason, DateTimeOffset now)
    {
        if (Standing.Asked(enabled, suspended) is not { } standing)
        {
            return SubscriberErrors.NotInService(Status);
        }

        Take(standing, reason, now);
        return null;
    }

    /// <summary>Enables or disables by hand; leaves the suspension as it is. Refused as <see cref="Ask"/>.</summary>
    public Error? SetEnabled(bool enabled, DateTimeOffset now) => Ask(enabled, Suspended, SuspensionReason, now);

    /// <summary>Suspends or resumes, as its reasons came to. Called by the keeper of the reasons alone. Refused as <see cref="Ask"/>.</summary>
    public Error? SetSuspended(bool suspended, string? reason, string? filterId, DateTimeOffset now)
    {
        var refusal = Ask(Enabled, suspended, reason, now);
        SuspensionFilterId = Suspended ? filterId : null;
        return refusal;
    }

    /// <summary>Moves it through its life; being there already is no fault.</summary>
    /// <param name="reason">Of a suspension.</param>
    public Error? Move(SubscriberStatus to, DateTimeOffset now, string? reason = null)
    {
        if (Standing.Moved(to) is not { } standing)
        {
            return SubscriberErrors.TransitionRefused(Status, to);
        }

        Take(standing, reason ?? SuspensionReason, now);
        return null;
    }

    /// <summary>A new one that is to be provisioned: known, with no AAA account yet.</summary>
    public Subscriber AsPending()
    {
        (Status, Enabled) = (SubscriberStatus.Pending, false);
        return this;
    }

    /// <summary>Gives a pending subscriber its AAA account, or takes it away; RADIUS refuses it until it is active.</summary>
    public Error? SetAccount(bool exists)
    {
        if (Status != SubscriberStatus.Pending)
        {
            return SubscriberErrors.TransitionRefused(Status, SubscriberStatus.Pending);
        }

        Enabled = exists;
        return null;
    }

    private void Take(Standing standing, string? reason, DateTimeOffset now)
    {
        (Status, Enabled, Suspended) = standing;
        SuspendedAt = Suspended ? SuspendedAt ?? now : null;
        SuspensionReason = Suspended ? reason : null;
        SuspensionFilterId = Suspended ? SuspensionFilterId : null;
        ActivatedAt =
            Status == SubscriberStatus.Pending ? null
            : Status == SubscriberStatus.Active ? ActivatedAt ?? now
            : ActivatedAt;
        TerminatedAt = Status == SubscriberStatus.Terminated ? TerminatedAt ?? now : null;
    }

    /// <summary>Writes what the network profile says of the line. The only other writer of these columns is the subscriber's own form.</summary>
    public void SetLine(LineFacts facts)
    {
        CircuitId = facts.CircuitId;
        RemoteId = facts.RemoteId;
        Option82Policy = facts.Option82Policy;
        VlanId = (short?)facts.ServiceVlan;
        InnerVlan = (short?)facts.InnerVlan;
        FramedIpv4Address = facts.StaticIpv4;
        FramedIpv4Netmask = facts.StaticIpv4 is null ? null : facts.Ipv4Netmask;
        FramedIpv6Address = facts.StaticIpv6;
        FramedIpv6Prefix = facts.Ipv6Prefix;
        DelegatedIpv6Prefix = facts.DelegatedIpv6Prefix;
        Ipv6Mode = facts.Ipv6Mode;
        FramedIpv4Pool = facts.NasIpv4Pool;
        FramedIpv6Pool = facts.NasIpv6Pool;
        DelegatedIpv6Pool = facts.NasPdPool;
    }

    /// <summary>Marks the row as changed: the version that If-Match compares, and the time.</summary>
    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }
}
