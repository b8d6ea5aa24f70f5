using System.Net;
using DotMac.Kernel.Data;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Network;

/// <summary>The entities of what the service runs over. Allocation itself is plain SQL: it must be right under concurrency.</summary>
internal sealed class NetworkDb(DbContextOptions<NetworkDb> options) : DbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<IPNetwork>().HaveColumnType("cidr");

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseSnakeCase();
}
