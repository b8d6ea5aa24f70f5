using DotMac.Kernel.Results;

namespace DotMac.Platform.Identity;

/// <summary>A named set of permissions of one tenant.</summary>
internal sealed class Role
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required string Name { get; set; }
    public string Description { get; set; } = "";

    /// <summary>Comes with the platform; its permissions are code.</summary>
    public bool IsSystem { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public int Version { get; set; } = 1;

    public List<RolePermission> Permissions { get; init; } = [];

    public IEnumerable<string> PermissionNames => Permissions.Select(p => p.Permission);

    /// <summary>Null, or why this role may not be edited or deleted.</summary>
    public Error? RefuseChange() => IsSystem ? RoleErrors.System(Name) : null;

    public void SetPermissions(IReadOnlyCollection<string> names)
    {
        Permissions.RemoveAll(p => !names.Contains(p.Permission, StringComparer.Ordinal));
        Permissions.AddRange(
            names
                .Except(PermissionNames, StringComparer.Ordinal)
                .ToList()
                .Select(n => new RolePermission
                {
                    TenantId = TenantId,
                    RoleId = Id,
                    Permission = n,
                })
        );
    }
}

internal sealed class RolePermission
{
    public required Guid TenantId { get; init; }
    public required Guid RoleId { get; init; }
    public required string Permission { get; init; }
}
