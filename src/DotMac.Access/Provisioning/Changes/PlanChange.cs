using DotMac.Access.Provisioning.Services;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>What the steps of a change of plan read and write; a new shape is a new version of the definition.</summary>
internal sealed record PlanChange : IToldOf
{
    public required Guid SubscriberId { get; init; }
    public required string Number { get; init; }
    public required Guid PlanId { get; init; }

    /// <summary>What it had, to go back to.</summary>
    public Guid? OldPlanId { get; set; }
    public ProvisionedPlan? Plan { get; set; }
    public ProvisionedPlan? OldPlan { get; set; }
    public Guid? ServiceId { get; set; }
    public string? OnuSerial { get; set; }

    /// <summary>The line's change of VLAN, when the lines of the new plan are on another pool; null: it keeps its VLAN.</summary>
    public NetworkChange? Network { get; set; }
    public DateTimeOffset? SessionsAskedAt { get; set; }
    public int Sessions { get; set; }
    public bool HasBegun { get; set; }

    public ServiceEventType Failure() => ServiceEventType.ModificationFailed;

    public string InWords() => Plan is null ? "another plan" : $"plan {Plan.Name}";

    /// <summary>
    /// What the ONU goes back to: without a plan before there are no rates to go back to; with another VLAN it must go back all the same, and
    /// keeps the rates.
    /// </summary>
    public ProvisionedPlan? RatesBack() => OldPlan ?? (Network is null ? null : Plan);
}

/// <summary>New rates, and the VLAN where the new plan's lines are on another pool: for the next sign-on, for the ONU, for what is online, and for billing; back to the old ones when one of them fails.</summary>
internal static class PlanSaga
{
    public const string Name = "change_plan";

    private static readonly SagaStep[] Steps =
    [
        SagaStep.Of<VerifyPlan>("verify_plan", "subscribers"),
        SagaStep.Of<OfNetwork<ReadHoldings>>("read_holdings", "ipam"),
        SagaStep.Of<OfNetwork<TakeVlan>>("reserve_new_vlan", "ipam"),
        SagaStep.Of<OfNetwork<SwitchLine>>("switch_line", "profile"),
        SagaStep.Of<SwitchPlan>("switch_rates", "aaa"),
        SagaStep.Of<RerateOnu>("rerate_onu", "pon") with
        {
            Retries = 5,
            Timeout = TimeSpan.FromSeconds(60),
        },
        SagaStep.Of<OfNetwork<SetUpCpe>>("configure_cpe", "acs") with
        {
            IsRequired = false,
            Timeout = TimeSpan.FromSeconds(60),
        },
        SagaStep.Of<BookPlan>("book_plan", "billing"),
        SagaStep.Of<FinishPlan>("mark_changed", "subscribers"),
        SagaStep.Of<RerateSessions>("rerate_sessions", "nas") with
        {
            IsRequired = false,
        },
        SagaStep.Of<AwaitRates>("await_sessions", "nas") with
        {
            IsRequired = false,
            Retries = 5,
            Backoff = TimeSpan.FromSeconds(0.5),
        },
        SagaStep.Of<OfNetwork<GiveBackOld>>("release_old", "ipam") with
        {
            IsRequired = false,
            Retries = 8,
        },
    ];

    /// <summary>Runs that were begun when a plan did not bring a VLAN.</summary>
    public static readonly SagaDefinition First = SagaDefinition.Of<PlanChange>(Name, 1, [.. Steps.Where(s => !s.Action.IsGenericType)]);

    /// <summary>Runs that were begun when a first step that failed was not told.</summary>
    public static readonly SagaDefinition Second = SagaDefinition.Of<PlanChange>(Name, 2, Steps);

    public static readonly SagaDefinition Definition = SagaDefinition.Of<PlanChange>(Name, 3, [TellFailure<PlanChange>.Step, .. Steps]);
}
