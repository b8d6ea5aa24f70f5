using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

public sealed record RoleResponse(
    Guid Id,
    string Name,
    string Description,
    bool IsSystem,
    IReadOnlyList<string> Permissions,
    int UserCount,
    int Version
)
{
    internal static async Task<IReadOnlyList<RoleResponse>> OfAsync(PlatformDb db, IReadOnlyList<Role> roles, CancellationToken ct)
    {
        var ids = roles.Select(r => r.Id).ToList();
        var counts = await db
            .UserRoles.Where(r => ids.Contains(r.RoleId))
            .GroupBy(r => r.RoleId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return
        [
            .. roles.Select(r => new RoleResponse(
                r.Id,
                r.Name,
                r.Description,
                r.IsSystem,
                [.. r.PermissionNames.Order(StringComparer.Ordinal)],
                counts.GetValueOrDefault(r.Id),
                r.Version
            )),
        ];
    }

    internal static async Task<RoleResponse> OfAsync(PlatformDb db, Role role, CancellationToken ct) => (await OfAsync(db, [role], ct))[0];
}
