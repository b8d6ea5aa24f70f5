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

    private Task<VlanPoolView> PoolAsync(Guid tenant, VlanPoolFields fields) =>
        fixture.RunAsync<CreateVlanPool.Command, VlanPoolView>(tenant, new(fields));

    private Task<RoleAnswer<HeldVlan>> ReserveAsync(Guid tenant, VlanOrder order) =>
        fixture.DoAsync(tenant, plan => plan.ReserveVlanAsync(order, default));
}
