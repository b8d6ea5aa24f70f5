using DotMac.Access.Provisioning.Services;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>
/// What the steps of a deprovision run read and write. <see cref="Before"/> is what there was: a run that fails before addresses are
/// given back restores it.
/// </summary>
internal sealed record DeprovisionState : IToldOf
{
    public required Guid SubscriberId { get; init; }

    /// <summary>Null of a subscriber that was never provisioned, and holds something all the same.</summary>
    public required Guid? ServiceId { get; init; }
    public required string Username { get; init; }
    public required string Number { get; init; }
    public string? Reason { get; init; }

    /// <summary>Whether an ONU goes with it; null when nobody asked the OLT.</summary>
    public bool? HasOnu { get; init; }

    public ServedBefore? Before { get; set; }

    /// <summary>What the address plan said that it holds.</summary>
    public Holdings? Held { get; set; }
    public bool HasBegun { get; set; }

    public ServiceEventType Failure() => ServiceEventType.TerminationFailed;

    public string InWords() => "the end of the service";
}

/// <summary>A subscriber's service as it was before it was taken away.</summary>
internal sealed record ServedBefore
{
    public SubscriberStatus Status { get; init; }
    public bool Enabled { get; init; }
    public ServiceStatus ServiceStatus { get; init; }
    public Guid? PlanId { get; init; }
    public int DownKbps { get; init; }
    public int UpKbps { get; init; }

    /// <summary>Null when the subscriber had no network profile.</summary>
    public LineFacts? Facts { get; init; }
    public AddressState Ipv4State { get; init; }
    public AddressState Ipv6State { get; init; }
    public string? FilterId { get; init; }
    public string? WalledGardenFilterId { get; init; }
    public string? MacAddress { get; init; }
    public IReadOnlyList<string> FramedRoutes { get; init; } = [];
    public string? OnuSerial { get; init; }
    public string? CpeMacAddress { get; init; }
}
