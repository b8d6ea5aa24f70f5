using DotMac.Access.Provisioning.Services;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>
/// A suspension and its inverse. The AAA plane follows the reasons with their commit, before the run begins; nothing that
/// fails afterwards gives a suspended line its service back, so all that the runs do is optional: what fails waits as a repair task.
/// </summary>
internal static class AccessSagas
{
    public const string Suspend = "suspend";
    public const string Resume = "resume";

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(60);
    private static readonly SagaStep Note = TellFailure<AccessChange>.Step;

    private static readonly SagaStep[] SuspendSteps =
    [
        SagaStep.Of<ConfirmDecision>("confirm_reasons", "aaa") with
        {
            RepeatsWithRepair = true,
        },
        SagaStep.Of<AskSessions>("close_sessions", "nas") with
        {
            IsRequired = false,
        },
        SagaStep.Of<AwaitSessions>("await_sessions", "nas") with
        {
            IsRequired = false,
            Retries = 5,
            Backoff = TimeSpan.FromSeconds(0.5),
        },
        SagaStep.Of<SwitchOnu>("onu_down", "pon") with
        {
            IsRequired = false,
            Timeout = Slow,
        },
        SagaStep.Of<MoveProfile>("suspend_addresses", "profile") with
        {
            IsRequired = false,
        },
        SagaStep.Of<MoveHoldings>("suspend_holdings", "ipam") with
        {
            IsRequired = false,
        },
        SagaStep.Of<SwitchBilling>("pause_billing", "billing") with
        {
            IsRequired = false,
        },
        SagaStep.Of<FinishAccess>("mark_suspended", "subscribers") with
        {
            RepeatsWithRepair = true,
        },
    ];

    private static readonly SagaStep[] ResumeSteps =
    [
        SagaStep.Of<ConfirmDecision>("confirm_no_reason", "aaa") with
        {
            RepeatsWithRepair = true,
        },
        SagaStep.Of<SwitchOnu>("onu_up", "pon") with
        {
            IsRequired = false,
            Timeout = Slow,
        },
        SagaStep.Of<MoveProfile>("activate_addresses", "profile") with
        {
            IsRequired = false,
        },
        SagaStep.Of<MoveHoldings>("activate_holdings", "ipam") with
        {
            IsRequired = false,
        },
        SagaStep.Of<SwitchBilling>("continue_billing", "billing") with
        {
            IsRequired = false,
        },
        SagaStep.Of<AskSessions>("leave_garden", "nas") with
        {
            IsRequired = false,
        },
        SagaStep.Of<AwaitSessions>("await_sessions", "nas") with
        {
            IsRequired = false,
            Retries = 5,
            Backoff = TimeSpan.FromSeconds(0.5),
        },
        SagaStep.Of<ProveLogin>("prove_login", "aaa") with
        {
            IsRequired = false,
        },
        SagaStep.Of<FinishAccess>("mark_resumed", "subscribers") with
        {
            RepeatsWithRepair = true,
        },
    ];

    /// <summary>Runs that were begun when a first step that failed was not told.</summary>
    public static readonly SagaDefinition FirstSuspension = SagaDefinition.Of<AccessChange>(Suspend, 1, SuspendSteps);

    public static readonly SagaDefinition FirstResumption = SagaDefinition.Of<AccessChange>(Resume, 1, ResumeSteps);

    public static readonly SagaDefinition Suspension = SagaDefinition.Of<AccessChange>(Suspend, 2, [Note, .. SuspendSteps]);

    public static readonly SagaDefinition Resumption = SagaDefinition.Of<AccessChange>(Resume, 2, [Note, .. ResumeSteps]);
}
