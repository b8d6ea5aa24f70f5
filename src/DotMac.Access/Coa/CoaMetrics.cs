using System.Diagnostics.Metrics;
using DotMac.Kernel;

namespace DotMac.Access.Coa;

/// <summary>Counters of what was asked of NAS.</summary>
internal static class CoaMetrics
{
    private static readonly Counter<long> Requests = KernelTelemetry.Meter.CreateCounter<long>("radius_coa_requests_total");
    private static readonly Counter<long> Verifications = KernelTelemetry.Meter.CreateCounter<long>("radius_coa_verifications_total");
    private static readonly Counter<long> Vlans = KernelTelemetry.Meter.CreateCounter<long>("radius_vlan_changes_total");

    /// <param name="outcome">ack, nak, timeout or unreachable.</param>
    public static void Answered(Guid tenant, CoaKind kind, string outcome) =>
        Requests.Add(
            1,
            new KeyValuePair<string, object?>("tenant_id", tenant.ToString()),
            new KeyValuePair<string, object?>("kind", Words.Of(kind)),
            new KeyValuePair<string, object?>("result", outcome)
        );

    public static void VlanChanged(Guid tenant, bool success) =>
        Vlans.Add(
            1,
            new KeyValuePair<string, object?>("tenant_id", tenant.ToString()),
            new KeyValuePair<string, object?>("success", success ? "true" : "false")
        );

    /// <param name="result">verified or unverified.</param>
    public static void Verified(string result, int count) => Verifications.Add(count, new KeyValuePair<string, object?>("result", result));
}
