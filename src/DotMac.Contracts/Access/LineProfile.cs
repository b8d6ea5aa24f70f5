using System.Net;
using DotMac.Contracts.External;

namespace DotMac.Contracts.Access;

/// <summary>What a subscriber's line is wanted to be: the desired side of its network profile.</summary>
public sealed record LineFacts
{
    /// <summary>Option 82, as the access node says it.</summary>
    public string? CircuitId { get; init; }
    public string? RemoteId { get; init; }
    public Option82Policy Option82Policy { get; init; } = Option82Policy.Log;

    /// <summary>Outer VLAN, 1–4094.</summary>
    public int? ServiceVlan { get; init; }

    /// <summary>Customer VLAN, 1–4094; used only when <see cref="QinqEnabled"/>.</summary>
    public int? InnerVlan { get; init; }
    public bool QinqEnabled { get; init; }

    public IPAddress? StaticIpv4 { get; init; }
    public IPAddress? Ipv4Netmask { get; init; }
    public IPAddress? StaticIpv6 { get; init; }

    /// <summary>Prefix of the link (SLAAC).</summary>
    public IPNetwork? Ipv6Prefix { get; init; }
    public IPNetwork? DelegatedIpv6Prefix { get; init; }

    /// <summary>Length of the delegated prefix that is to be allocated, 48–64.</summary>
    public int Ipv6PdSize { get; init; } = 56;

    /// <summary>Null follows from the prefixes, addresses and pools that the line has.</summary>
    public Ipv6Mode? Ipv6Mode { get; init; }

    /// <summary>Pools of the address plan that allocations are taken from, by name; null leaves the choice to the plan.</summary>
    public string? VlanPool { get; init; }
    public string? Ipv4Pool { get; init; }
    public string? Ipv6Pool { get; init; }
    public string? PdPool { get; init; }

    /// <summary>Pools on the NAS, which hands out addresses by itself (Framed-Pool and its kin), by name.</summary>
    public string? NasIpv4Pool { get; init; }
    public string? NasIpv6Pool { get; init; }
    public string? NasPdPool { get; init; }

    /// <summary>Where the line ends; says which defaults and which pools fit.</summary>
    public Guid? SiteId { get; init; }
}

/// <summary>What is known when a line is made. What is null comes from the defaults of plan and site.</summary>
/// <param name="BandwidthProfileId">The plan whose defaults apply.</param>
/// <param name="SiteId">The site whose defaults apply; kept with the line.</param>
public sealed record LineOrder(Guid? BandwidthProfileId = null, Guid? SiteId = null)
{
    public string? CircuitId { get; init; }
    public string? RemoteId { get; init; }
    public Option82Policy? Option82Policy { get; init; }
    public int? ServiceVlan { get; init; }
    public int? InnerVlan { get; init; }
    public bool? QinqEnabled { get; init; }
    public IPAddress? StaticIpv4 { get; init; }
    public IPAddress? StaticIpv6 { get; init; }
    public IPNetwork? Ipv6Prefix { get; init; }
    public IPNetwork? DelegatedIpv6Prefix { get; init; }
    public int? Ipv6PdSize { get; init; }
    public Ipv6Mode? Ipv6Mode { get; init; }
    public string? VlanPool { get; init; }
    public string? Ipv4Pool { get; init; }
    public string? Ipv6Pool { get; init; }
    public string? PdPool { get; init; }

    /// <summary>On the NAS: it takes the place of what would be allocated; so for the two after it.</summary>
    public string? NasIpv4Pool { get; init; }
    public string? NasIpv6Pool { get; init; }
    public string? NasPdPool { get; init; }
}

/// <summary>What the plan and site of a line give it when nobody says otherwise; each value from the most specific defaults that have one.</summary>
public sealed record LineDefaults(
    string? VlanPool,
    string? Ipv4Pool,
    string? Ipv6Pool,
    string? PdPool,
    Ipv6Mode? Ipv6Mode,
    Option82Policy Option82Policy,
    bool QinqEnabled,
    int Ipv6PdSize
);

/// <summary>A subscriber's network profile: what is wanted, and where its addresses are in their life.</summary>
public sealed record LineProfile(Guid SubscriberId, LineFacts Facts, AddressState Ipv4State, AddressState Ipv6State, int Version);

