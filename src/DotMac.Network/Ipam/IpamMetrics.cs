using System.Diagnostics.Metrics;
using System.Globalization;
using DotMac.Contracts.External;
using DotMac.Kernel;
using DotMac.Kernel.UseCases;

namespace DotMac.Network.Ipam;

/// <summary>Counts delegated prefixes as they are handed out.</summary>
internal sealed class IpamMetrics(CurrentCaller caller)
{
    private static readonly Counter<long> PrefixAllocations = KernelTelemetry.Meter.CreateCounter<long>(
        "netbox_ipv6_pd_allocations_total",
        description: "Delegated prefixes handed out, by length"
    );

    public void Allocated(AllocationRow row)
    {
        if (row.Kind == AddressKind.DelegatedPrefix)
        {
            PrefixAllocations.Add(
                1,
                new("tenant_id", caller.Value.TenantId?.ToString() ?? ""),
                new("prefix_size", int.Parse(row.Network.Split('/')[1], CultureInfo.InvariantCulture))
            );
        }
    }
}
