using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

public sealed record HeldRole(Guid Id, string Name, DateTimeOffset? ExpiresAt);

/// <summary>A user as the API shows him; never a secret of his.</summary>
public sealed record UserResponse(
    Guid Id,
    string Email,
    string FullName,
    bool IsActive,
    bool IsLocked,
    bool TotpEnabled,
    bool MustChangePassword,
    IReadOnlyList<HeldRole> Roles,
    DateTimeOffset? LastLoginAt,
    DateTimeOffset CreatedAt,
    int Version
)
{
    internal static async Task<UserResponse> OfAsync(PlatformDb db, User user, DateTimeOffset now, CancellationToken ct) =>
        (await OfAsync(db, [user], now, ct))[0];

    internal static async Task<IReadOnlyList<UserResponse>> OfAsync(
        PlatformDb db,
        IReadOnlyList<User> users,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var ids = users.SelectMany(u => u.Roles).Select(r => r.RoleId).Distinct().ToList();
        var names = await db.Roles.Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, r => r.Name, ct);
        return
        [
            .. users.Select(u => new UserResponse(
                u.Id,
                u.Email,
                u.FullName,
                u.IsActive,
                u.IsLocked(now),
                u.TotpEnabled,
                u.MustChangePassword,
                [.. u.Roles.Select(r => new HeldRole(r.RoleId, names[r.RoleId], r.ExpiresAt)).OrderBy(r => r.Name, StringComparer.Ordinal)],
                u.LastLoginAt,
                u.CreatedAt,
                u.Version
            )),
        ];
    }
}
