using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>What the steps of a change of plan read and write; a new shape is a new version of the definition.</summary>
internal sealed record PlanChange
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
    public DateTimeOffset? SessionsAskedAt { get; set; }
    public int Sessions { get; set; }
}

/// <summary>New rates: for the next sign-on, for the ONU, for what is online, and for billing; back to the old ones when one of them fails.</summary>
internal static class PlanSaga
{
    public const string Name = "change_plan";

    public static readonly SagaDefinition Definition = SagaDefinition.Of<PlanChange>(
        Name,
        1,
        SagaStep.Of<VerifyPlan>("verify_plan", "subscribers"),
        SagaStep.Of<SwitchPlan>("switch_rates", "aaa"),
        SagaStep.Of<RerateOnu>("rerate_onu", "pon") with
        {
            Retries = 5,
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
        }
    );
}
