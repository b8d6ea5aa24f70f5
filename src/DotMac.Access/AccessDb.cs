using System.Net;
using DotMac.Access.Aaa.Proxy;
using DotMac.Access.NasRegistry;
using DotMac.Access.NetworkProfiles;
using DotMac.Access.Profiles;
using DotMac.Access.Provisioning;
using DotMac.Access.Subscribers;
using DotMac.Kernel.Data;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access;

/// <summary>The entities of who gets online. Sessions, decisions and usage are not entities: they are read with SQL and written by the AAA plane.</summary>
internal sealed class AccessDb(DbContextOptions<AccessDb> options) : DbContext(options)
{
    public DbSet<Subscriber> Subscribers => Set<Subscriber>();

    public DbSet<Nas> Nas => Set<Nas>();

    public DbSet<BandwidthProfile> BandwidthProfiles => Set<BandwidthProfile>();

    public DbSet<Upstream> Upstreams => Set<Upstream>();

    public DbSet<NetworkProfile> NetworkProfiles => Set<NetworkProfile>();

    public DbSet<ProfileDefaults> ProfileDefaults => Set<ProfileDefaults>();

    /// <summary>With no transaction open; afterwards entities are read anew, in a new one.</summary>
    public async Task<T> OutsideAsync<T>(UnitOfWork work, Func<Task<T>> call, CancellationToken ct)
    {
        var result = await work.OutsideAsync(call, ct);
        ChangeTracker.Clear();
        await Database.UseTransactionAsync(null, ct);
        Database.SetDbConnection(work.Connection);
        await Database.UseTransactionAsync(work.Transaction, ct);
        return result;
    }

    public DbSet<ServiceInstance> Services => Set<ServiceInstance>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<IPNetwork>().HaveColumnType("cidr");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Subscriber>(entity =>
        {
            entity.ToTable("subscribers").HasKey(s => new { s.TenantId, s.Id });
            entity.Property(s => s.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<Nas>(entity =>
        {
            entity.ToTable("nas").HasKey(n => new { n.TenantId, n.Id });
            entity.Property(n => n.NasName).HasColumnName("nasname");
            entity.Property(n => n.ShortName).HasColumnName("shortname");
            entity.Property(n => n.Number).UseIdentityAlwaysColumn();
            entity.Property(n => n.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<BandwidthProfile>(entity =>
        {
            entity.ToTable("radius_bandwidth_profiles").HasKey(p => new { p.TenantId, p.Id });
            entity.Property(p => p.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<Upstream>(entity =>
        {
            entity.ToTable("radius_upstreams").HasKey(u => new { u.TenantId, u.Id });
            entity.Property(u => u.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<NetworkProfile>(entity =>
        {
            entity.ToTable("subscriber_network_profiles").HasKey(p => new { p.TenantId, p.SubscriberId });
            entity.Property(p => p.Version).IsConcurrencyToken();
            entity.Property(p => p.Ipv4State).HasConversion<short>();
            entity.Property(p => p.Ipv6State).HasConversion<short>();
        });
        modelBuilder.Entity<ProfileDefaults>(entity =>
        {
            entity.ToTable("network_profile_defaults").HasKey(d => new { d.TenantId, d.Id });
            entity.Property(d => d.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<ServiceInstance>(entity =>
        {
            entity.ToTable("service_instances").HasKey(s => new { s.TenantId, s.Id });
            entity.Property(s => s.ServiceMetadata).HasColumnType("jsonb");
            entity.Property(s => s.Version).IsConcurrencyToken();
        });
        modelBuilder.UseSnakeCase();
    }
}
