using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DotMac.Kernel;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>How many differences stand, by kind, as of the last comparison of this process; and what became of repairs.</summary>
internal static class ReconciliationMetrics
{
    private static readonly ConcurrentDictionary<Guid, IReadOnlyDictionary<FindingKind, int>> Open = new();

    private static readonly Counter<long> Runs = KernelTelemetry.Meter.CreateCounter<long>("reconciliation_runs_total");

    private static readonly Counter<long> Repairs = KernelTelemetry.Meter.CreateCounter<long>("reconciliation_repairs_total");

    private static readonly Histogram<double> Seconds = KernelTelemetry.Meter.CreateHistogram<double>("reconciliation_duration_seconds");

    static ReconciliationMetrics() =>
        KernelTelemetry.Meter.CreateObservableGauge(
            "reconciliation_findings",
            Read,
            null,
            "Differences between what is wanted, applied and seen, as of the last comparison"
        );

    public static void Ran(Guid tenant, IReadOnlyList<Found> found, TimeSpan took)
    {
        Open[tenant] = found.GroupBy(f => f.Kind).ToDictionary(g => g.Key, g => g.Count());
        Runs.Add(1, new KeyValuePair<string, object?>("tenant_id", tenant.ToString()));
        Seconds.Record(took.TotalSeconds);
    }

    /// <param name="result">repaired, gone or failed.</param>
    public static void Repaired(Guid tenant, FindingKind kind, string result) =>
        Repairs.Add(
            1,
            new KeyValuePair<string, object?>("tenant_id", tenant.ToString()),
            new KeyValuePair<string, object?>("kind", Words.Of(kind)),
            new KeyValuePair<string, object?>("result", result)
        );

    private static IEnumerable<Measurement<int>> Read() =>
        from tenant in Open
        from kind in Enum.GetValues<FindingKind>()
        select new Measurement<int>(
            tenant.Value.GetValueOrDefault(kind),
            new KeyValuePair<string, object?>("tenant_id", tenant.Key.ToString()),
            new KeyValuePair<string, object?>("kind", Words.Of(kind))
        );
}
