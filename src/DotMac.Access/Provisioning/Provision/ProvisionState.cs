using DotMac.Access.NetworkProfiles;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>
/// What the steps of a provision run read and write: first what was ordered, then what was learned. It is kept as JSON and shown to people:
/// secrets stand in it sealed. A new shape is a new version of the definition.
/// </summary>
internal sealed record ProvisionState
{
    public required Guid SubscriberId { get; init; }
    public required Guid ServiceId { get; init; }
    public required Guid PlanId { get; init; }
    public Guid? CustomerId { get; init; }
    public Guid? UserId { get; init; }
    public required string Username { get; init; }

    /// <summary>Sealed (SecretPurpose.SubscriberPassword).</summary>
    public required byte[] Password { get; init; }
    public string? SubscriberNumber { get; init; }
    public string? FullName { get; init; }
    public ServiceType ServiceType { get; init; }
    public string? ServiceAddress { get; init; }
    public double? ServiceLatitude { get; init; }
    public double? ServiceLongitude { get; init; }
    public string? Notes { get; init; }
    public int SimultaneousUse { get; init; } = 1;
    public int? SessionTimeout { get; init; }
    public int? IdleTimeout { get; init; }
    public int? AcctInterimInterval { get; init; }
    public string? FilterId { get; init; }
    public required LineOrder Line { get; init; }

    /// <summary>What is kept for the line in the address plan, and is used up by it.</summary>
    public ReservationFields? Reservations { get; init; }
    public string? OnuSerial { get; init; }
    public string? CpeMacAddress { get; init; }
    public string? WifiSsid { get; init; }

    /// <summary>Sealed (SecretPurpose.WifiPassphrase).</summary>
    public byte[]? WifiPassphrase { get; init; }

    /// <summary>Given by <see cref="CreatePendingSubscriber"/>; the label of everything that is held.</summary>
    public string? Number { get; set; }
    public ProvisionedPlan? Plan { get; set; }

    /// <summary>The line with its defaults, then with what was allocated for it.</summary>
    public LineFacts? Facts { get; set; }
    public HeldAddress? Ipv4 { get; set; }
    public HeldAddress? Ipv6 { get; set; }
    public HeldAddress? DelegatedPrefix { get; set; }
    public bool StaticIpBypass { get; set; }
    public IReadOnlyList<AddressKind> Bypassed { get; set; } = [];
    public HeldVlan? Vlan { get; set; }
    public ProvisionedOnu? Onu { get; set; }
    public string? CpeDeviceId { get; set; }
    public string? MonitoringId { get; set; }

    /// <summary>Step → done, skipped or not_configured. An optional step that failed is missing.</summary>
    public Dictionary<string, string> Steps { get; init; } = [];

    /// <summary>Notes what came of a step, and answers it.</summary>
    public StepResult Note(StepContext step, StepResult result)
    {
        if (result is not StepResult.Failed)
        {
            Steps[step.Step] = result switch
            {
                StepResult.Skipped => "skipped",
                StepResult.NotConfigured => "not_configured",
                _ => "done",
            };
        }

        return result;
    }

    /// <summary>The line's facts with what the address plan gave for it.</summary>
    public LineFacts FactsWithHoldings()
    {
        var facts = new[] { Ipv4, Ipv6, DelegatedPrefix }.OfType<HeldAddress>().Aggregate(Facts!, (line, held) => line.With(held));
        return Vlan is { } vlan ? facts.With(vlan) : facts;
    }

    public Provisioned ToMetadata(Guid runId, DateTimeOffset at) =>
        new()
        {
            RunId = runId,
            At = at,
            Plan = Plan,
            Profile = Facts,
            Ipv4 = Ipv4,
            Ipv6 = Ipv6,
            DelegatedPrefix = DelegatedPrefix,
            Vlan = Vlan,
            Onu = Onu,
            CpeMacAddress = CpeMacAddress,
            CpeDeviceId = CpeDeviceId,
            MonitoringId = MonitoringId,
            StaticIpBypass = StaticIpBypass,
            Bypassed = Bypassed,
            Steps = Steps,
        };
}