/// <summary>Which of a line's two addresses is moved.</summary>
public enum AddressFamilyKind
{
    Ipv4 = 4,
    Ipv6 = 6,
}

/// <summary>Where a line's pair of VLANs (Q-in-Q) comes from: which other lines must not have it.</summary>
public enum PairOrigin
{
    /// <summary>The address plan chose it: none that the plan knows nothing of.</summary>
    Chosen,

    /// <summary>A person named it, or it comes along to another site: none that stands there.</summary>
    Told,

    /// <summary>The line had it and gets it back: what turns back is not refused.</summary>
    Restored,
}

/// <summary>Why a line cannot be as asked.</summary>
/// <param name="Code">Stable: <c>line.invalid</c>, <c>subscriber.not_found</c>, <c>network_profile.not_found</c>, <c>network_profile.address_taken</c>, <c>network_profile.vlan_taken</c>, <c>address.transition_refused</c> …</param>
/// <param name="Faults">Field and message, when values are wrong: all of them at once.</param>
public sealed record LineFault(string Code, string Message, IReadOnlyList<KeyValuePair<string, string>>? Faults = null);

/// <summary>What a line is told to have and another has.</summary>
/// <param name="Field">As a network profile calls it.</param>
/// <param name="Code"><c>network_profile.address_taken</c> or <c>network_profile.vlan_taken</c>.</param>
public sealed record LineConflict(string Field, string Code, string Message);

/// <summary>A value, or why there is none.</summary>
public sealed record LineAnswer(LineProfile? Profile, LineFault? Fault)
{
    public static implicit operator LineAnswer(LineProfile profile) => new(profile, null);

    public static implicit operator LineAnswer(LineFault fault) => new(null, fault);
}

/// <summary>
/// Network profiles as workflows see them: every call works inside the caller's unit of work, is audited with it and undone with it.
/// Change the subscriber's line through this and through nothing else: RADIUS follows within a second of the commit.
/// </summary>
public interface ILineProfiles
{
    /// <summary>Null when the subscriber has no profile.</summary>
    Task<LineProfile?> FindAsync(Guid subscriberId, CancellationToken ct);

    /// <summary>What would hold for a line of that plan at that site. Changes nothing.</summary>
    Task<LineDefaults> DefaultsAsync(Guid? bandwidthProfileId, Guid? siteId, CancellationToken ct);

    /// <summary>
    /// What others have of what a line is to be told: other lines, and those that the address plan keeps something for; all of it at once. Who tells
    /// the same at the same time waits until the caller's transaction has ended.
    /// </summary>
    /// <param name="subscriberId">One that is not there yet is a line without anything.</param>
    Task<IReadOnlyList<LineConflict>> ConflictsAsync(Guid subscriberId, Func<LineFacts, LineFacts> told, CancellationToken ct);

    /// <summary>Makes the profile, defaults filled in. One that is there already is set to the same: asked twice it acts once.</summary>
    Task<LineAnswer> CreateAsync(Guid subscriberId, LineOrder order, CancellationToken ct);

    /// <summary>Changes what <paramref name="change"/> changes: <c>facts => facts with { ServiceVlan = 101 }</c>. Sends no CoA.</summary>
    Task<LineAnswer> ChangeAsync(
        Guid subscriberId,
        Func<LineFacts, LineFacts> change,
        CancellationToken ct,
        PairOrigin pair = PairOrigin.Chosen
    );

    /// <summary>
    /// Moves addresses through their life (<see cref="AddressLife"/>), one move after the other; being there already is no fault, and one
    /// that is refused leaves all as they were. <c>revoked</c> takes the addresses of that family out of the profile. A suspended address is not sent to the NAS, unless the whole line is suspended into a walled garden.
    /// </summary>
    Task<LineAnswer> MoveAsync(
        Guid subscriberId,
        IReadOnlyCollection<(AddressFamilyKind Family, AddressState To)> moves,
        CancellationToken ct
    );

    /// <summary>Takes the profile away, and its facts from the line; the audit trail keeps the last ones. False when there was none.</summary>
    Task<bool> DeleteAsync(Guid subscriberId, CancellationToken ct);
}
