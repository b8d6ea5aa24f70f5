using System.Net;
using DotMac.Kernel.Data;
using DotMac.Network.Ipam.Pools;
using DotMac.Network.Ipam.Prefixes;
using DotMac.Network.Ipam.Registry;
using DotMac.Network.Ipam.Sites;
using DotMac.Network.Ipam.Vlans;
using DotMac.Network.Ipam.Vrfs;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Network;

/// <summary>The entities of what the service runs over. Allocation itself is plain SQL: it must be right under concurrency.</summary>
internal sealed class NetworkDb(DbContextOptions<NetworkDb> options) : DbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<IPNetwork>().HaveColumnType("cidr");

    public DbSet<Site> Sites => Set<Site>();

    public DbSet<Vrf> Vrfs => Set<Vrf>();

    public DbSet<VlanGroup> VlanGroups => Set<VlanGroup>();

    public DbSet<Vlan> Vlans => Set<Vlan>();

    public DbSet<VlanPool> VlanPools => Set<VlanPool>();

    public DbSet<Prefix> Prefixes => Set<Prefix>();

    public DbSet<AddressPool> Pools => Set<AddressPool>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        Plan<Site>(modelBuilder, "sites");
        Plan<Vrf>(modelBuilder, "ipam_vrfs");
        Plan<VlanGroup>(modelBuilder, "ipam_vlan_groups");
        Plan<Vlan>(modelBuilder, "ipam_vlans");
        Plan<VlanPool>(modelBuilder, "ipam_vlan_pools");
        Plan<Prefix>(modelBuilder, "ipam_prefixes");
        Plan<AddressPool>(modelBuilder, "ipam_pools");
        modelBuilder.UseSnakeCase();
    }

    private static void Plan<T>(ModelBuilder modelBuilder, string table)
        where T : class, IPlanEntity =>
        modelBuilder.Entity<T>(entity =>
        {
            entity.ToTable(table).HasKey("TenantId", "Id");
            entity.Property("Version").IsConcurrencyToken();
            foreach (
                var property in entity.Metadata.GetProperties().Where(p => (Nullable.GetUnderlyingType(p.ClrType) ?? p.ClrType).IsEnum)
            )
            {
                property.SetColumnType("smallint");
                property.SetProviderClrType(typeof(short));
            }
        });
}
