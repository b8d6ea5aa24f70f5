using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using DotMac.Contracts.External;
using DotMac.Kernel;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.NetworkProfiles;

/// <summary>A static address went past the address plan's choice: logged, counted and audited, whoever gave it.</summary>
internal sealed partial class StaticAddressBypass(UnitOfWork work, AuditTrail audit, ILogger<StaticAddressBypass> log)
{
    private static readonly Counter<long> Bypasses = KernelTelemetry.Meter.CreateCounter<long>(
        "provisioning_static_ip_bypasses_total",
        null,
        "Static addresses that were provisioned as given: the address plan was told, not asked"
    );

    /// <param name="runId">Of the workflow; null when somebody asked for the one address.</param>
    public void Note(Guid subscriberId, AddressKind kind, IPNetwork network, Guid? runId, Guid? serviceId)
    {
        var address = network.ToString();
        Told(subscriberId, address, runId);
        Bypasses.Add(
            1,
            new KeyValuePair<string, object?>("tenant_id", work.TenantId!.Value.ToString()),
            new KeyValuePair<string, object?>("ip_version", kind == AddressKind.Ipv4 ? "ipv4" : "ipv6")
        );
        var what = JsonSerializer.Serialize(
            new
            {
                address,
                run_id = runId,
                service_id = serviceId,
            }
        );
        audit.Note("provision.static_ip_bypass", "subscriber", subscriberId.ToString(), after: what);
    }

    [LoggerMessage(LogLevel.Information, "Static address {Network} of subscriber {Subscriber} went past the address plan (run {Run})")]
    private partial void Told(Guid subscriber, string network, Guid? run);
}
