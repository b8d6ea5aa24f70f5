using System.Diagnostics.Metrics;
using DotMac.Kernel.Data;

namespace DotMac.Kernel.Sagas;

/// <summary>What runs and their steps come to.</summary>
internal static class SagaMetrics
{
    private static readonly Counter<long> Runs = KernelTelemetry.Meter.CreateCounter<long>("saga_runs_total");
    private static readonly Histogram<double> Steps = KernelTelemetry.Meter.CreateHistogram<double>("saga_step_duration_seconds", "s");

    private static volatile IReadOnlyList<(Guid Tenant, long Count)> dead = [];

    static SagaMetrics() =>
        KernelTelemetry.Meter.CreateObservableGauge(
            "saga_dead_letters",
            () => dead.Select(d => new Measurement<long>(d.Count, new KeyValuePair<string, object?>("tenant_id", d.Tenant.ToString()))),
            description: "Runs that could not be undone and wait for somebody."
        );

    /// <summary>As counted in the database just now; a tenant that has none is told as 0.</summary>
    public static void DeadLetters(IReadOnlyList<(Guid Tenant, long Count)> counted) => dead = counted;

    public static void Ended(string definition, SagaStatus outcome) =>
        Runs.Add(1, new KeyValuePair<string, object?>("definition", definition), new("outcome", Entities.SnakeCase(outcome.ToString())));

    public static void Stepped(string definition, string step, Move move, StepResult result, double seconds) =>
        Steps.Record(
            seconds,
            new KeyValuePair<string, object?>("definition", definition),
            new("step", step),
            new("move", move == Move.Do ? "do" : "undo"),
            new("outcome", Entities.SnakeCase(result.GetType().Name))
        );
}
