using System.Text.Json.Nodes;
using DotMac.SystemTests.Access;

namespace DotMac.SystemTests.NetworkProfiles;

/// <summary>An address from the plan's pool to its end, over REST, with the built-in address plan behind it; and defaults that choose the pool.</summary>
public sealed class AddressApiTests(AccessApi api) : IClassFixture<AccessApi>
{
    private static string Path(string name, string rest) => $"network/subscribers/{name}/{rest}";

    private Task<JsonNode> PoolAsync(string name, string type, string network, int? length = null) =>
        api.Client.MustAsync(
            201,
            "POST",
            "ipam/pools",
            new
            {
                name,
                type,
                network,
                delegation_length = length,
                quarantine_seconds = 0,
            }
        );

    private Task<JsonNode> ProfileAsync(string name, object profile) => api.Client.MustAsync(200, "PUT", Path(name, "profile"), profile);

    private async Task<JsonNode> MoveAsync(string name, string move, int status = 200) =>
        await api.Client.MustAsync(status, "POST", Path(name, move));

    [Fact]
    public async Task Ipv4_from_the_pool_to_its_end()
    {
        await PoolAsync("v4-life", "ipv4_private", "10.81.0.0/29");
        await api.SubscriberAsync("v4@addr");
        await ProfileAsync("v4@addr", new { ipv4_pool = "v4-life" });
        (await MoveAsync("v4@addr", "ipv4/activate", 409)).Code().ShouldBe("address.transition_refused");

        var allocated = await MoveAsync("v4@addr", "ipv4/allocate");
        allocated["life"]!.Text("state").ShouldBe("allocated");
        var address = allocated["addresses"]![0]!.GetValue<string>();
        address.ShouldStartWith("10.81.0.");
        allocated["held"]![0]!.Text("network").ShouldBe(address + "/32");
        allocated["held"]![0]!.Text("pool").ShouldBe("v4-life");
        (await api.Client.MustAsync(200, "GET", "subscribers/v4@addr")).Text("framed_ipv4_address").ShouldBe(address);
        (await MoveAsync("v4@addr", "ipv4/allocate"))["addresses"]!.ToJsonString().ShouldBe($"[\"{address}\"]", "asked twice it acts once");

        (await MoveAsync("v4@addr", "ipv4/reactivate", 409)).Code().ShouldBe("address.transition_refused");
        var active = await MoveAsync("v4@addr", "ipv4/activate");
        active["held"]![0]!.Text("state").ShouldBe("active", "the plan's books follow");
        active["life"]!["activated_at"].ShouldNotBeNull();
        (await MoveAsync("v4@addr", "ipv4/suspend"))["life"]!.Text("state").ShouldBe("suspended");
        (await MoveAsync("v4@addr", "ipv4/activate", 409)).Code().ShouldBe("address.transition_refused");
        (await MoveAsync("v4@addr", "ipv4/reactivate"))["life"]!.Text("state").ShouldBe("active");

        (await api.Client.MustAsync(409, "DELETE", Path("v4@addr", "profile"))).Code().ShouldBe("network_profile.holds_addresses");
        var revoked = await MoveAsync("v4@addr", "ipv4/revoke");
        revoked["life"]!.Text("state").ShouldBe("revoked");
        revoked["addresses"]!.AsArray().ShouldBeEmpty();
        revoked["held"]!.AsArray().ShouldBeEmpty();
        (await api.Client.MustAsync(200, "GET", "subscribers/v4@addr"))["framed_ipv4_address"].ShouldBeNull();
        (await MoveAsync("v4@addr", "ipv4/allocate", 409)).Code().ShouldBe("address.transition_refused");
        (await MoveAsync("v4@addr", "ipv4/revoke"))["life"]!.Text("state").ShouldBe("revoked", "repeating it changes nothing");

        // Another address is another life.
        await api.Client.MustAsync(200, "PATCH", Path("v4@addr", "profile"), new { static_ipv4 = "10.81.0.5" });
        (await api.Client.MustAsync(200, "GET", Path("v4@addr", "ipv4/status")))["life"]!.Text("state").ShouldBe("pending");
        (await MoveAsync("v4@addr", "ipv4/allocate"))["held"]![0]!.Text("network").ShouldBe("10.81.0.5/32");
    }

