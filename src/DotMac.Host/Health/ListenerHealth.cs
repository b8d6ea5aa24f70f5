using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DotMac.Host.Health;

/// <summary>The HTTP listener is open and the process is not on its way down: then load balancers send the next request elsewhere.</summary>
internal sealed class ListenerHealth(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The process is stopping.")
            : lifetime.ApplicationStarted.IsCancellationRequested ? HealthCheckResult.Healthy("Listening.")
            : HealthCheckResult.Unhealthy("The process is starting.")
        );
}
