using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Network;

/// <summary>The address plan over the real host's API.</summary>
public sealed class IpamApiTests(HostFixture fixture) : IClassFixture<HostFixture>
{
    private const string Base = "/api/v1/ipam";
    private readonly ApiClient api = fixture.Admin;

    [Fact]
    public async Task Prefixes_nest_only_in_containers_and_never_twice_in_one_vrf()
    {
        var vrf = (await api.PostAsync($"{Base}/vrfs", new { name = "Nest", rd = "64500:1" }).ShouldAsync(201))["id"].GetString();
        Task<ApiAnswer> AddAsync(string prefix, string status, string? of) =>
            api.PostAsync(
                $"{Base}/prefixes",
                new
                {
                    prefix,
                    status,
                    vrf_id = of,
                }
            );
        var top = await AddAsync("10.0.0.0/8", "container", vrf).ShouldAsync(201);
        var leaf = await AddAsync("10.1.0.0/16", "active", vrf).ShouldAsync(201);
        (await AddAsync("10.1.0.0/16", "active", vrf)).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("ipam_prefix.taken");
        (await AddAsync("10.1.2.0/24", "active", vrf)).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("ipam_prefix.overlaps");
        (await AddAsync("10.1.2.0/24", "container", vrf)).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("ipam_prefix.overlaps");
        (await AddAsync("10.0.0.0/9", "active", vrf)).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("ipam_prefix.overlaps");
        await AddAsync("10.1.0.0/16", "active", null).ShouldAsync(201);
        (await AddAsync("10.1.2.3/16", "active", null))
            .ShouldHave(HttpStatusCode.BadRequest)["errors"][0]
            .GetProperty("code")
            .GetString()
            .ShouldBe("bad_format");
        (await AddAsync("10.2.0.0/16", "active", vrf)).ShouldHave(HttpStatusCode.Created)["depth"].GetInt64().ShouldBe(1);
        var tree = await api.GetAsync($"{Base}/prefixes/tree?vrf_id={vrf}").ShouldAsync(200);
        tree["items"].GetArrayLength().ShouldBe(1);
        tree["items"][0].GetProperty("child_count").GetInt64().ShouldBe(2);
        tree["items"][0].GetProperty("utilization_percent").GetDouble().ShouldBe(0.78, 0.01);
        (await api.GetAsync($"{Base}/prefixes/tree?parent_id={top["id"].GetString()}"))["items"].GetArrayLength().ShouldBe(2);
        (await api.GetAsync($"{Base}/prefixes/{top["id"].GetString()}/available-prefixes?length=16&limit=2"))
            .Body.EnumerateArray()
            .Select(e => e.GetString())
            .ShouldBe(["10.0.0.0/16", "10.3.0.0/16"]);
        (await api.PostAsync($"{Base}/prefixes/{top["id"].GetString()}/available-prefixes", new { prefix_length = 16 }))
            .ShouldHave(HttpStatusCode.Created)["prefix"]
            .GetString()
            .ShouldBe("10.0.0.0/16");
        var patched = await api.PatchAsync($"{Base}/prefixes/{leaf["id"].GetString()}", new { description = "Customers", role = "access" });
        patched.ShouldHave(HttpStatusCode.OK)["version"].GetInt32().ShouldBe(2);
        (await api.PatchAsync($"{Base}/prefixes/{leaf["id"].GetString()}", new { prefix = "10.9.0.0/16" })).ShouldHave(
            HttpStatusCode.BadRequest
        );
        (await api.PatchAsync($"{Base}/prefixes/{leaf["id"].GetString()}", new { is_pool = "perhaps" })).ShouldHave(
            HttpStatusCode.BadRequest
        );
        (await api.DeleteAsync($"{Base}/prefixes/{leaf["id"].GetString()}", ("If-Match", "W/\"1\""))).ShouldHave(
            HttpStatusCode.PreconditionFailed
        );
        await api.DeleteAsync($"{Base}/prefixes/{leaf["id"].GetString()}").ShouldAsync(204);
        (await api.DeleteAsync($"{Base}/vrfs/{vrf}")).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("ipam_vrf.in_use");
    }

