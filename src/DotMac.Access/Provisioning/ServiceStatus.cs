namespace DotMac.Access.Provisioning;

/// <summary>How a service stands. Stored as its number: numbers are only ever added; 3 and 11 stand in an index of the database.</summary>
internal enum ServiceStatus : short
{
    /// <summary>Ordered; no run has begun with it.</summary>
    Pending = 0,
    Provisioning = 1,
    Active = 2,

    /// <summary>Its run failed, and everything it had done was undone.</summary>
    ProvisioningFailed = 3,
    Suspended = 4,
    SuspendedNonPayment = 5,
    SuspendedFraud = 6,

    /// <summary>In service, but an optional step failed and waits to be repaired.</summary>
    Degraded = 7,
    Maintenance = 8,
    Terminating = 9,

    /// <summary>An operation failed half-way and could not be undone: an operator must look.</summary>
    Failed = 10,
    Terminated = 11,
}

/// <summary>What may become of a service. Pure.</summary>
internal static class ServiceLife
{
    public static bool MayBecome(this ServiceStatus from, ServiceStatus to) =>
        from == to
        || (from, to) switch
        {
            (ServiceStatus.Terminated, _) => false,
            (_, ServiceStatus.Failed) => true,
            (ServiceStatus.Pending, ServiceStatus.Provisioning or ServiceStatus.ProvisioningFailed) => true,
            // Terminating: a run that was given up half-way is cleared away.
            (
                ServiceStatus.Provisioning,
                ServiceStatus.Active
                    or ServiceStatus.Degraded
                    or ServiceStatus.ProvisioningFailed
                    or ServiceStatus.Terminating
            ) => true,
            (ServiceStatus.ProvisioningFailed, ServiceStatus.Provisioning) => true,
            (ServiceStatus.Terminating, ServiceStatus.Terminated) => true,
            // A failed one is brought back by a repeated run, or by an operator who ends it.
            (ServiceStatus.Failed, ServiceStatus.Pending) => false,
            (ServiceStatus.Failed, _) => true,
            // Deprovisioning that was undone.
            (ServiceStatus.Terminating, _) => to.IsInService(),
            _ => from.IsInService() && (to.IsInService() || to is ServiceStatus.Terminating or ServiceStatus.Provisioning),
        };

    /// <summary>Provisioned and not ended: served, or held back for a while.</summary>
    public static bool IsInService(this ServiceStatus status) =>
        status
            is ServiceStatus.Active
                or ServiceStatus.Degraded
                or ServiceStatus.Suspended
                or ServiceStatus.SuspendedNonPayment
                or ServiceStatus.SuspendedFraud
                or ServiceStatus.Maintenance;
}

/// <summary>What can happen to a service. Stored as its number: numbers are only ever added, and those that are left out stay so.</summary>
internal enum ServiceEventType : short
{
    ProvisionRequested = 0,
    ProvisionStarted = 1,
    ProvisionCompleted = 2,
    ProvisionFailed = 3,
    ModificationRequested = 4,
    ModificationCompleted = 5,
    ModificationFailed = 6,
    SuspensionCompleted = 8,
    SuspensionFailed = 9,
    ResumptionCompleted = 11,
    ResumptionFailed = 12,
    TerminationRequested = 13,
    TerminationStarted = 14,
    TerminationCompleted = 15,
    TerminationFailed = 16,
    StatusChanged = 17,

    /// <summary>A static address was taken as it is: the address plan was told, not asked.</summary>
    StaticAddressBypassed = 22,

    /// <summary>The customer is to be told; no channel to him exists yet.</summary>
    NotificationDue = 23,
}
