using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DotMac.Host.Health;

/// <summary>/health/live: the process answers. /health/ready: it can do its work; 503 and the failing checks when not.</summary>
internal static class HealthEndpoints
{
    /// <summary>Checks with this tag decide readiness.</summary>
    public const string Ready = "ready";

    public static void AddPlatformHealth(this IServiceCollection services, NodeRoles roles) =>
        services
            .AddHealthChecks()
            // RADIUS alone does its work without the database, from memory and journal.
            .AddCheck<SchemaHealth>(
                "schema",
                roles == NodeRoles.Aaa ? HealthStatus.Degraded : HealthStatus.Unhealthy,
                [Ready],
                TimeSpan.FromSeconds(3)
            )
            .AddCheck<ListenerHealth>("http", tags: [Ready]);

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync });
        app.MapHealthChecks(
            "/health/ready",
            new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync }
        );
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new
            {
                status = Word(report.Status),
                checks = report.Entries.ToDictionary(
                    entry => entry.Key,
                    entry => new
                    {
                        status = Word(entry.Value.Status),
                        detail = entry.Value.Description,
                        milliseconds = Math.Round(entry.Value.Duration.TotalMilliseconds, 1),
                    },
                    StringComparer.Ordinal
                ),
            },
            context.RequestAborted
        );

    private static string Word(HealthStatus status) =>
        status switch
        {
            HealthStatus.Unhealthy => "unhealthy",
            HealthStatus.Degraded => "degraded",
            _ => "healthy",
        };
}
