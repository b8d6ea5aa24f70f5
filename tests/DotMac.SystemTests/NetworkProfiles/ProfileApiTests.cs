using System.Text.Json.Nodes;
using DotMac.SystemTests.Access;

namespace DotMac.SystemTests.NetworkProfiles;

/// <summary>The network profile over REST: made, changed, taken away, refused, and remembered.</summary>
public sealed class ProfileApiTests(AccessApi api) : IClassFixture<AccessApi>
{
    private static string Path(string name, string rest = "") => $"network/subscribers/{name}/profile{rest}";

    [Fact]
    public async Task A_profile_from_its_making_to_its_end()
    {
        var subscriber = await api.SubscriberAsync("life@line");
        (await api.Client.MustAsync(404, "GET", Path("life@line"))).Code().ShouldBe("network_profile.not_found");
        var empty = await api.Client.MustAsync(200, "GET", Path("life@line", "?or_empty=true"));
        empty["is_stored"]!.GetValue<bool>().ShouldBeFalse();
        (await api.Client.MustAsync(404, "PATCH", Path("life@line"), new { service_vlan = 7 }))
            .Code()
            .ShouldBe("network_profile.not_found");
        (await api.Client.MustAsync(404, "GET", Path("nobody@line"))).Code().ShouldBe("subscriber.not_found");

        var made = await api.Client.MustAsync(
            200,
            "PUT",
            Path("life@line"),
            new
            {
                circuit_id = "0x6f6c7431",
                remote_id = "cpe-1",
                option82_policy = "enforce",
                service_vlan = 101,
                inner_vlan = 7,
                vlan_pool = "metro",
                static_ipv4 = "100.71.0.9",
                ipv6_assignment_mode = "dual_stack",
                static_ipv6 = "2001:db8:71::9",
                delegated_ipv6_prefix = "2001:db8:7100::/60",
            }
        );
        made["is_stored"]!.GetValue<bool>().ShouldBeTrue();
        made.Text("circuit_id").ShouldBe("olt1");
        made["qinq_enabled"]!.GetValue<bool>().ShouldBeTrue("an inner VLAN means Q-in-Q");
        made["ipv6_pd_size"]!.GetValue<int>().ShouldBe(60, "the prefix says it");
        made["ipv4"]!.Text("state").ShouldBe("pending");
        made["ipv4"]!["may_become"]!.ToJsonString().ShouldBe("""["allocated","failed"]""");
        made["option82_mismatch_count"]!.GetValue<long>().ShouldBe(0);
        made["last_validated_at"].ShouldBeNull();

        // One fact, one place: the subscriber shows the same line.
        var shown = await api.Client.MustAsync(200, "GET", "subscribers/life@line");
        shown["vlan_id"]!.GetValue<int>().ShouldBe(101);
        shown.Text("framed_ipv4_address").ShouldBe("100.71.0.9");
        shown.Text("ipv6_mode").ShouldBe("dual_stack");

        var patched = await api.Client.MustAsync(
            200,
            "PATCH",
            Path("life@line"),
            new { qinq_enabled = false, static_ipv4 = (string?)null }
        );
        patched["inner_vlan"]!.GetValue<int>().ShouldBe(7, "remembered, not sent");
        patched["static_ipv4"].ShouldBeNull();
        patched.Text("static_ipv6").ShouldBe("2001:db8:71::9");
        patched["version"]!.GetValue<int>().ShouldBeGreaterThan(made["version"]!.GetValue<int>());
        (await api.Client.MustAsync(200, "PATCH", Path("life@line"), new { qinq_enabled = false }))["version"]!
            .GetValue<int>()
            .ShouldBe(patched["version"]!.GetValue<int>(), "the same again is no change");

        // What the subscriber's own form says is the profile's as well.
        await api.Client.MustAsync(200, "PATCH", "subscribers/life@line", new { vlan_id = 102 });
        (await api.Client.MustAsync(200, "GET", Path(subscriber.Text("id"))))["service_vlan"]!.GetValue<int>().ShouldBe(102);

        await api.Client.MustAsync(204, "DELETE", Path("life@line"));
        await api.Client.MustAsync(404, "GET", Path("life@line"));
        (await api.Client.MustAsync(200, "GET", "subscribers/life@line"))["vlan_id"].ShouldBeNull();

        var again = await api.Client.MustAsync(200, "PUT", Path("life@line"), new { service_vlan = 5 });
        again["version"]!.GetValue<int>().ShouldBeGreaterThan(patched["version"]!.GetValue<int>(), "a version never falls");
        again["vlan_pool"].ShouldBeNull("the profile is a new one");
        await AuditIsWholeAsync("life@line");
    }