    [Fact]
    public async Task The_same_address_in_two_tables_is_listed_in_each_by_itself()
    {
        var vrf = (await api.PostAsync($"{Base}/vrfs", new { name = "Twice", rd = "64500:77" }).ShouldAsync(201))["id"].GetString();
        foreach (var of in new[] { vrf, null })
        {
            await api.PostAsync($"{Base}/prefixes", new { prefix = "10.40.0.0/24", vrf_id = of }).ShouldAsync(201);
            await api.PostAsync(
                    $"{Base}/allocate",
                    new
                    {
                        address = "10.40.0.9",
                        vrf_id = of,
                        label = of is null ? "in the open" : "inside",
                    }
                )
                .ShouldAsync(201);
        }

        async Task<string?[]> LabelsAsync(string space) =>
            [
                .. (await api.GetAsync($"{Base}/ip-addresses?within=10.40.0.0/24{space}").ShouldAsync(200))["items"]
                    .EnumerateArray()
                    .Select(a => a.GetProperty("label").GetString())
                    .Order(),
            ];
        (await LabelsAsync("")).ShouldBe(["in the open", "inside"]);
        (await LabelsAsync("&global=true")).ShouldBe(["in the open"]);
        (await LabelsAsync("&global=false")).ShouldBe(["inside"]);
        (await LabelsAsync($"&vrf_id={vrf}")).ShouldBe(["inside"]);
    }

