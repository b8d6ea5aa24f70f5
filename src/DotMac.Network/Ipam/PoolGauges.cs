using System.Diagnostics.Metrics;
using Dapper;
using DotMac.Kernel;
using DotMac.Kernel.Data;
using DotMac.Network.Ipam.Pools;
using Microsoft.Extensions.Hosting;

namespace DotMac.Network.Ipam;

/// <summary>How full the pools are, for the metrics: counted every quarter of a minute by the worker. Over several workers take the largest.</summary>
internal sealed class PoolGauges : IHostedService
{
    private const string Addresses =
        "SELECT p.tenant_id, p.name, p.kind, p.warn_percent, n.total, n.available, n.utilization_percent FROM ipam_pools p ";

    private const string Vlans =
        "SELECT p.tenant_id, p.name, -1::smallint AS kind, p.warn_percent, n.total, n.available, n.utilization_percent FROM ipam_vlan_pools p ";

    private volatile IReadOnlyList<Row> rows = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        static bool IsPrefixes(Row row) => row.Kind == (short)PoolType.Ipv6Pd;
        static bool IsAddresses(Row row) => row.Kind >= 0 && !IsPrefixes(row);
        static bool IsVlans(Row row) => row.Kind < 0;
        Gauge("netbox_ipv6_pd_available_prefixes", "Delegated prefixes that a pool has left", IsPrefixes, r => r.Available);
        Gauge("netbox_ipv6_pd_total_prefixes", "Delegated prefixes of a pool", IsPrefixes, r => r.Total);
        Gauge("ipam_pool_available_addresses", "Addresses that a pool has left", IsAddresses, r => r.Available);
        Gauge("ipam_pool_total_addresses", "Addresses of a pool", IsAddresses, r => r.Total);
        Gauge("ipam_vlan_pool_available_lines", "Lines that a VLAN pool can still serve", IsVlans, r => r.Available);
        Gauge("ipam_vlan_pool_total_lines", "Lines that a VLAN pool can serve", IsVlans, r => r.Total);
        const string Warn = "From which share of use on a pool counts as nearly full";
        Gauge("ipam_pd_pool_warn_ratio", Warn, IsPrefixes, r => r.WarnRatio);
        Gauge("ipam_pool_warn_ratio", Warn, IsAddresses, r => r.WarnRatio);
        Gauge("ipam_vlan_pool_warn_ratio", Warn, IsVlans, r => r.WarnRatio);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task CountAsync(Databases databases, CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        var sql = string.Concat(Addresses, PoolCount.Join, "UNION ALL ", Vlans, PoolCount.Join);
        rows = [.. await connection.QueryAsync<Row>(new CommandDefinition(sql, cancellationToken: ct))];
    }

    private void Gauge<T>(string name, string description, Func<Row, bool> which, Func<Row, T> value)
        where T : struct =>
        KernelTelemetry.Meter.CreateObservableGauge(
            name,
            () => rows.Where(which).Select(r => new Measurement<T>(value(r), new("tenant_id", r.TenantId.ToString()), new("pool", r.Name))),
            description: description
        );

    private sealed class Row
    {
        public Guid TenantId { get; init; }
        public string Name { get; init; } = "";
        public short Kind { get; init; }
        public short WarnPercent { get; init; }
        public long Total { get; init; }
        public long Available { get; init; }

        public double WarnRatio => WarnPercent / 100.0;
    }
}
