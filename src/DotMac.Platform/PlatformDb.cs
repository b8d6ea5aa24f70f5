using DotMac.Kernel.Data;
using DotMac.Platform.Flags;
using DotMac.Platform.Identity;
using DotMac.Platform.Tenants;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform;

/// <summary>The group's tables, inside the scope's unit of work.</summary>
internal sealed class PlatformDb(DbContextOptions<PlatformDb> options) : DbContext(options)
{
    public DbSet<Tenant> Tenants => Set<Tenant>();
    public DbSet<User> Users => Set<User>();
    public DbSet<Role> Roles => Set<Role>();
    public DbSet<UserRole> UserRoles => Set<UserRole>();
    public DbSet<UserSession> Sessions => Set<UserSession>();
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<FlagSetting> Flags => Set<FlagSetting>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Tenant>(e =>
        {
            e.ToTable("tenants").HasKey(t => t.TenantId);
            e.Property(t => t.TenantId).ValueGeneratedNever();
            e.Property(t => t.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<User>(e =>
        {
            e.ToTable("users").HasKey(u => new { u.TenantId, u.Id });
            e.Property(u => u.IsPlatformAdmin).ValueGeneratedOnAddOrUpdate();
            e.Property(u => u.Version).IsConcurrencyToken();
            e.HasMany(u => u.Roles).WithOne().HasForeignKey(r => new { r.TenantId, r.UserId });
        });
        modelBuilder.Entity<Role>(e =>
        {
            e.ToTable("roles").HasKey(r => new { r.TenantId, r.Id });
            e.Property(r => r.Version).IsConcurrencyToken();
            e.Ignore(r => r.PermissionNames);
            e.HasMany(r => r.Permissions).WithOne().HasForeignKey(p => new { p.TenantId, p.RoleId });
        });
        modelBuilder
            .Entity<RolePermission>()
            .ToTable("role_permissions")
            .HasKey(p => new
            {
                p.TenantId,
                p.RoleId,
                p.Permission,
            });
        modelBuilder
            .Entity<UserRole>()
            .ToTable("user_roles")
            .HasKey(r => new
            {
                r.TenantId,
                r.UserId,
                r.RoleId,
            });
        modelBuilder.Entity<UserSession>().ToTable("user_sessions").HasKey(s => new { s.TenantId, s.Id });
        modelBuilder.Entity<RefreshToken>().ToTable("refresh_tokens").HasKey(t => new { t.TenantId, t.Hash });
        modelBuilder
            .Entity<RecoveryCode>()
            .ToTable("recovery_codes")
            .HasKey(c => new
            {
                c.TenantId,
                c.UserId,
                c.Hash,
            });
        modelBuilder.Entity<ApiKey>().ToTable("api_keys").HasKey(k => new { k.TenantId, k.Id });
        modelBuilder.Entity<FlagSetting>(e =>
        {
            e.ToTable("tenant_flags").HasKey(f => new { f.TenantId, f.Name });
            e.Property(f => f.Version).IsConcurrencyToken();
        });
        OrderInserts(modelBuilder);
        modelBuilder.UseSnakeCase();
    }

    /// <summary>The foreign keys of the schema without a property of their own: EF then writes the rows in an order that they allow.</summary>
    private static void OrderInserts(ModelBuilder model)
    {
        model.Entity<User>().HasOne<Tenant>().WithMany().HasForeignKey(u => u.TenantId).OnDelete(DeleteBehavior.NoAction);
        model.Entity<Role>().HasOne<Tenant>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.NoAction);
        model
            .Entity<UserRole>()
            .HasOne<Role>()
            .WithMany()
            .HasForeignKey(r => new { r.TenantId, r.RoleId })
            .OnDelete(DeleteBehavior.NoAction);
        model
            .Entity<RefreshToken>()
            .HasOne<UserSession>()
            .WithMany()
            .HasForeignKey(t => new { t.TenantId, t.SessionId })
            .OnDelete(DeleteBehavior.NoAction);
    }
}