    [Fact]
    public async Task A_pool_its_addresses_and_who_had_one_at_a_moment()
    {
        var pool = await api.PostAsync(
                $"{Base}/pools",
                new
                {
                    name = "Homes",
                    type = "ipv4_private",
                    network = "100.64.0.0/29",
                    gateway = "100.64.0.1",
                    dns_servers = new[] { "192.0.2.53" },
                    quarantine_seconds = 0,
                }
            )
            .ShouldAsync(201);
        (pool["total"].GetInt64(), pool["available"].GetInt64(), pool["set_aside"].GetInt64()).ShouldBe((6, 5, 1));
        (
            await api.PostAsync(
                $"{Base}/pools",
                new
                {
                    name = "Again",
                    type = "ipv4_private",
                    network = "100.64.0.0/30",
                }
            )
        ).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("ipam_pool.overlaps");
        (await api.GetAsync($"{Base}/pools/{pool["id"].GetString()}/available?limit=2"))
            .Body.EnumerateArray()
            .Select(e => e.GetString())
            .ShouldBe(["100.64.0.2/32", "100.64.0.3/32"]);
        var owner = Guid.NewGuid();
        var given = await api.PostAsync(
                $"{Base}/allocate",
                new
                {
                    kind = "ipv4",
                    pool = "Homes",
                    owner_id = owner,
                    label = "SUB-1",
                }
            )
            .ShouldAsync(201);
        given["address"].GetString().ShouldBe("100.64.0.2/32");
        (await api.PostAsync($"{Base}/allocate", new { address = "100.64.0.2", label = "router" }))
            .ShouldHave(HttpStatusCode.Conflict)
            .Code.ShouldBe("ipam.address_taken");
        (await api.PostAsync($"{Base}/allocate", new { address = "100.64.0.1", label = "router" }))
            .ShouldHave(HttpStatusCode.Conflict)["detail"]
            .GetString()!
            .ShouldContain("gateway");
        var during = DateTimeOffset.UtcNow;
        (await api.GetAsync($"{Base}/pools/{pool["id"].GetString()}"))["used"].GetInt64().ShouldBe(1);
        await api.DeleteAsync($"{Base}/ip-addresses/{given["id"].GetString()}").ShouldAsync(204);
        (await api.DeleteAsync($"{Base}/ip-addresses/{given["id"].GetString()}"))
            .ShouldHave(HttpStatusCode.Conflict)
            .Code.ShouldBe("ipam_address.ended");
        await api.PostAsync(
                $"{Base}/allocate",
                new
                {
                    kind = "ipv4",
                    pool = "Homes",
                    owner_id = Guid.NewGuid(),
                    label = "SUB-2",
                }
            )
            .ShouldAsync(201);
        var who = await api.GetAsync($"{Base}/who-has?address=100.64.0.2&at={Uri.EscapeDataString(during.ToString("O"))}").ShouldAsync(200);
        who["holders"].EnumerateArray().Single().GetProperty("label").GetString().ShouldBe("SUB-1");
        who["history"].EnumerateArray().Select(h => h.GetProperty("label").GetString()).ShouldBe(["SUB-2", "SUB-1"]);
        (await api.GetAsync($"{Base}/who-has?address=100.64.0.2"))["holders"][0].GetProperty("label").GetString().ShouldBe("SUB-2");
        var check = await api.PostAsync(
                $"{Base}/check-conflicts",
                new { addresses = new[] { "100.64.0.2", "100.64.0.4", "100.64.0.0/30" } }
            )
            .ShouldAsync(200);
        check["addresses"].EnumerateArray().Select(a => a.GetProperty("is_free").GetBoolean()).ShouldBe([false, true, false]);
        (await api.GetAsync($"{Base}/prefixes/{pool["prefix_id"].GetString()}/available-ips?limit=1"))
            .Body[0]
            .GetString()
            .ShouldBe("100.64.0.3");
        (await api.PostAsync($"{Base}/prefixes/{pool["prefix_id"].GetString()}/available-ips", new { label = "probe" }))
            .ShouldHave(HttpStatusCode.Created)["address"]
            .GetString()
            .ShouldBe("100.64.0.3/32");
        var map = await api.GetAsync($"{Base}/prefixes/{pool["prefix_id"].GetString()}/map").ShouldAsync(200);
        (map["cell_count"].GetInt32(), map["cell_capacity"].GetInt64(), map["can_zoom"].GetBoolean()).ShouldBe((8, 1, false));
        map["cells"]
            .EnumerateArray()
            .Select(c => (c.GetProperty("index").GetInt32(), c.GetProperty("label").GetString()))
            .ShouldBe([(1, "gateway"), (2, "SUB-2"), (3, "probe")]);
        (await api.DeleteAsync($"{Base}/pools/{pool["id"].GetString()}"))
            .ShouldHave(HttpStatusCode.Conflict)
            .Code.ShouldBe("ipam_pool.in_use");
        var more = await api.PostAsync($"{Base}/pools/{pool["id"].GetString()}/ranges", new { network = "100.65.0.0/30" }).ShouldAsync(200);
        more["total"].GetInt64().ShouldBe(8);
        (await api.GetAsync("/api/v1/ip-management/pools?q=homes"))["items"][0].GetProperty("used").GetInt64().ShouldBe(2);
        var list = await api.GetAsync($"{Base}/ip-addresses?within=100.64.0.0/29&ended=true&count=true").ShouldAsync(200);
        list["total"].GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_reservation_is_used_by_its_owner_or_given_back_when_its_time_is_over()
    {
        await api.PostAsync(
                $"{Base}/pools",
                new
                {
                    name = "Kept",
                    type = "ipv6_pd",
                    network = "2001:db8:1::/48",
                    delegation_length = 64,
                    is_default = true,
                }
            )
            .ShouldAsync(201);
        var owner = Guid.NewGuid();
        var kept = await api.PostAsync(
                $"{Base}/reservations",
                new
                {
                    kind = "delegated_prefix",
                    pool = "Kept",
                    owner_id = owner,
                    label = "SUB-7",
                }
            )
            .ShouldAsync(201);
        (kept["state"].GetString(), kept["origin"].GetString()).ShouldBe(("pending", "reservation"));
        (await api.GetAsync($"{Base}/reservations"))["items"].GetArrayLength().ShouldBe(1);
        var used = await api.PostAsync(
                $"{Base}/allocate",
                new
                {
                    kind = "delegated_prefix",
                    pool = "Kept",
                    owner_id = owner,
                    label = "SUB-7",
                }
            )
            .ShouldAsync(201);
        used["id"].GetString().ShouldBe(kept["id"].GetString());
        used["expires_at"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await api.PostAsync($"{Base}/reservations", new { kind = "delegated_prefix", pool = "Kept" })).ShouldHave(
            HttpStatusCode.BadRequest
        );
        var soon = await api.PostAsync(
                $"{Base}/reservations",
                new
                {
                    kind = "delegated_prefix",
                    pool = "Kept",
                    label = "for nobody",
                    expires_at = DateTimeOffset.UtcNow.AddHours(1),
                }
            )
            .ShouldAsync(201);
        await fixture.Database.ExecuteAsync(
            "UPDATE ipam_allocations SET expires_at = now() - interval '1 second' WHERE id = @id::uuid",
            new { id = soon["id"].GetString() }
        );
        await Eventually.IsTrueAsync(
            async () => (await api.GetAsync($"{Base}/ip-addresses/{soon["id"].GetString()}"))["ended_by"].GetString() == "expiry",
            "the worker gives it back",
            TimeSpan.FromSeconds(90)
        );
        (await api.GetAsync($"{Base}/reservations"))["items"].GetArrayLength().ShouldBe(0);
        using var metrics = new HttpClient();
        await Eventually.IsTrueAsync(
            async () =>
                (await metrics.GetStringAsync(new Uri(fixture.Host.Address, "/metrics"))).Split('\n') is var lines
                && lines.Any(l =>
                    l.StartsWith("netbox_ipv6_pd_available_prefixes{", StringComparison.Ordinal)
                    && l.EndsWith(" 65535", StringComparison.Ordinal)
                )
                && lines.Any(l =>
                    l.StartsWith("netbox_ipv6_pd_allocations_total{", StringComparison.Ordinal)
                    && l.Contains("prefix_size=\"64\"", StringComparison.Ordinal)
                ),
            "the gauges tell what is left",
            TimeSpan.FromSeconds(90)
        );
    }

    [Fact]
    public async Task Vlan_pools_count_lines_and_do_not_overlap()
    {
        var site = (
            await api.PostAsync(
                    $"{Base}/sites",
                    new
                    {
                        name = "Ikeja North",
                        latitude = 6.6,
                        longitude = 3.35,
                    }
                )
                .ShouldAsync(201)
        )["id"].GetString();
        var pool = await api.PostAsync(
                $"{Base}/vlan-pools",
                new
                {
                    name = "Ikeja",
                    is_qinq = true,
                    service_first = 100,
                    service_last = 109,
                    inner_first = 1,
                    inner_last = 4000,
                    site_id = site,
                }
            )
            .ShouldAsync(201);
        (pool["total"].GetInt64(), pool["available"].GetInt64()).ShouldBe((40_000, 40_000));
        (
            await api.PostAsync(
                $"{Base}/vlan-pools",
                new
                {
                    name = "Other",
                    service_first = 109,
                    service_last = 120,
                    site_id = site,
                }
            )
        ).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("ipam_vlan_pool.overlaps");
        await api.PostAsync(
                $"{Base}/vlan-pools",
                new
                {
                    name = "Other",
                    service_first = 109,
                    service_last = 120,
                }
            )
            .ShouldAsync(201);
        (await api.GetAsync($"{Base}/sites?q=ikeja"))["items"][0].GetProperty("slug").GetString().ShouldBe("ikeja-north");
        (await api.DeleteAsync($"{Base}/vlan-pools/{pool["id"].GetString()}")).ShouldHave(HttpStatusCode.NoContent);
        var group = (await api.PostAsync($"{Base}/vlan-groups", new { name = "Access", site_id = site }).ShouldAsync(201))["id"]
            .GetString();
        await api.PostAsync(
                $"{Base}/vlans",
                new
                {
                    vid = 100,
                    name = "Homes",
                    group_id = group,
                }
            )
            .ShouldAsync(201);
        (
            await api.PostAsync(
                $"{Base}/vlans",
                new
                {
                    vid = 100,
                    name = "Again",
                    group_id = group,
                }
            )
        ).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("ipam_vlan.vid_taken");
        (await api.PostAsync($"{Base}/vlans", new { vid = 4095, name = "" }))
            .ShouldHave(HttpStatusCode.BadRequest)["errors"]
            .GetArrayLength()
            .ShouldBe(2);
    }
}
