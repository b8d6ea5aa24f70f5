using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>From an order to a subscriber that is online, step by step; undone in reverse.</summary>
internal static class ProvisionSaga
{
    public const string Name = "provision";

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(60);

    private static readonly SagaStep[] Steps =
    [
        SagaStep.Of<VerifyCustomerAndPlan>("verify_customer_and_plan", "crm") with
        {
            // The service is told of its failure, also when nothing of it was begun.
            IsAlwaysUndone = true,
        },
        SagaStep.Of<CreatePendingSubscriber>("create_subscriber", "subscribers"),
        SagaStep.Of<CreateNetworkProfile>("create_network_profile", "profile"),
        SagaStep.Of<AllocateAddresses>("allocate_addresses", "ipam"),
        SagaStep.Of<ReserveVlan>("reserve_vlan", "ipam"),
        SagaStep.Of<CreateAaaAccount>("create_aaa_account", "aaa"),
        SagaStep.Of<ActivateOnu>("activate_onu", "pon") with
        {
            Retries = 5,
            Timeout = Slow,
        },
        SagaStep.Of<ConfigureCpe>("configure_cpe", "acs") with
        {
            IsRequired = false,
            Timeout = Slow,
        },
        SagaStep.Of<StartBilling>("start_billing", "billing"),
        SagaStep.Of<AddToMonitoring>("add_to_monitoring", "monitoring") with
        {
            IsRequired = false,
        },
        SagaStep.Of<MarkActive>("mark_active", "subscribers"),
    ];

    /// <summary>Orders that could not name a reservation or a pool on the NAS.</summary>
    public static readonly SagaDefinition First = SagaDefinition.Of<ProvisionState>(Name, 1, Steps);

    public static readonly SagaDefinition Definition = SagaDefinition.Of<ProvisionState>(Name, 2, Steps);

    /// <summary>What may fail and leave the service in force, degraded.</summary>
    public static readonly IReadOnlyList<string> Optional = [.. Definition.Steps.Where(s => !s.IsRequired).Select(s => s.Name)];
}
