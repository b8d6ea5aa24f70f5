using DotMac.Host.Cluster;
using DotMac.Kernel.Data;
using DotMac.Kernel.Data.Migrations;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace DotMac.Host.Health;

/// <summary>The database answers and has this build's schema.</summary>
internal sealed class SchemaHealth(Databases databases) : IHealthCheck
{
    private readonly Migrator migrator = new(Installation.Migrations);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await migrator.FaultAsync(databases.Platform, cancellationToken) is { } fault
                ? HealthCheckResult.Unhealthy($"{fault} Run: dotmac migrate.")
                : HealthCheckResult.Healthy("The schema is current.");
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or TimeoutException or OperationCanceledException)
        {
            // No exception text: the page is public and the text may name hosts and accounts.
            return new HealthCheckResult(context.Registration.FailureStatus, "The database does not answer.");
        }
    }
}
