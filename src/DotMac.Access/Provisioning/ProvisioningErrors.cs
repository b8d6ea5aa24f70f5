using DotMac.Kernel.Results;

namespace DotMac.Access.Provisioning;

internal static class ProvisioningErrors
{
    public static readonly Error ServiceNotFound = Error.NotFound("service.not_found", "There is no such service.");

    public static readonly Error ServiceChanged = Error.Changed("service.changed");

    public static readonly Error NoService = Error.Conflict(
        "service.none",
        "This subscriber has no provisioned service; remove it with DELETE, it holds nothing."
    );

    public static Error ServiceTransitionRefused(ServiceStatus from, ServiceStatus to) =>
        Error.Conflict("service.transition_refused", $"A service that is {Words.Of(from)} cannot become {Words.Of(to)}.");
}
