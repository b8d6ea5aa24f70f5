using System.Diagnostics.Metrics;
using DotMac.Kernel;

namespace DotMac.Access;

/// <summary>What was asked of NAS by RFC 5176, and what became of it.</summary>
internal static class CoaMetrics
{
    private static readonly Counter<long> Requests = KernelTelemetry.Meter.CreateCounter<long>(
        "radius_coa_requests_total",
        description: "CoA- and Disconnect-Requests by kind and outcome (ack, nak, timeout, unreachable, no_nas)"
    );

    private static readonly Counter<long> VlanChanges = KernelTelemetry.Meter.CreateCounter<long>(
        "radius_vlan_changes_total",
        description: "VLAN changes of running sessions by CoA"
    );

    public static void Asked(Guid tenantId, string kind, string outcome) =>
        Requests.Add(1, new("tenant_id", tenantId.ToString()), new("kind", kind), new("outcome", outcome));

    public static void VlanChanged(Guid tenantId, bool success) =>
        VlanChanges.Add(1, new("tenant_id", tenantId.ToString()), new KeyValuePair<string, object?>("success", success ? "true" : "false"));
}
