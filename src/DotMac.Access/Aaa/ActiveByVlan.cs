using System.Diagnostics.Metrics;
using System.Globalization;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel;
using Microsoft.Extensions.Hosting;

namespace DotMac.Access.Aaa;

/// <summary>
/// The gauge <c>radius_active_subscribers_by_vlan</c>: subscribers with a running session, by tenant and service VLAN, counted from the
/// sessions in memory when somebody scrapes. Each node tells the sessions that it knows; over several nodes take the largest.
/// </summary>
internal sealed class ActiveByVlan(LiveSessions sessions, AaaSnapshot snapshot) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        KernelTelemetry.Meter.CreateObservableGauge(
            "radius_active_subscribers_by_vlan",
            Observe,
            description: "Subscribers with a running session, by service VLAN"
        );
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<long>> Observe()
    {
        var counts = new Dictionary<(Guid Tenant, short Vlan), long>();
        foreach (var login in sessions.Online(snapshot))
        {
            if (login.VlanId is { } vlan)
            {
                counts[(login.TenantId, vlan)] = counts.GetValueOrDefault((login.TenantId, vlan)) + 1;
            }
        }

        foreach (var ((tenant, vlan), count) in counts)
        {
            yield return new(
                count,
                EnforcementMetrics.Of(tenant).Tag,
                new KeyValuePair<string, object?>("vlan_id", vlan.ToString(CultureInfo.InvariantCulture))
            );
        }
    }
}
