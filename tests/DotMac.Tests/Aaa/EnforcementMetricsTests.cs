using System.Net;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Kernel.Telemetry;

namespace DotMac.Tests.Aaa;

/// <summary>The enforcement metrics as Prometheus reads them: exact names, labels and counts.</summary>
public sealed class EnforcementMetricsTests : IDisposable
{
    private readonly PrometheusCollector collector = new();

    [Fact]
    public void Each_decision_is_counted_under_its_tenant()
    {
        var login = new Login
        {
            TenantId = Guid.NewGuid(),
            SubscriberId = Guid.NewGuid(),
            Username = "bob",
            Password = [],
            Line = new LineLock("c1", "r1", Option82Policy.Enforce),
            VlanId = 100,
            InnerVlan = 7,
            FramedIpv4Address = IPAddress.Parse("100.64.0.9"),
            DelegatedIpv6Prefix = IPNetwork.Parse("2001:db8::/56"),
        };
        var counts = EnforcementMetrics.Of(login.TenantId);
        counts.Decided(login, accepted: true, new Option82Finding(Option82Result.Match));
        counts.Decided(login, accepted: true, new Option82Finding(Option82Result.Match));
        counts.Decided(login, accepted: false, new Option82Finding(Option82Result.Mismatch, CircuitDiffers: true, RemoteDiffers: true));
        counts.Decided(login, accepted: false, default);
        counts.Decided(login with { Line = null, InnerVlan = null }, accepted: true, new Option82Finding(Option82Result.NoProfile));
        counts.Decided(login with { VlanId = null, Ipv6Mode = Ipv6Mode.None }, accepted: true, new Option82Finding(Option82Result.Match));
        EnforcementMetrics.Took(login.TenantId, accepted: true, TimeSpan.FromMilliseconds(2));

        Lines(login.TenantId)
            .ShouldBe([
                """radius_access_request_validation_duration_seconds_count{result="accept",tenant_id="T"} 1""",
                """radius_ipv6_assignments_total{mode="pd",tenant_id="T"} 3""",
                """radius_option82_mismatches_total{field="circuit_id",policy="enforce",tenant_id="T"} 1""",
                """radius_option82_mismatches_total{field="remote_id",policy="enforce",tenant_id="T"} 1""",
                """radius_option82_validations_total{action="accept",policy="enforce",result="match",tenant_id="T"} 3""",
                """radius_option82_validations_total{action="accept",policy="none",result="no_profile",tenant_id="T"} 1""",
                """radius_option82_validations_total{action="reject",policy="enforce",result="mismatch",tenant_id="T"} 1""",
                """radius_static_ip_assignments_total{ip_version="ipv4",tenant_id="T"} 4""",
                """radius_static_ip_assignments_total{ip_version="ipv6",tenant_id="T"} 3""",
                """radius_vlan_assignments_total{tenant_id="T",vlan_type="qinq"} 2""",
                """radius_vlan_assignments_total{tenant_id="T",vlan_type="single"} 1""",
            ]);
    }

    public void Dispose() => collector.Dispose();

    /// <summary>The tenant's lines without the histogram's buckets and sums.</summary>
    private string[] Lines(Guid tenant) =>
        [
            .. collector
                .Render()
                .Split('\n')
                .Where(l => l.Contains(tenant.ToString(), StringComparison.Ordinal) && !l.Contains("_bucket{") && !l.Contains("_sum{"))
                .Select(l => l.Replace(tenant.ToString(), "T"))
                .Order(StringComparer.Ordinal),
        ];
}
