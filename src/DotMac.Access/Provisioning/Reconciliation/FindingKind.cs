using DotMac.Contracts.External;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>What can be found. Stored as its number: numbers are only ever added.</summary>
public enum FindingKind : short
{
    /// <summary>The address plan holds an address for nobody that lives.</summary>
    LeakedAddress = 0,

    /// <summary>The address plan holds a VLAN for nobody that lives.</summary>
    LeakedVlan = 1,

    /// <summary>A served line has an address of which the plan does not know: somebody else may get it.</summary>
    AddressNotInPlan = 2,

    /// <summary>The plan holds another address for the line than the line has.</summary>
    AddressDiffers = 3,

    /// <summary>Two lines claim one address.</summary>
    AddressHeldTwice = 4,

    /// <summary>The service is in service, and RADIUS has no account for it.</summary>
    AaaAccountMissing = 5,

    /// <summary>FreeRADIUS's tables say something else of a login than the line does.</summary>
    FreeRadiusDrift = 6,

    /// <summary>The plan holds another VLAN for the line than the line has.</summary>
    WrongVlan = 7,

    /// <summary>The controller serves an ONU for nobody that lives.</summary>
    OnuWithoutOwner = 8,

    /// <summary>A served line names an ONU that does not carry its service.</summary>
    OwnerWithoutOnu = 9,

    /// <summary>The ONU carries the service with other tags or rates, or is off while the line is on.</summary>
    OnuDiffers = 10,

    /// <summary>A session uses an address that is not its line's.</summary>
    SessionForeignAddress = 11,

    /// <summary>A session runs of a subscriber who may not be online.</summary>
    SessionWithoutRight = 12,

    /// <summary>A service is in service (and charged for), and its subscriber is gone.</summary>
    ServiceWithoutSubscriber = 13,

    /// <summary>A served line has a VLAN of which the plan does not know: somebody else may get it.</summary>
    VlanNotInPlan = 14,

    /// <summary>Two lines have one pair of VLANs (Q-in-Q) and may stand at one site: each is sent what is meant for the other.</summary>
    VlanPairShared = 15,

    /// <summary>Two lines have one IPv6 address or prefix, or one a part of the other's.</summary>
    AddressShared = 16,
}

/// <summary>Where a person does what is advised.</summary>
public enum FindingForm
{
    /// <summary>A change of the line's network: one run.</summary>
    ChangeNetwork,

    /// <summary>The subscriber's own settings.</summary>
    Settings,
}

/// <summary>One difference between what is wanted, applied and seen.</summary>
/// <param name="Key">What it is about, beside kind and subject: an address, a serial number, a session.</param>
/// <param name="Fix">What the repair would do, in words; null when nothing safe can be done from here.</param>
internal sealed record Found(
    FindingKind Kind,
    Guid? SubjectId,
    string SubjectLabel,
    string Key,
    string What,
    string? Desired,
    string? Applied,
    string? Observed,
    string? Fix,
    FindingFacts Facts
)
{
    public DateTimeOffset? ObservedAt { get; init; }

    public string Fingerprint => $"{Words.Of(Kind)}:{SubjectId:N}:{Key}";
}

/// <summary>What the repair needs to know; kept with the finding, and no secret.</summary>
internal sealed record FindingFacts
{
    public Guid? OtherId { get; init; }
    public AddressKind? AddressKind { get; init; }
    public string? Held { get; init; }
    public string? HoldKey { get; init; }
    public string? Wanted { get; init; }
    public int? ServiceVlan { get; init; }
    public int? InnerVlan { get; init; }

    /// <summary>Of the line: where its VLAN is one of many.</summary>
    public Guid? SiteId { get; init; }
    public string? Serial { get; init; }
    public int? DownKbps { get; init; }
    public int? UpKbps { get; init; }
    public Guid? ServiceId { get; init; }
    public string? SessionId { get; init; }

    /// <summary>What a person can do where no repair is safe.</summary>
    public string? Advice { get; init; }
    public FindingForm? Form { get; init; }
}
