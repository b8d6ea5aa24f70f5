using System.Diagnostics.Metrics;
using DotMac.Kernel.Data;

namespace DotMac.Kernel.Sagas;

/// <summary>What runs and their steps come to.</summary>
internal static class SagaMetrics
{
    private static readonly Counter<long> Runs = KernelTelemetry.Meter.CreateCounter<long>("saga_runs_total");
    private static readonly Histogram<double> Steps = KernelTelemetry.Meter.CreateHistogram<double>("saga_step_duration_seconds", "s");

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
