using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Platform.Identity;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Tenants;

/// <summary>What a new tenant is made of: its row, the seeded roles, its first administrator. Runs in a unit of work of the platform role.</summary>
internal sealed class TenantFoundation(PlatformDb db, UnitOfWork work, Passwords passwords, TimeProvider clock)
{
    /// <summary>The tenant's administrator, and the random password when none was given.</summary>
    public sealed record Founded(User Admin, string? InitialPassword);

    /// <summary>Pins the new tenant and saves everything. <b>Errors:</b> <c>tenant.taken</c>, <c>user.taken</c>.</summary>
    public async Task<Result<Founded>> FoundAsync(
        Tenant tenant,
        string adminEmail,
        string adminName,
        string? password,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        await work.PinAsync(tenant.TenantId, ct);
        db.Tenants.Add(tenant);
        foreach (var seed in SystemRoles.All)
        {
            var role = NewRole(tenant.TenantId, seed);
            role.SetPermissions([.. seed.Permissions]);
            db.Roles.Add(role);
        }

        var initial = password is null ? Passwords.Random() : null;
        var admin = new User
        {
            TenantId = tenant.TenantId,
            Id = Guid.CreateVersion7(now),
            Email = adminEmail,
            FullName = adminName,
            PasswordHash = passwords.Hash(password ?? initial!),
            MustChangePassword = initial is not null,
            CreatedAt = now,
        };
        admin.Roles.Add(
            new UserRole
            {
                TenantId = tenant.TenantId,
                UserId = admin.Id,
                RoleId = db.Roles.Local.Single(r => r.Name == SystemRoles.TenantAdmin).Id,
                GrantedAt = now,
            }
        );
        db.Users.Add(admin);
        var conflict = await db.TrySaveAsync(
            ct,
            conflicts: [("tenants_slug_key", TenantErrors.Taken), ("users_email_key", UserErrors.Taken)]
        );
        return conflict is null ? new Founded(admin, initial) : conflict;
    }

    /// <summary>Makes the user a platform administrator; only the platform's database role may write that column.</summary>
    public Task MakePlatformAdminAsync(User user, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            new CommandDefinition(
                "UPDATE users SET is_platform_admin = true WHERE tenant_id = @TenantId AND id = @Id",
                new { user.TenantId, user.Id },
                work.Transaction,
                cancellationToken: ct
            )
        );

    /// <summary>A release may bring permissions and roles: gives the pinned tenant's system roles what the code says, and nothing else.</summary>
    public async Task SyncSystemRolesAsync(CancellationToken ct)
    {
        var tenantId = work.TenantId!.Value;
        var roles = await db.Roles.Include(r => r.Permissions).Where(r => r.TenantId == tenantId && r.IsSystem).ToListAsync(ct);
        foreach (var seed in SystemRoles.All)
        {
            var role = roles.Find(r => r.Name == seed.Name) ?? db.Roles.Add(NewRole(tenantId, seed)).Entity;
            role.Description = seed.Description;
            role.SetPermissions([.. seed.Permissions]);
        }

        await db.SaveChangesAsync(ct);
    }

    private Role NewRole(Guid tenantId, SystemRole seed) =>
        new()
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Name = seed.Name,
            Description = seed.Description,
            IsSystem = true,
            CreatedAt = clock.GetUtcNow(),
        };
}
