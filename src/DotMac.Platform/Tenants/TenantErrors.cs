using DotMac.Kernel.Results;

namespace DotMac.Platform.Tenants;

internal static class TenantErrors
{
    public static readonly Error NotFound = Error.NotFound("tenant.not_found", "There is no such tenant.");
    public static readonly Error Taken = Error.Conflict("tenant.taken", "Another tenant has this slug.");
    public static readonly Error Changed = Error.Changed("tenant.changed");
    public static readonly Error Yours = Error.Conflict(
        "tenant.yours",
        "You cannot suspend or cancel the tenant that you are signed in to."
    );
}
