using DotMac.Host.Settings;
using DotMac.Kernel.Telemetry;

namespace DotMac.Host.Telemetry;

/// <summary>Metrics by /metrics always; traces and metrics by OTLP when a receiver is set.</summary>
internal static class TelemetryRegistration
{
    public static void AddTelemetry(this IServiceCollection services, HostSettings settings)
    {
        services.AddSingleton<PrometheusCollector>();
        services.AddHostedService(provider => new OtlpExport(settings.OtlpEndpoint, settings.OtlpProtocol));
    }

    public static void MapMetrics(this WebApplication app)
    {
        var collector = app.Services.GetRequiredService<PrometheusCollector>();
        app.MapGet("/metrics", () => Results.Text(collector.Render(), PrometheusCollector.ContentType)).ExcludeFromDescription();
    }
}
