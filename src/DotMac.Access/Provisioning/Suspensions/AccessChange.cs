using DotMac.Access.Provisioning.Services;
using DotMac.Contracts.Access;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>What was decided for a line, for those who carry it out.</summary>
/// <param name="FilterId">Of the walled garden.</param>
/// <param name="Reasons">In force, as words.</param>
internal sealed record DecidedAccess(
    LineAccess Access,
    string? FilterId,
    IReadOnlyList<string> Reasons,
    bool TakesOnuDown,
    bool PausesBilling
)
{
    /// <summary>What the service is called meanwhile: by the gravest of its reasons.</summary>
    public ServiceStatus StatusOfService() =>
        Access == LineAccess.Open ? ServiceStatus.Active
        : Has(SuspensionReason.Fraud) ? ServiceStatus.SuspendedFraud
        : Has(SuspensionReason.NonPayment) || Has(SuspensionReason.Prepaid) ? ServiceStatus.SuspendedNonPayment
        : ServiceStatus.Suspended;

    private bool Has(SuspensionReason reason) => Reasons.Contains(Words.Of(reason), StringComparer.Ordinal);
}

/// <summary>What the steps of a suspension or a resumption read and write; a new shape is a new version of the definitions.</summary>
internal sealed record AccessChange : IToldOf
{
    public required Guid SubscriberId { get; init; }
    public required string Number { get; init; }
    public required DecidedAccess Wanted { get; set; }

    /// <summary>Another decision has been made since: a later run carries that out, this one does nothing more.</summary>
    public bool IsOvertaken { get; set; }
    public Guid? ServiceId { get; set; }
    public string? OnuSerial { get; set; }

    /// <summary>What the suspension before had done.</summary>
    public bool OnuWasDown { get; set; }
    public bool BillingWasPaused { get; set; }

    /// <summary>What this run has done.</summary>
    public bool TookOnuDown { get; set; }
    public bool PausedBilling { get; set; }
    public DateTimeOffset? SessionsAskedAt { get; set; }
    public int Sessions { get; set; }
    public string? Proof { get; set; }

    public bool HasBegun { get; set; }

    public ServiceEventType Failure() => IsResumption ? ServiceEventType.ResumptionFailed : ServiceEventType.SuspensionFailed;

    public string InWords() => IsResumption ? "the resumption" : $"the suspension ({string.Join(", ", Wanted.Reasons)})";

    public bool IsResumption => Wanted.Access == LineAccess.Open;
}
