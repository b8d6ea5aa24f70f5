using System.Diagnostics.Metrics;

namespace DotMac.Kernel.OutgoingHttp;

internal static class OutgoingMetrics
{
    private static readonly Counter<long> Calls = KernelTelemetry.Meter.CreateCounter<long>("outgoing_http_calls_total");
    private static readonly Counter<long> Retries = KernelTelemetry.Meter.CreateCounter<long>("outgoing_http_retries_total");
    private static readonly Counter<long> Opened = KernelTelemetry.Meter.CreateCounter<long>("outgoing_http_circuit_opened_total");
    private static readonly Histogram<double> Duration = KernelTelemetry.Meter.CreateHistogram<double>(
        "outgoing_http_duration_seconds",
        "s"
    );

    public static void Ended(OutgoingCall call, OutgoingAnswer answer, TimeSpan took)
    {
        Calls.Add(
            1,
            new("tenant_id", call.TenantId.ToString()),
            new("service", call.Service),
            new("operation", call.Operation),
            new("result", answer.Outcome.ToString().ToLowerInvariant())
        );
        Duration.Record(took.TotalSeconds, new("service", call.Service), new("operation", call.Operation));
    }

    public static void Repeated(OutgoingCall call) =>
        Retries.Add(1, new("tenant_id", call.TenantId.ToString()), new("service", call.Service));

    public static void CircuitOpened(OutgoingCall call) =>
        Opened.Add(1, new("tenant_id", call.TenantId.ToString()), new("service", call.Service));
}
