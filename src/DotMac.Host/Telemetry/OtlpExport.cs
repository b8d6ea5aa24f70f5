using DotMac.Host.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DotMac.Host.Telemetry;

/// <summary>Sends traces and metrics to an OTLP receiver while the process runs, and what is left when it ends.</summary>
/// <remarks><b>Source:</b> OpenTelemetry, OTLP Exporter Configuration: signal paths are appended to the base address; port 4317 speaks gRPC.</remarks>
internal sealed class OtlpExport(Uri? endpoint, OtlpProtocol? protocol) : IHostedService, IDisposable
{
    private TracerProvider? traces;
    private MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (endpoint is null)
        {
            return Task.CompletedTask;
        }

        var resource = ResourceBuilder.CreateDefault().AddService("dotmac", serviceInstanceId: Environment.MachineName);
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(DotMac.Kernel.KernelTelemetry.Name, "DotMac.*", "Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter(options => Set(options, "v1/traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. Kernel.Telemetry.PrometheusCollector.Meters])
            .AddOtlpExporter(
                (options, reader) =>
                {
                    Set(options, "v1/metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 10_000;
                }
            )
            .Build();
        return Task.CompletedTask;
    }

    // Bounded, and both at once: a receiver that is gone must not hold the end up, and a slow one gets what is left.
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            Task.Run(() => traces?.Shutdown(2000), CancellationToken.None),
            Task.Run(() => metrics?.Shutdown(2000), CancellationToken.None)
        );

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    private void Set(OtlpExporterOptions options, string path)
    {
        var grpc = (protocol ?? (endpoint!.Port == 4317 ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf)) == OtlpProtocol.Grpc;
        options.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = grpc ? endpoint! : new Uri(endpoint!.AbsoluteUri.TrimEnd('/') + "/" + path);
    }
}
