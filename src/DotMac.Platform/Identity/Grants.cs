using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>A role to be held by a user; null means without an end.</summary>
public sealed record RoleGrant(Guid Id, DateTimeOffset? ExpiresAt = null);

/// <summary>The rules of handing on power: nobody grants what he has not, nobody takes over who may do more, the last administrator stays.</summary>
internal sealed class Grants(PlatformDb db, CurrentCaller current, TimeProvider clock)
{
    /// <summary>Null, or <c>permission.not_yours</c>.</summary>
    public Error? RefuseGranting(IEnumerable<string> permissions)
    {
        var beyond = permissions.Where(p => !current.Value.May(p)).ToList();
        return beyond.Count == 0 ? null : RoleErrors.NotYours(beyond);
    }

    /// <summary>Null, or <c>user.outranks_you</c> when the user may do something that the caller may not.</summary>
    public async Task<Error?> RefuseTouchingAsync(User user, CancellationToken ct)
    {
        if (user.Id == current.Value.Id)
        {
            return null;
        }

        if (user.IsPlatformAdmin && !current.Value.May(Permissions.PlatformTenantsWrite))
        {
            return UserErrors.Outranks;
        }

        var ids = user.Roles.Where(r => r.ExpiresAt is null || r.ExpiresAt > clock.GetUtcNow()).Select(r => r.RoleId).ToList();
        var held = await db
            .Roles.Where(r => ids.Contains(r.Id))
            .SelectMany(r => r.Permissions)
            .Select(p => p.Permission)
            .Distinct()
            .ToListAsync(ct);
        return held.TrueForAll(current.Value.May) ? null : UserErrors.Outranks;
    }

    /// <summary>
    /// Gives the user exactly these roles. Only roles that are new to him, or last longer than before, count as granted.
    /// </summary>
    public async Task<Error?> SetRolesAsync(User user, string field, IReadOnlyCollection<RoleGrant> wanted, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var ids = wanted.Select(w => w.Id).ToList();
        var roles = await db
            .Roles.Include(r => r.Permissions)
            .AsNoTracking()
            .Where(r => ids.Contains(r.Id))
            .ToDictionaryAsync(r => r.Id, ct);
        var faults = new Faults();
        faults.Check(ids.Count == ids.Distinct().Count(), field, "duplicate", "Each role once.");
        foreach (var grant in wanted)
        {
            faults.Check(roles.ContainsKey(grant.Id), field, "not_found", $"There is no role {grant.Id}.");
            faults.Check(grant.ExpiresAt is null || grant.ExpiresAt > now, field, "in_the_past", "The end of a grant lies in the future.");
        }

        if (faults.Error is { } invalid)
        {
            return invalid;
        }

        var held = user.Roles.ToDictionary(r => r.RoleId);
        var granted = wanted.Where(w => !held.TryGetValue(w.Id, out var old) || Lasts(w.ExpiresAt, old.ExpiresAt)).ToList();
        if (RefuseGranting(granted.SelectMany(g => roles[g.Id].PermissionNames).Distinct(StringComparer.Ordinal)) is { } refusal)
        {
            return refusal;
        }

        foreach (var role in user.Roles.Where(r => !ids.Contains(r.RoleId)).ToList())
        {
            user.Roles.Remove(role);
        }

        foreach (var grant in wanted)
        {
            if (held.TryGetValue(grant.Id, out var old))
            {
                old.ExpiresAt = grant.ExpiresAt?.ToUniversalTime();
                continue;
            }

            user.Roles.Add(
                new UserRole
                {
                    TenantId = user.TenantId,
                    UserId = user.Id,
                    RoleId = grant.Id,
                    ExpiresAt = grant.ExpiresAt?.ToUniversalTime(),
                    GrantedAt = now,
                }
            );
        }

        return null;
    }

    /// <summary>
    /// Null when, after the change in memory, some active user still holds <c>tenant_admin</c> without an end; else <c>user.last_admin</c>.
    /// Locks the role, so that two callers cannot remove each other's last one.
    /// </summary>
    public async Task<Error?> RefuseLastAdminAsync(User user, bool isLeaving, CancellationToken ct)
    {
        var role = await db
            .Roles.FromSqlRaw("SELECT * FROM roles WHERE is_system AND name = {0} FOR UPDATE", SystemRoles.TenantAdmin)
            .AsNoTracking()
            .SingleAsync(ct);
        if (!isLeaving && user.IsActive && user.Roles.Exists(r => r.RoleId == role.Id && r.ExpiresAt is null))
        {
            return null;
        }

        var others = await db.Users.AnyAsync(
            u => u.Id != user.Id && u.IsActive && u.Roles.Any(r => r.RoleId == role.Id && r.ExpiresAt == null),
            ct
        );
        return others ? null : UserErrors.LastAdmin;
    }

    private static bool Lasts(DateTimeOffset? wanted, DateTimeOffset? old) => old is not null && (wanted is null || wanted > old);
}
