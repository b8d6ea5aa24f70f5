using DotMac.Kernel.Results;

namespace DotMac.Access.Aaa;

internal static class AaaErrors
{
    /// <summary>The node that was asked does not decide: it has not the aaa role, or has just begun to start.</summary>
    public static readonly Error RoleMissing = new(
        ErrorKind.Unavailable,
        "radius.role_missing",
        "This node does not answer for RADIUS (it lacks the aaa role, or is starting). Ask one that does."
    );
}
