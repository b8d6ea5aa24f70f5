using System.Diagnostics.Metrics;
using DotMac.Access.Provisioning.Services;
using DotMac.Contracts.External;
using DotMac.Kernel;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>A static address went past the address plan's choice: logged, counted, audited, and noted at the service.</summary>
internal sealed partial class StaticAddressBypass(AccessDb db, ServiceLog events, AuditTrail audit, ILogger<StaticAddressBypass> log)
{
    private static readonly Counter<long> Bypasses = KernelTelemetry.Meter.CreateCounter<long>(
        "provisioning_static_ip_bypasses_total",
        null,
        "Static addresses that were provisioned as given: the address plan was told, not asked"
    );

    public async Task NoteAsync(
        UnitOfWork work,
        ProvisionState state,
        StepContext step,
        IEnumerable<AddressNeed> bypassed,
        CancellationToken ct
    )
    {
        var service = await db.Services.SingleAsync(s => s.Id == state.ServiceId, ct);
        foreach (var need in bypassed)
        {
            var network = need.Static!.Value.ToString();
            Told(state.SubscriberId, network, step.RunId);
            Bypasses.Add(
                1,
                new KeyValuePair<string, object?>("tenant_id", work.TenantId!.Value.ToString()),
                new KeyValuePair<string, object?>("ip_version", need.Kind == AddressKind.Ipv4 ? "ipv4" : "ipv6")
            );
            var what = System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    address = network,
                    run_id = step.RunId,
                    service_id = state.ServiceId,
                }
            );
            audit.Note("provision.static_ip_bypass", "subscriber", state.SubscriberId.ToString(), after: what);
            var note = new ServiceNote($"{network} was taken as given.", step.RunId);
            await events.AddAsync(service, ServiceEventType.StaticAddressBypassed, service.Status, ct, note);
        }
    }

    [LoggerMessage(LogLevel.Information, "Static address {Network} of subscriber {Subscriber} went past the address plan in run {Run}")]
    private partial void Told(Guid subscriber, string network, Guid run);
}