    [Fact]
    public async Task An_address_given_by_hand_stops_no_other_line_and_is_told_to_the_plan_later()
    {
        await PoolAsync("v4-hand", "ipv4_private", "10.83.0.0/29");
        foreach (var name in new[] { "hand@addr", "next@addr" })
        {
            await api.SubscriberAsync(name);
        }

        await ProfileAsync("hand@addr", new { static_ipv4 = "10.83.0.1" });
        await ProfileAsync("next@addr", new { ipv4_pool = "v4-hand" });
        (await MoveAsync("next@addr", "ipv4/allocate"))["held"]![0]!.Text("network").ShouldBe("10.83.0.2/32", "the lowest is on a line");

        (await MoveAsync("hand@addr", "ipv4/allocate"))["held"]![0]!.Text("network").ShouldBe("10.83.0.1/32");

        (await api.Client.MustAsync(409, "DELETE", "subscribers/next@addr")).Code().ShouldBe("subscriber.holds_addresses");
        await MoveAsync("next@addr", "ipv4/revoke");
        await api.Client.MustAsync(204, "DELETE", "subscribers/next@addr");
    }

    [Fact]
    public async Task Dual_stack_gets_an_address_and_a_prefix_of_the_wanted_size()
    {
        await PoolAsync("v6-wan", "ipv6_address", "2001:db8:8200:1::/64");
        await PoolAsync("v6-pd", "ipv6_pd", "2001:db8:8300::/40", 60);
        await api.SubscriberAsync("v6@addr");
        await ProfileAsync(
            "v6@addr",
            new
            {
                ipv6_assignment_mode = "dual_stack",
                ipv6_pool = "v6-wan",
                pd_pool = "v6-pd",
                ipv6_pd_size = 60,
            }
        );
        var allocated = await MoveAsync("v6@addr", "ipv6/allocate");
        allocated["addresses"]!.AsArray().Count.ShouldBe(2);
        allocated["held"]!.AsArray().Select(h => h!.Text("kind")).Order().ShouldBe(["delegated_prefix", "ipv6"]);
        var profile = await api.Client.MustAsync(200, "GET", Path("v6@addr", "profile"));
        profile.Text("delegated_ipv6_prefix").ShouldEndWith("/60");
        profile["static_ipv6"].ShouldNotBeNull();
        profile["ipv4"]!.Text("state").ShouldBe("pending", "the other family is not touched");
        foreach (
            var (move, state) in new[] { ("activate", "active"), ("suspend", "suspended"), ("resume", "active"), ("revoke", "revoked") }
        )
        {
            (await MoveAsync("v6@addr", "ipv6/" + move))["life"]!.Text("state").ShouldBe(state);
        }
    }

    [Fact]
    public async Task What_the_plan_cannot_give_is_refused_and_nothing_is_changed()
    {
        await PoolAsync("v4-tiny", "ipv4_private", "10.82.0.0/30");
        foreach (var n in new[] { 1, 2, 3 })
        {
            await api.SubscriberAsync($"tiny{n}@addr");
            await ProfileAsync($"tiny{n}@addr", new { ipv4_pool = "v4-tiny" });
        }

        await MoveAsync("tiny1@addr", "ipv4/allocate");
        await MoveAsync("tiny2@addr", "ipv4/allocate");
        var full = await MoveAsync("tiny3@addr", "ipv4/allocate", 409);
        full.Code().ShouldBe("address.plan_refused");
        full.Text("detail").ShouldContain("ipam.pool_exhausted");
        (await api.Client.MustAsync(200, "GET", Path("tiny3@addr", "ipv4/status")))["life"]!.Text("state").ShouldBe("failed");
        await MoveAsync("tiny2@addr", "ipv4/revoke");
        (await MoveAsync("tiny3@addr", "ipv4/allocate"))["life"]!.Text("state").ShouldBe("allocated", "begun anew");

        await api.SubscriberAsync("nomode@addr");
        await ProfileAsync("nomode@addr", new { ipv6_assignment_mode = "none" });
        (await MoveAsync("nomode@addr", "ipv6/allocate", 422)).Code().ShouldBe("address.no_ipv6_mode");
    }

    [Fact]
    public async Task A_static_address_outside_every_pool_is_told_to_the_plan_or_refused_as_the_flag_says()
    {
        await api.SubscriberAsync("static@addr");
        await ProfileAsync("static@addr", new { static_ipv4 = "203.0.113.77", ipv4_pool = "no-such-pool" });
        await FlagAsync("off");
        (await MoveAsync("static@addr", "ipv4/allocate", 409)).Text("detail").ShouldContain("provision.address_outside_pools");
        await FlagAsync("on");
        var allocated = await MoveAsync("static@addr", "ipv4/allocate");
        allocated["addresses"]![0]!.GetValue<string>().ShouldBe("203.0.113.77");
        allocated["life"]!.Text("state").ShouldBe("allocated");
        allocated["held"]![0]!.Text("network").ShouldBe("203.0.113.77/32", "the plan is told, and not asked for a place in a pool");

        await api.SubscriberAsync("loose@addr");
        await ProfileAsync("loose@addr", new { static_ipv4 = "203.0.113.78" });
        await FlagAsync("off");
        (await MoveAsync("loose@addr", "ipv4/allocate", 409)).Text("detail").ShouldContain("ENABLE_STATIC_IP_BYPASS");
        await FlagAsync("on");
        (await MoveAsync("loose@addr", "ipv4/allocate"))["held"]![0]!.Text("network").ShouldBe("203.0.113.78/32", "the plan is told");
        var audit = await api.Client.MustAsync(200, "GET", Path("static@addr", "profile/audit"));
        audit["items"]!.AsArray().Select(i => i!.Text("action")).ShouldContain("network_profile.static_ip_bypass");
        (
            await api.Database.ScalarAsync<long>(
                "SELECT count(*) FROM audit_log WHERE action = 'provision.static_ip_bypass' AND after ->> 'address' = '203.0.113.77/32'"
            )
        ).ShouldBe(1, "as of an order");
    }

