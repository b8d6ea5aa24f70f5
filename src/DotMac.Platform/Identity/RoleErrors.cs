using DotMac.Kernel.Results;

namespace DotMac.Platform.Identity;

internal static class RoleErrors
{
    public static readonly Error NotFound = Error.NotFound("role.not_found", "There is no such role.");
    public static readonly Error Taken = Error.Conflict("role.taken", "Another role has this name.");
    public static readonly Error InUse = Error.Conflict("role.in_use", "Users hold this role. Take it from them first.");
    public static readonly Error Changed = Error.Changed("role.changed");

    public static Error System(string name) =>
        Error.Conflict(
            "role.system",
            $"{name} comes with the platform and cannot be changed. Make a role of your own with the permissions you want."
        );

    /// <summary>A caller may hand on only what he has himself.</summary>
    public static Error NotYours(IEnumerable<string> permissions) =>
        new(
            ErrorKind.Forbidden,
            "permission.not_yours",
            $"You cannot grant what you do not have yourself: {string.Join(", ", permissions.Order(StringComparer.Ordinal))}."
        );
}
