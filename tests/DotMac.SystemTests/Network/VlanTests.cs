using DotMac.Contracts.External;
using DotMac.Network.Ipam.Vlans;

namespace DotMac.SystemTests.Network;

/// <summary>VLANs from pools and as told, over real PostgreSQL.</summary>
public sealed class VlanTests(PlanFixture fixture) : IClassFixture<PlanFixture>
{
    [Fact]
    public async Task A_pool_of_pairs_gives_each_line_its_own_and_tells_when_none_is_left()
    {
        var tenant = await fixture.TenantAsync();
        await PoolAsync(
            tenant,
            new VlanPoolFields("pairs", IsQinq: true, ServiceFirst: 100, ServiceLast: 101, InnerFirst: 10, InnerLast: 11, IsDefault: true)
        );
        var lines = Enumerable.Range(0, 5).Select(n => new VlanOrder($"k{n}", Guid.NewGuid(), $"S-{n}", null, IsQinQ: true)).ToList();
        var given = await Task.WhenAll(lines.Take(4).Select(l => ReserveAsync(tenant, l)));
        given
            .Select(g => $"{g.Value!.ServiceVlan}.{g.Value.InnerVlan}")
            .Order(StringComparer.Ordinal)
            .ShouldBe(["100.10", "100.11", "101.10", "101.11"]);
        (await ReserveAsync(tenant, lines[4])).Fault!.Code.ShouldBe("ipam.vlan_pool_exhausted");
        (await ReserveAsync(tenant, lines[0])).Value!.ExternalId.ShouldBe(given[0].Value!.ExternalId, "asked twice with one key");
        await fixture.DoAsync(tenant, plan => plan.ReleaseVlanAsync("k0", lines[0].OwnerId, default));
        var last = await ReserveAsync(tenant, lines[4]);
        (last.Value!.ServiceVlan, last.Value.InnerVlan).ShouldBe((given[0].Value!.ServiceVlan, given[0].Value!.InnerVlan));
        (await fixture.DoAsync(tenant, plan => plan.HeldByAsync(lines[4].OwnerId, default))).Value!.Vlans.Single().Key.ShouldBe("k4");
    }

    [Fact]
    public async Task What_is_told_is_taken_out_of_the_pool_and_refused_to_a_second()
    {
        var tenant = await fixture.TenantAsync();
        var before = new VlanOrder("early", Guid.NewGuid(), "S-0", null, IsQinQ: true, ServiceVlan: 200, InnerVlan: 10);
        (await ReserveAsync(tenant, before)).Value.ShouldNotBeNull("told before there is a pool");
        await PoolAsync(
            tenant,
            new VlanPoolFields("pairs", IsQinq: true, ServiceFirst: 200, ServiceLast: 200, InnerFirst: 10, InnerLast: 13)
        );
        VlanOrder Told(string key, int inner) => new(key, Guid.NewGuid(), key, null, IsQinQ: true, ServiceVlan: 200, InnerVlan: inner);
        (await ReserveAsync(tenant, Told("a", 11))).Value!.Pool.ShouldBe("pairs");
        (await ReserveAsync(tenant, Told("b", 11))).Fault!.Code.ShouldBe("ipam.vlan_taken");
        (await ReserveAsync(tenant, Told("c", 10))).Fault!.Code.ShouldBe("ipam.vlan_taken", "the pool took in what was told before it was");
        var next = await ReserveAsync(tenant, new VlanOrder("d", Guid.NewGuid(), "d", "pairs", IsQinQ: true));
        next.Value!.InnerVlan.ShouldBe(12);
        (await ReserveAsync(tenant, new VlanOrder("e", Guid.NewGuid(), "e", "pairs", IsQinQ: false))).Fault!.Code.ShouldBe(
            "ipam.vlan_pool_unknown"
        );
        (await ReserveAsync(tenant, new VlanOrder("f", Guid.NewGuid(), "f", "none", IsQinQ: true))).Fault!.Code.ShouldBe(
            "ipam.vlan_pool_unknown"
        );
    }

