using DotMac.Kernel.Results;

namespace DotMac.Access.Provisioning.Suspensions;

internal static class SuspensionErrors
{
    public static readonly Error Changed = Error.Changed("subscriber.changed");

    public static readonly Error NotFound = Error.NotFound("suspension.not_found", "There is no such reason, or it has ended.");

    public static readonly Error ShieldNotFound = Error.NotFound("shield.not_found", "There is no such shield, or it has ended.");
}
