using DotMac.Contracts.Access;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Results;

namespace DotMac.Access.Provisioning;

/// <summary>What is billed and what is configured for one subscriber, with what was provisioned as it was provisioned.</summary>
internal sealed class ServiceInstance
{
    public required Guid TenantId { get; init; }

    public required Guid Id { get; init; }

    public required Guid SubscriberId { get; init; }

    /// <summary>For people: the username.</summary>
    public required string ServiceIdentifier { get; set; }

    public required ServiceType ServiceType { get; init; }

    public Guid? CustomerId { get; init; }

    /// <summary>A bandwidth profile, until offers exist.</summary>
    public required Guid PlanId { get; set; }

    public ServiceStatus Status { get; private set; } = ServiceStatus.Pending;

    public string? StatusReason { get; private set; }

    /// <summary>The latest run that worked on it.</summary>
    [NotAudited]
    public Guid? RunId { get; set; }

    /// <summary>JSON: the profile and the addresses as they were provisioned; <c>{}</c> until there is something.</summary>
    [NotAudited]
    public string ServiceMetadata { get; set; } = "{}";

    public required DateTimeOffset OrderedAt { get; init; }

    public DateTimeOffset? ProvisioningStartedAt { get; private set; }

    public DateTimeOffset? ActivatedAt { get; private set; }

    public DateTimeOffset? SuspendedAt { get; private set; }

    public DateTimeOffset? TerminatedAt { get; private set; }

    [NotAudited]
    public DateTimeOffset UpdatedAt { get; private set; }

    public int Version { get; private set; } = 1;

    /// <summary>Moves it through its life; being there already changes nothing but the reason.</summary>
    public Error? Move(ServiceStatus to, DateTimeOffset now, string? reason = null)
    {
        if (!Status.MayBecome(to))
        {
            return ProvisioningErrors.ServiceTransitionRefused(Status, to);
        }

        switch (to)
        {
            case ServiceStatus.Provisioning:
                ProvisioningStartedAt ??= now;
                break;
            case ServiceStatus.Active or ServiceStatus.Degraded:
                ActivatedAt ??= now;
                SuspendedAt = null;
                break;
            case ServiceStatus.Suspended or ServiceStatus.SuspendedNonPayment or ServiceStatus.SuspendedFraud:
                SuspendedAt ??= now;
                break;
            case ServiceStatus.Terminated:
                TerminatedAt ??= now;
                break;
            case ServiceStatus.ProvisioningFailed:
                ActivatedAt = null;
                break;
        }

        (Status, StatusReason) = (to, reason);
        Touch(now);
        return null;
    }

    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }
}
