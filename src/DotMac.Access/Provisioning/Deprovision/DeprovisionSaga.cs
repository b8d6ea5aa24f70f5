using DotMac.Access.Provisioning.Services;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>
/// From a subscriber in service to nothing left behind. Up to the ONU a failure undoes the run; from the release of the addresses on it
/// goes forward, because what was given back may be somebody else's by then (docs/provisioning.md).
/// </summary>
internal static class DeprovisionSaga
{
    public const string Name = "deprovision";

    private const int Forward = 40;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(60);

    private static readonly SagaStep[] Steps =
    [
        SagaStep.Of<CloseLogin>("disconnect_sessions", "aaa"),
        SagaStep.Of<DeleteAaaAccount>("delete_aaa_account", "aaa") with
        {
            Retries = DeleteAaaAccount.Patience + 3,
            Backoff = TimeSpan.FromMilliseconds(500),
        },
        SagaStep.Of<DeleteOnu>("delete_onu", "pon") with
        {
            Retries = 10,
            Timeout = Slow,
        },
        SagaStep.Of<ReleaseCpe>("release_cpe", "acs") with
        {
            IsRequired = false,
            Timeout = Slow,
        },
        SagaStep.Of<RemoveFromMonitoring>("remove_from_monitoring", "monitoring") with
        {
            IsRequired = false,
        },
        SagaStep.Of<ReadHeld>("read_holdings", "ipam"),
        SagaStep.Of<ReleaseAddresses>("release_addresses", "ipam") with
        {
            Retries = Forward,
        },
        SagaStep.Of<StopBilling>("stop_billing", "billing") with
        {
            Retries = Forward,
        },
        SagaStep.Of<DeleteNetworkProfile>("delete_network_profile", "profile") with
        {
            Retries = Forward,
        },
        SagaStep.Of<MarkTerminated>("mark_terminated", "subscribers") with
        {
            Retries = Forward,
        },
    ];

    /// <summary>Runs that were begun before holdings were read in a step of their own.</summary>
    public static readonly SagaDefinition First = SagaDefinition.Of<DeprovisionState>(
        Name,
        1,
        [.. Steps.Where(s => s.Action != typeof(ReadHeld))]
    );

    /// <summary>Runs that were begun when a first step that failed was not told.</summary>
    public static readonly SagaDefinition Second = SagaDefinition.Of<DeprovisionState>(Name, 2, Steps);

    public static readonly SagaDefinition Definition = SagaDefinition.Of<DeprovisionState>(
        Name,
        3,
        [TellFailure<DeprovisionState>.Step, .. Steps]
    );
}
