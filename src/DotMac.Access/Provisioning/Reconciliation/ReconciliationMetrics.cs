using System.Diagnostics.Metrics;
using DotMac.Kernel;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>Findings of one kind that stand and that nobody ignores.</summary>
internal sealed record StandingFindings(Guid TenantId, short Kind, long Count);

/// <summary>A tenant that wants to be compared, and by how many seconds its next comparison is late.</summary>
internal sealed record DueReconciliation(Guid TenantId, double OverdueSeconds);

/// <summary>What stands and what is late, as last read from the database; and what became of comparisons and repairs.</summary>
internal static class ReconciliationMetrics
{
    private static readonly Counter<long> Runs = KernelTelemetry.Meter.CreateCounter<long>("reconciliation_runs_total");

    private static readonly Counter<long> Repairs = KernelTelemetry.Meter.CreateCounter<long>("reconciliation_repairs_total");

    private static readonly Histogram<double> Seconds = KernelTelemetry.Meter.CreateHistogram<double>("reconciliation_duration_seconds");

    private static volatile IReadOnlyDictionary<(Guid, FindingKind), long> standing = new Dictionary<(Guid, FindingKind), long>();

    private static volatile IReadOnlyList<DueReconciliation> tenants = [];

    static ReconciliationMetrics()
    {
        KernelTelemetry.Meter.CreateObservableGauge(
            "reconciliation_findings",
            ReadStanding,
            null,
            "Differences between what is wanted, applied and seen that stand and that nobody ignores"
        );
        KernelTelemetry.Meter.CreateObservableGauge(
            "reconciliation_overdue_seconds",
            () => tenants.Select(t => new Measurement<double>(t.OverdueSeconds, Of(t.TenantId))),
            "s",
            "How late a tenant's next comparison is; 0 when it is not"
        );
    }

    public static void Ran(Guid tenant, TimeSpan took)
    {
        Runs.Add(1, Of(tenant));
        Seconds.Record(took.TotalSeconds);
    }

    /// <summary>As counted in the database just now; a tenant that has none of a kind is told as 0.</summary>
    public static void Stand(IEnumerable<StandingFindings> findings, IReadOnlyList<DueReconciliation> due)
    {
        standing = findings.ToDictionary(f => (f.TenantId, (FindingKind)f.Kind), f => f.Count);
        tenants = due;
    }

    /// <param name="result">repaired, gone or failed.</param>
    public static void Repaired(Guid tenant, FindingKind kind, string result) =>
        Repairs.Add(1, Of(tenant), Of(kind), new("result", result));

    private static IEnumerable<Measurement<long>> ReadStanding()
    {
        var (counts, all) = (standing, tenants);
        return from tenant in all.Select(t => t.TenantId).Union(counts.Keys.Select(k => k.Item1))
            from kind in Enum.GetValues<FindingKind>()
            select new Measurement<long>(counts.GetValueOrDefault((tenant, kind)), Of(tenant), Of(kind));
    }

    private static KeyValuePair<string, object?> Of(Guid tenant) => new("tenant_id", tenant.ToString());

    private static KeyValuePair<string, object?> Of(FindingKind kind) => new("kind", Words.Of(kind));
}
