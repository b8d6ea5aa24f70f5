using DotMac.Kernel.Results;

namespace DotMac.Access.FreeRadius;

internal static class FreeRadiusErrors
{
    public static readonly Error RoleMissing = new(
        ErrorKind.Unavailable,
        "radius.role_missing",
        "This node does not serve RADIUS, or is still loading. Point FreeRADIUS at a node with the role aaa."
    );

    public static readonly Error ServiceKeyRequired = new(
        ErrorKind.Forbidden,
        "radius.service_key_required",
        "The answer holds secrets in clear and is for a FreeRADIUS alone: call it with an API key. A person reads a password with reveal-password, which is audited."
    );

    public static readonly Error NasUnknown = Error.NotFound(
        "radius.nas_unknown",
        "No NAS of this tenant has that address or identifier. Register it, and its accounting is taken."
    );

    public static readonly Error NotKept = new(
        ErrorKind.Unavailable,
        "radius.accounting_not_kept",
        "The accounting journal does not take records now. The NAS will send again."
    );

    public static readonly Error Disabled = Error.Conflict(
        "freeradius.disabled",
        "The projection for FreeRADIUS's SQL module is switched off for this tenant. Switch it on: PUT /api/v1/radius/freeradius."
    );
}