    private Task FlagAsync(string value) =>
        api.Database.ExecuteAsync(
            """
            INSERT INTO tenant_flags (tenant_id, name, value, changed_by) VALUES (@Tenant, 'ENABLE_STATIC_IP_BYPASS', @value, 'test')
            ON CONFLICT (tenant_id, name) DO UPDATE SET value = excluded.value
            """,
            new { Tenant = AccessApi.Tenant, value }
        );

    [Fact]
    public async Task Defaults_of_plan_and_site_fill_what_nobody_says_and_the_most_specific_wins()
    {
        var plan = (
            await api.Client.MustAsync(
                201,
                "POST",
                "radius/bandwidth-profiles",
                new
                {
                    name = "defaults-plan",
                    download_rate_kbps = 1000,
                    upload_rate_kbps = 500,
                }
            )
        ).Text("id");
        var site = Guid.Parse((await api.Client.MustAsync(201, "POST", "ipam/sites", new { name = "Lekki", slug = "lekki" })).Text("id"));
        foreach (
            var fields in new object[]
            {
                new
                {
                    vlan_pool = "all",
                    ipv4_pool = "all",
                    ipv6_assignment_mode = "pd",
                    ipv6_pd_size = 60,
                },
                new
                {
                    site_id = site,
                    vlan_pool = "site",
                    option82_policy = "ignore",
                },
                new
                {
                    bandwidth_profile_id = plan,
                    vlan_pool = "plan",
                    qinq_enabled = true,
                },
                new
                {
                    bandwidth_profile_id = plan,
                    site_id = site,
                    pd_pool = "both",
                },
            }
        )
        {
            await api.Client.MustAsync(201, "POST", "network/profile-defaults", fields);
        }

        (await api.Client.MustAsync(409, "POST", "network/profile-defaults", new { site_id = site }))
            .Code()
            .ShouldBe("network_profile_defaults.exists");
        (await api.Client.MustAsync(400, "POST", "network/profile-defaults", new { site_id = Guid.NewGuid(), ipv6_pd_size = 47 }))
            .Faults()
            .ShouldBe(["ipv6_pd_size:out_of_range", "site_id:not_found"]);
        var items = (await api.Client.MustAsync(200, "GET", "network/profile-defaults"))["items"]!.AsArray();
        items.Select(i => i!["pd_pool"]?.GetValue<string>()).First().ShouldBe("both", "the most specific comes first");

        var resolved = await api.Client.MustAsync(
            200,
            "GET",
            $"network/profile-defaults/resolve?bandwidth_profile_id={plan}&site_id={site}"
        );
        resolved
            .ToJsonString()
            .ShouldBe(
                """{"vlan_pool":"plan","ipv4_pool":"all","ipv6_pool":null,"pd_pool":"both","ipv6_assignment_mode":"pd","option82_policy":"ignore","qinq_enabled":true,"ipv6_pd_size":60}"""
            );

        await api.SubscriberAsync("defaults@addr", new { bandwidth_profile_id = plan });
        (await api.Client.MustAsync(400, "PUT", Path("defaults@addr", "profile"), new { site_id = Guid.NewGuid(), inner_vlan = 0 }))
            .Faults()
            .ShouldBe(["inner_vlan:out_of_range", "inner_vlan:without_vlan", "site_id:not_found"]);
        var made = await ProfileAsync("defaults@addr", new { site_id = site, ipv4_pool = "own" });
        (made.Text("vlan_pool"), made.Text("ipv4_pool"), made.Text("option82_policy")).ShouldBe(("plan", "own", "ignore"));
        made["qinq_enabled"]!.GetValue<bool>().ShouldBeTrue();

        foreach (var item in items)
        {
            var id = item!.Text("id");
            await api.Client.MustAsync(200, "PATCH", $"network/profile-defaults/{id}", new { vlan_pool = "changed" });
            await api.Client.MustAsync(204, "DELETE", $"network/profile-defaults/{id}");
            await api.Client.MustAsync(404, "DELETE", $"network/profile-defaults/{id}");
        }
    }
}
