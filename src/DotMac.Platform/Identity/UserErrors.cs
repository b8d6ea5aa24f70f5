using DotMac.Kernel.Results;

namespace DotMac.Platform.Identity;

internal static class UserErrors
{
    public static readonly Error NotFound = Error.NotFound("user.not_found", "There is no such user.");
    public static readonly Error Taken = Error.Conflict("user.taken", "This e-mail address has an account already.");
    public static readonly Error Changed = Error.Changed("user.changed");
    public static readonly Error LastAdmin = Error.Conflict(
        "user.last_admin",
        "This is the last active tenant_admin. Give another active user that role, without an end, first."
    );
    public static readonly Error Yourself = Error.Conflict("user.yourself", "You cannot disable or delete your own account.");
    public static readonly Error ByOwnPassword = Error.Conflict(
        "user.by_own_password",
        "This is your own account: change its password and second step under My account, with your present password."
    );
    public static readonly Error Outranks = new(
        ErrorKind.Forbidden,
        "user.outranks_you",
        "This user may do things that you may not, so that you cannot take over or change the account."
    );
}

internal static class ApiKeyErrors
{
    public static readonly Error NotFound = Error.NotFound("api_key.not_found", "There is no such API key.");
    public static readonly Error Taken = Error.Conflict("api_key.taken", "Another API key has this name.");
}
