using System.Text.Json;
using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Hosting;

/// <summary>What stands in deploy/: alerts that Prometheus's own tool takes and tries, panels over metrics that a running host has.</summary>
public sealed partial class DashboardTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    /// <summary>Metrics that other parts bring: the address pools, and CoA, which counts only what it did.</summary>
    private static readonly string[] Elsewhere =
    [
        "netbox_ipv6_pd_available_prefixes",
        "netbox_ipv6_pd_total_prefixes",
        "radius_coa_requests_total",
        "radius_vlan_changes_total",
    ];

    private static string Prometheus => Path.Combine(Workspace.Repository, "deploy/prometheus");

    private static string Dashboard => Path.Combine(Workspace.Repository, "deploy/grafana/dashboards/enforcement.json");

    [GeneratedRegex("(radius|netbox)_[a-z0-9_]+")]
    private static partial Regex Metric { get; }

    [PeerFact("promtool")]
    public async Task The_alerts_are_taken_and_each_fires_when_it_should()
    {
        await PromtoolAsync("check", "config", "--lint=all", Path.Combine(Prometheus, "prometheus.yml"));
        await PromtoolAsync("check", "rules", "--lint=all", Path.Combine(Prometheus, "enforcement.rules.yml"));
        await PromtoolAsync("test", "rules", Path.Combine(Prometheus, "enforcement.test.yml"));
        await PromtoolAsync("check", "rules", "--lint=all", Path.Combine(Prometheus, "ipam.rules.yml"));
        await PromtoolAsync("test", "rules", Path.Combine(Prometheus, "ipam.test.yml"));
        await PromtoolAsync("check", "rules", "--lint=all", Path.Combine(Prometheus, "provisioning.rules.yml"));
        await PromtoolAsync("test", "rules", Path.Combine(Prometheus, "provisioning.test.yml"));
        await PromtoolAsync("check", "rules", "--lint=all", Path.Combine(Prometheus, "reconciliation.rules.yml"));
        await PromtoolAsync("test", "rules", Path.Combine(Prometheus, "reconciliation.test.yml"));
    }

    [PeerFact("promtool")]
    public async Task An_alert_that_is_wrong_is_found()
    {
        var folder = Workspace.NewFolder("rules");
        var rules = await File.ReadAllTextAsync(Path.Combine(Prometheus, "enforcement.rules.yml"));
        await File.WriteAllTextAsync(Path.Combine(folder, "enforcement.rules.yml"), rules.Replace("> 0.05", "> 0.5"));
        File.Copy(Path.Combine(Prometheus, "enforcement.test.yml"), Path.Combine(folder, "enforcement.test.yml"));
        (await Peer.RunAsync("promtool", null, "test", "rules", Path.Combine(folder, "enforcement.test.yml"))).ExitCode.ShouldNotBe(0);
    }

    /// <summary>promtool parses an expression only within a rule.</summary>
    [PeerFact("promtool")]
    public async Task The_six_panels_ask_in_promql()
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Dashboard));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        panels
            .Select(p => p.GetProperty("title").GetString())
            .ShouldBe([
                "Option 82 compliance",
                "VLAN assignments",
                "IPv6 modes",
                "Static IP use",
                "Access-Request duration",
                "Subscribers by VLAN",
            ]);
        var expressions = panels.SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => t.GetProperty("expr").GetString()!);
        var file = Path.Combine(Workspace.NewFolder("panels"), "panels.yml");
        var rules = expressions.Select(
            (e, i) =>
                $"      - record: panel:{i}\n        expr: {JsonSerializer.Serialize(e.Replace("$__rate_interval", "1m").Replace("$tenant", ".*"))}\n"
        );
        await File.WriteAllTextAsync(file, "groups:\n  - name: panels\n    rules:\n" + string.Concat(rules));
        await PromtoolAsync("check", "rules", file);
    }

    [Fact]
    public async Task Every_metric_that_is_asked_for_is_served()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(
            new
            {
                vlan_id = 2222,
                circuit_id = "right",
                ipv6_mode = "slaac",
                framed_ipv6_prefix = "2001:db8:2222::/64",
                framed_ipv4_address = "100.99.22.22",
            }
        );
        await nas.AccessAsync(user.Username, user.Password, ("ADSL-Agent-Circuit-Id", "0x77726f6e67"));
        await nas.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", "dash-1"), ("NAS-IP-Address", nas.Address));
        await Eventually.IsTrueAsync(
            async () => await host.MetricAsync("radius_active_subscribers_by_vlan", ("vlan_id", "2222")) is 1,
            "the session is counted on its VLAN"
        );
        await nas.AccountAsync("Stop", ("User-Name", user.Username), ("Acct-Session-Id", "dash-1"), ("NAS-IP-Address", nas.Address));
        var served = (await host.Admin.GetAsync("/metrics")).Text;
        (await host.MetricAsync("radius_active_subscribers_by_vlan", ("vlan_id", "2222"))).ShouldBe(0);

        var asked = Metric
            .Matches(
                await File.ReadAllTextAsync(Dashboard) + await File.ReadAllTextAsync(Path.Combine(Prometheus, "enforcement.rules.yml"))
            )
            .Select(m => m.Value)
            .Distinct(StringComparer.Ordinal)
            .Except(Elsewhere)
            .ToList();
        asked.Count.ShouldBeGreaterThanOrEqualTo(6);
        asked
            .Except(["radius_active_subscribers_by_vlan"])
            .Where(name => !Regex.IsMatch(served, $"^{name}\\{{.*tenant_id=\"[0-9a-f-]{{36}}\"", RegexOptions.Multiline))
            .ShouldBeEmpty();
    }

    private static async Task PromtoolAsync(params string[] arguments)
    {
        var (code, output) = await Peer.RunAsync("promtool", null, arguments);
        code.ShouldBe(0, output);
    }
}
