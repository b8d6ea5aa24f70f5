using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>
/// What the steps of a deprovision run read and write. <see cref="Before"/> is what there was: a run that fails before addresses are
/// given back restores it.
/// </summary>
internal sealed record DeprovisionState
{
    public required Guid SubscriberId { get; init; }
    public required Guid ServiceId { get; init; }
    public required string Username { get; init; }
    public required string Number { get; init; }
    public string? Reason { get; init; }

    public ServedBefore? Before { get; set; }

    /// <summary>What the address plan said that it holds.</summary>
    public Holdings? Held { get; set; }

    /// <summary>Step → done, skipped or not_configured. An optional step that failed is missing.</summary>
    public Dictionary<string, string> Steps { get; init; } = [];

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
    public string? VolthaOnuId { get; init; }
    public string? CpeMacAddress { get; init; }
    public string? GenieacsDeviceId { get; init; }
    public string? MonitoringId { get; init; }
    public string? NetboxIpId { get; init; }
}