    private async Task AuditIsWholeAsync(string name)
    {
        var items = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = await api.Client.MustAsync(200, "GET", Path(name, $"/audit?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}"));
            items.AddRange(page["items"]!.AsArray().Select(i => i!));
            cursor = page["next_cursor"]?.GetValue<string>();
        } while (cursor is not null);

        items.Select(i => i["seq"]!.GetValue<long>()).ShouldBeInOrder(SortDirection.Descending);
        items.ShouldAllBe(i => i.Text("actor_name") == "tester");
        var deleted = items.Single(i => i.Text("action") == "network_profile.deleted");
        deleted["before"]!.Text("delegated_ipv6_prefix").ShouldBe("2001:db8:7100::/60", "the last configuration stays");
        deleted["after"].ShouldBeNull();
        items.Where(i => i.Text("action") == "network_profile.created").Count().ShouldBe(2);
        var moved = items.Single(i => i["after"]?["vlan_id"]?.GetValue<int>() == 102);
        moved["before"]!["vlan_id"]!.GetValue<int>().ShouldBe(101);
        items.ShouldAllBe(i => i["after"] == null || i["after"]!["password"] == null);
    }

    [Fact]
    public async Task All_faults_at_once()
    {
        await api.SubscriberAsync("faults@line");
        var problem = await api.Client.MustAsync(
            400,
            "PUT",
            Path("faults@line"),
            new
            {
                circuit_id = "smörgås",
                option82_policy = "sometimes",
                inner_vlan = 4095,
                vlan_pool = new string('x', 65),
                static_ipv4 = "10.1",
                ipv4_netmask = "255.0.255.0",
                ipv6_assignment_mode = "dual",
                static_ipv6 = "fe80::1",
                ipv6_prefix = "2001:db8::1/64",
                delegated_ipv6_prefix = "2001:db8::/47",
                ipv6_pd_size = 65,
                nas_ipv4_pool = new string('p', 254),
            }
        );
        problem
            .Faults()
            .ShouldBe([
                "circuit_id:bad_format",
                "delegated_ipv6_prefix:out_of_range",
                "inner_vlan:out_of_range",
                "inner_vlan:without_vlan",
                "ipv4_netmask:bad_format",
                "ipv6_assignment_mode:unknown",
                "ipv6_pd_size:out_of_range",
                "ipv6_prefix:not_canonical",
                "nas_ipv4_pool:too_long",
                "option82_policy:unknown",
                "static_ipv4:bad_format",
                "static_ipv6:bad_address",
                "vlan_pool:too_long",
            ]);
    }

    [Theory]
    [InlineData("static_ipv4", "100.72.0.1", "100.72.0.1")]
    [InlineData("static_ipv6", "2001:db8:72::1", "2001:db8:72::1")]
    [InlineData("ipv6_prefix", "2001:db8:72:1::/64", "2001:db8:72:1::/64")]
    [InlineData("delegated_ipv6_prefix", "2001:db8:7200::/56", "2001:db8:7200::/56")]
    [InlineData("delegated_ipv6_prefix", "2001:db8:7201::/48", "2001:db8:7201:ab00::/56")]
    [InlineData("delegated_ipv6_prefix", "2001:db8:7202:ff00::/56", "2001:db8:7202::/48")]
    public async Task What_belongs_to_another_line_is_refused_by_its_name(string field, string has, string wants)
    {
        var (one, other) = (
            $"one{has.GetHashCode(StringComparison.Ordinal)}@line",
            $"other{has.GetHashCode(StringComparison.Ordinal)}@line"
        );
        await api.SubscriberAsync(one);
        await api.SubscriberAsync(other);
        await api.Client.MustAsync(200, "PUT", Path(one), new Dictionary<string, string> { [field] = has });
        await api.Client.MustAsync(200, "PUT", Path(one), new Dictionary<string, string> { [field] = has });
        var problem = await api.Client.MustAsync(409, "PUT", Path(other), new Dictionary<string, string> { [field] = wants });
        problem.Code().ShouldBe("network_profile.address_taken");
        problem.Text("detail").ShouldContain(field);
        problem.Text("detail").ShouldContain(one);
        problem.Text("detail").ShouldContain(has);

        await api.Client.MustAsync(204, "DELETE", Path(one));
        await api.Client.MustAsync(200, "PUT", Path(other), new Dictionary<string, string> { [field] = wants });
    }

    [Fact]
    public async Task Two_who_want_one_address_at_once_get_one_answer_each()
    {
        var names = Enumerable.Range(0, 8).Select(n => $"race{n}@line").ToList();
        foreach (var name in names)
        {
            await api.SubscriberAsync(name);
        }

        var answers = await Task.WhenAll(
            names.Select(n => api.Client.SendAsync("PUT", Path(n), new { static_ipv6 = "2001:db8:73::1", static_ipv4 = "100.73.0.1" }))
        );
        answers.Count(a => a.Status == 200).ShouldBe(1);
        answers.Count(a => a.Status == 409).ShouldBe(7);
    }

    [Fact]
    public async Task A_stale_version_is_refused()
    {
        await api.SubscriberAsync("stale@line");
        var made = await api.Client.MustAsync(200, "PUT", Path("stale@line"), new { service_vlan = 9 });
        var version = made["version"]!.GetValue<int>();
        foreach (var method in new[] { "PUT", "PATCH", "DELETE" })
        {
            var body = method == "DELETE" ? null : new { service_vlan = 10 };
            var (status, problem) = await api.Client.SendAsync(method, Path("stale@line"), body, ("If-Match", $"W/\"{version - 1}\""));
            status.ShouldBe(412);
            problem.Code().ShouldBe("network_profile.changed");
        }

        (
            await api.Client.SendAsync("PATCH", Path("stale@line"), new { service_vlan = 10 }, ("If-Match", $"W/\"{version}\""))
        ).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_line_that_was_given_without_a_profile_is_shown_and_becomes_one_when_it_is_changed()
    {
        await api.SubscriberAsync("derived@line", new { vlan_id = 300, inner_vlan = 4 });
        var shown = await api.Client.MustAsync(200, "GET", Path("derived@line"));
        shown["is_stored"]!.GetValue<bool>().ShouldBeFalse();
        shown["qinq_enabled"]!.GetValue<bool>().ShouldBeTrue();
        var changed = await api.Client.MustAsync(200, "PATCH", Path("derived@line"), new { vlan_pool = "metro" });
        changed["is_stored"]!.GetValue<bool>().ShouldBeTrue();
        changed["inner_vlan"]!.GetValue<int>().ShouldBe(4);
    }

    [Fact]
    public async Task Permissions_and_tenants_are_kept_apart()
    {
        await api.SubscriberAsync("mine@line", new { vlan_id = 1 });
        await api.As(AccessApi.OtherTenant, AccessApi.AllPermissions).MustAsync(404, "GET", Path("mine@line"));
        await api.As(AccessApi.Tenant, "isp.radius.read").MustAsync(403, "PUT", Path("mine@line"), new { });
        await api.As(AccessApi.Tenant, "isp.radius.write").MustAsync(403, "POST", "network/subscribers/mine@line/ipv4/allocate");
        await api.As(AccessApi.Tenant, "dashboard.read").MustAsync(403, "GET", Path("mine@line", "/audit"));
    }

    [Fact]
    public async Task Statistics_count_what_is_there()
    {
        await api.SubscriberAsync("stat1@line");
        await api.Client.MustAsync(
            200,
            "PUT",
            Path("stat1@line"),
            new
            {
                service_vlan = 1,
                inner_vlan = 2,
                ipv6_assignment_mode = "pd",
                delegated_ipv6_prefix = "2001:db8:7500::/57",
            }
        );
        var profiles = await api.Client.MustAsync(200, "GET", "network/profiles/stats");
        profiles["lines"]!.GetValue<long>().ShouldBeGreaterThan(0);
        profiles["qinq_vlan"]!.GetValue<long>().ShouldBeGreaterThan(0);
        profiles["ipv4_states"]!["pending"]!.GetValue<long>().ShouldBeGreaterThan(0);
        var six = await api.Client.MustAsync(200, "GET", "network/ipv6/stats");
        six["modes"]!["pd"]!.GetValue<long>().ShouldBeGreaterThan(0);
        six["delegated_sizes"]!["57"]!.GetValue<long>().ShouldBe(1);
    }
}