    [Fact]
    public async Task A_shared_vlan_takes_so_many_lines_and_a_vlan_outside_the_pools_any_number()
    {
        var tenant = await fixture.TenantAsync();
        await PoolAsync(tenant, new VlanPoolFields("shared", ServiceFirst: 300, ServiceLast: 301, LinesPerVlan: 3, IsDefault: true));
        var given = new List<int>();
        for (var n = 0; n < 6; n++)
        {
            var answer = await ReserveAsync(tenant, new VlanOrder($"k{n}", Guid.NewGuid(), "s", null, IsQinQ: false));
            given.Add(answer.Value!.ServiceVlan);
            answer.Value.InnerVlan.ShouldBeNull();
        }

        given.ShouldBe([300, 300, 300, 301, 301, 301]);
        (await ReserveAsync(tenant, new VlanOrder("k6", Guid.NewGuid(), "s", "shared", IsQinQ: false))).Fault!.Code.ShouldBe(
            "ipam.vlan_pool_exhausted"
        );
        (
            await ReserveAsync(tenant, new VlanOrder("t1", Guid.NewGuid(), "t", null, IsQinQ: false, ServiceVlan: 77))
        ).Value!.Pool.ShouldBeNull();
        (
            await ReserveAsync(tenant, new VlanOrder("t2", Guid.NewGuid(), "t", null, IsQinQ: false, ServiceVlan: 77))
        ).Value.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_pair_that_rests_is_given_only_to_who_had_it_last()
    {
        var tenant = await fixture.TenantAsync();
        await PoolAsync(
            tenant,
            new VlanPoolFields(
                "pairs",
                IsQinq: true,
                ServiceFirst: 100,
                ServiceLast: 100,
                InnerFirst: 10,
                InnerLast: 19,
                QuarantineSeconds: 600
            )
        );
        var owner = Guid.NewGuid();
        VlanOrder Told(string key, Guid who) => new(key, who, key, null, IsQinQ: true, ServiceVlan: 100, InnerVlan: 11);
        (await ReserveAsync(tenant, Told("a", owner))).Value.ShouldNotBeNull();
        await fixture.DoAsync(tenant, plan => plan.ReleaseVlanAsync("a", owner, default));
        var refused = (await ReserveAsync(tenant, Told("b", Guid.NewGuid()))).Fault!;
        (refused.Code, refused.MayPass).ShouldBe(("ipam.vlan_taken", true));
        (await ReserveAsync(tenant, Told("c", owner))).Value!.InnerVlan.ShouldBe(11, "who had it last may have it back");
        await fixture.DoAsync(tenant, plan => plan.ReleaseVlanAsync("c", owner, default));
        await fixture.Database.ExecuteAsync(
            "UPDATE ipam_slots SET free_at = now() - interval '1 second' WHERE tenant_id = @tenant AND state = 2",
            new { tenant }
        );
        (await ReserveAsync(tenant, Told("d", Guid.NewGuid()))).Value.ShouldNotBeNull("its rest is over");
        (await ReserveAsync(tenant, Told("e", owner))).Fault!.Code.ShouldBe("ipam.vlan_taken");
    }

    [Fact]
    public async Task What_a_line_was_given_by_hand_is_given_to_nobody_else()
    {
        var tenant = await fixture.TenantAsync();
        await PoolAsync(
            tenant,
            new VlanPoolFields("pairs", IsQinq: true, ServiceFirst: 100, ServiceLast: 100, InnerFirst: 10, InnerLast: 19, IsDefault: true)
        );
        await PoolAsync(tenant, new VlanPoolFields("own", ServiceFirst: 300, ServiceLast: 302, IsDefault: true));
        await PoolAsync(tenant, new VlanPoolFields("shared", ServiceFirst: 400, ServiceLast: 401, LinesPerVlan: 2));
        await LineAsync(tenant, 100, 10);
        await LineAsync(tenant, 100, 12);
        await LineAsync(tenant, 300, null);
        await LineAsync(tenant, 400, null);
        async Task<string> NextAsync(string? pool, bool qinq)
        {
            var answer = await ReserveAsync(tenant, new VlanOrder(Guid.NewGuid().ToString(), Guid.NewGuid(), "s", pool, qinq));
            return $"{answer.Value!.ServiceVlan}.{answer.Value.InnerVlan}";
        }

        (await NextAsync(null, true)).ShouldBe("100.11");
        (await NextAsync(null, true)).ShouldBe("100.13");
        (await NextAsync(null, false)).ShouldBe("301.");
        (await NextAsync("shared", false)).ShouldBe("400.", "one VLAN for many");
    }

    [Fact]
    public async Task A_line_of_another_site_and_one_that_the_plan_knows_are_in_nobodys_way()
    {
        var tenant = await fixture.TenantAsync();
        var (here, there) = (await SiteAsync(tenant, "here"), await SiteAsync(tenant, "there"));
        VlanPoolFields Pool(string name, Guid site) =>
            new(name, IsQinq: true, ServiceFirst: 100, ServiceLast: 100, InnerFirst: 10, InnerLast: 19, SiteId: site, IsDefault: true);
        await PoolAsync(tenant, Pool("here", here));
        await PoolAsync(tenant, Pool("there", there));
        await PoolAsync(
            tenant,
            new VlanPoolFields("anywhere", IsQinq: true, ServiceFirst: 100, ServiceLast: 100, InnerFirst: 10, InnerLast: 19)
        );
        await LineAsync(tenant, 100, 10, there);
        var known = await LineAsync(tenant, 100, 11, there);
        (
            await ReserveAsync(
                tenant,
                new VlanOrder("k", known, "k", "there", IsQinQ: true, ServiceVlan: 100, InnerVlan: 11, SiteId: there)
            )
        ).Value.ShouldNotBeNull("its own it may be told to have");
        async Task<int?> NextAsync(string? pool, Guid? site) =>
            (await ReserveAsync(tenant, new VlanOrder(Guid.NewGuid().ToString(), Guid.NewGuid(), "s", pool, true, SiteId: site)))
                .Value!
                .InnerVlan;
        (await NextAsync(null, here)).ShouldBe(10);
        (await NextAsync(null, there)).ShouldBe(12);
        (await NextAsync("anywhere", null)).ShouldBe(
            11,
            "the plan knows the line that has it there, and keeps the two pools apart by their sites"
        );
    }

    [Fact]
    public async Task A_pair_that_the_plan_keeps_elsewhere_than_its_line_stands_is_given_to_nobody_there()
    {
        var tenant = await fixture.TenantAsync();
        var (here, there) = (await SiteAsync(tenant, "here"), await SiteAsync(tenant, "there"));
        await PoolAsync(
            tenant,
            new VlanPoolFields("there", IsQinq: true, ServiceFirst: 100, ServiceLast: 100, InnerFirst: 10, InnerLast: 19, SiteId: there)
        );
        var (moved, anywhere, placed) = (
            await LineAsync(tenant, 100, 10, there),
            await LineAsync(tenant, 100, 11),
            await LineAsync(tenant, 100, 12)
        );
        foreach (var (line, inner, site) in new[] { (moved, 10, here), (anywhere, 11, (Guid?)null), (placed, 12, here) })
        {
            var told = new VlanOrder($"k{inner}", line, "s", null, IsQinQ: true, ServiceVlan: 100, InnerVlan: inner, SiteId: site);
            (await ReserveAsync(tenant, told)).Value!.SiteId.ShouldBe(site);
        }

        var next = new VlanOrder("n", Guid.NewGuid(), "s", "there", IsQinQ: true, SiteId: there);
        (await ReserveAsync(tenant, next)).Value!.InnerVlan.ShouldBe(12, "only of the last one the plan knows that it stands elsewhere");
    }

    [Fact]
    public async Task A_pair_moves_to_another_site_or_stays_as_it_was()
    {
        var tenant = await fixture.TenantAsync();
        var (here, there) = (await SiteAsync(tenant, "here"), await SiteAsync(tenant, "there"));
        VlanOrder Told(string key, Guid owner, Guid? site) =>
            new(key, owner, key, null, IsQinQ: true, ServiceVlan: 100, InnerVlan: 10, SiteId: site);
        var (line, other) = (Guid.NewGuid(), Guid.NewGuid());
        await ReserveAsync(tenant, Told("line", line, here));
        await ReserveAsync(tenant, Told("other", other, there));
        Task<RoleAnswer<Acknowledged>> MoveAsync(Guid? site) =>
            fixture.DoAsync(tenant, plan => plan.MoveVlanAsync([Guid.NewGuid(), line], 100, 10, null, site, default));
        async Task<HeldVlan> HeldAsync() => (await fixture.DoAsync(tenant, plan => plan.HeldByAsync(line, default))).Value!.Vlans.Single();
        var before = await HeldAsync();
        (await MoveAsync(there)).Fault!.Code.ShouldBe("ipam.vlan_taken");
        (await MoveAsync(here)).Fault.ShouldBeNull();
        (await HeldAsync()).ShouldBe(before);
        await fixture.DoAsync(tenant, plan => plan.ReleaseVlanAsync("other", other, default));
        (await MoveAsync(there)).Fault.ShouldBeNull();
        (await HeldAsync()).ShouldBe(before with { SiteId = there, ExternalId = (await HeldAsync()).ExternalId });
        (await MoveAsync(null)).Fault.ShouldBeNull();
        (await HeldAsync()).SiteId.ShouldBeNull();
        (await fixture.DoAsync(tenant, plan => plan.MoveVlanAsync([other], 100, 10, null, there, default))).Fault.ShouldBeNull(
            "it holds nothing"
        );
    }

    private async Task<Guid> SiteAsync(Guid tenant, string slug)
    {
        var id = Guid.CreateVersion7();
        await fixture.Database.ExecuteAsync(
            "INSERT INTO sites (tenant_id, id, slug, name) VALUES (@tenant, @id, @slug, @slug)",
            new
            {
                tenant,
                id,
                slug,
            }
        );
        return id;
    }

    private async Task<Guid> LineAsync(Guid tenant, int vlan, int? inner, Guid? site = null)
    {
        var id = Guid.CreateVersion7();
        await fixture.Database.ExecuteAsync(
            """
            INSERT INTO subscribers (tenant_id, id, subscriber_number, username, password, vlan_id, inner_vlan)
            VALUES (@tenant, @id, @name, @name, '', @vlan, @inner);
            INSERT INTO subscriber_network_profiles (tenant_id, subscriber_id, site_id) VALUES (@tenant, @id, @site)
            """,
            new
            {
                tenant,
                id,
                name = id.ToString(),
                vlan,
                inner,
                site,
            }
        );
        return id;
    }

    private Task<VlanPoolView> PoolAsync(Guid tenant, VlanPoolFields fields) =>
        fixture.RunAsync<CreateVlanPool.Command, VlanPoolView>(tenant, new(fields));

    private Task<RoleAnswer<HeldVlan>> ReserveAsync(Guid tenant, VlanOrder order) =>
        fixture.DoAsync(tenant, plan => plan.ReserveVlanAsync(order, default));
}
