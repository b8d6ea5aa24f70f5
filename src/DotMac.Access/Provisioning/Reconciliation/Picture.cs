using DotMac.Contracts.Access;
using DotMac.Contracts.External;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>A subscriber's line as it is wanted.</summary>
internal sealed class WantedLine
{
    public Guid Id { get; init; }
    public required string Number { get; init; }
    public required string Username { get; init; }
    public SubscriberStatus Status { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public bool HasProfile { get; init; }
    public string? OnuSerial { get; init; }
    public short? ServiceVlan { get; init; }
    public short? InnerVlan { get; init; }
    public Guid? SiteId { get; init; }

    /// <summary>That its ONU is to put on: none where Q-in-Q is off for the line or its tenant.</summary>
    public short? InnerInForce { get; init; }

    /// <summary>Addresses and prefixes with their lengths, as the database writes them.</summary>
    public string? Ipv4 { get; init; }
    public string? Ipv6 { get; init; }
    public string? DelegatedPrefix { get; init; }

    /// <summary>Of the link an address and a prefix may stand together; <see cref="Ipv6"/> is the one for which the plan is asked.</summary>
    public string? LinkAddress { get; init; }
    public string? LinkPrefix { get; init; }
    public int? DownKbps { get; init; }
    public int? UpKbps { get; init; }
    public Guid? ServiceId { get; init; }

    /// <summary>Its service is in service, as the service's own record says.</summary>
    public bool IsServed { get; init; }

    public string? Of(AddressKind kind) =>
        kind switch
        {
            AddressKind.Ipv4 => Ipv4,
            AddressKind.Ipv6 => Ipv6,
            _ => DelegatedPrefix,
        };
}

/// <summary>A session as accounting last told it.</summary>
internal sealed class SeenSession
{
    public required string AcctUniqueId { get; init; }
    public Guid? SubscriberId { get; init; }
    public string? Username { get; init; }
    public string? Ipv4 { get; init; }
    public string? DelegatedPrefix { get; init; }
    public DateTimeOffset SeenAt { get; init; }
}

/// <summary>A service that is in service, and whose subscriber is not there any more.</summary>
internal sealed class StrayInstance
{
    public Guid Id { get; init; }
    public Guid SubscriberId { get; init; }
    public required string ServiceIdentifier { get; init; }
}

/// <summary>Wanted, applied and seen, at one time.</summary>
/// <param name="Lines">Living ones: not removed, not terminated.</param>
/// <param name="Holdings">Null when the address plan did not answer, or there is none.</param>
/// <param name="Onus">Those that carry somebody's service, and those that lines name. Null when the controller did not answer, or there is none.</param>
/// <param name="LoginDrift">Subscribers of whom FreeRADIUS's tables differ.</param>
/// <param name="Changing">Holders of changes of network that are not over → whose line it is: what they hold is that line's to be.</param>
/// <param name="Busy">Something is working on them at this moment: nothing is said about them.</param>
internal sealed record Picture(
    IReadOnlyDictionary<Guid, WantedLine> Lines,
    IReadOnlyList<Holdings>? Holdings,
    IReadOnlyDictionary<string, OnuState>? Onus,
    IReadOnlyList<SeenSession> Sessions,
    IReadOnlyList<LoginDrift> LoginDrift,
    IReadOnlyList<StrayInstance> StrayInstances,
    IReadOnlyDictionary<Guid, Guid> Changing,
    IReadOnlySet<Guid> Busy
)
{
    /// <summary>Who really has what an owner holds.</summary>
    public Guid Behind(Guid owner) => Changing.GetValueOrDefault(owner, owner);

    public int Size => Lines.Count + (Holdings?.Count ?? 0) + (Onus?.Count ?? 0) + Sessions.Count;
}
