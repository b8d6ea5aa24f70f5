using System.Collections.Concurrent;
using System.Net;
using DotMac.Contracts.External;

namespace DotMac.SystemTests.Network;

/// <summary>The allocator over real PostgreSQL: what holds with one caller, and with 64 at once.</summary>
public sealed class AllocatorTests(PlanFixture fixture) : IClassFixture<PlanFixture>
{
    [Fact]
    public async Task Lowest_first_one_key_one_allocation_one_owner_one_of_a_kind()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "v4", "ipv4_private", "100.64.0.0/29");
        var (owner, other) = (Guid.NewGuid(), Guid.NewGuid());
        var first = await AllocateAsync(tenant, Order(owner, "a"));
        first.Value!.Network.ToString().ShouldBe("100.64.0.1/32");
        first.Value.Pool.ShouldBe("v4");
        first.Value.State.ShouldBe(AddressState.Allocated);
        (await AllocateAsync(tenant, Order(owner, "a"))).Value!.ExternalId.ShouldBe(first.Value.ExternalId, "asked twice with one key");
        (await AllocateAsync(tenant, Order(owner, "b"))).Fault!.Code.ShouldBe("ipam.already_held");
        (await AllocateAsync(tenant, Order(other, "c"))).Value!.Network.ToString().ShouldBe("100.64.0.2/32");
        (await FreeOrdinalsAsync(tenant)).ShouldBe([2, 3, 4, 5], "what was taken for nothing came back");
    }

    [Fact]
    public async Task Exhaustion_is_told_and_ends_with_the_first_release()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "two", "ipv4_private", "100.64.0.0/30");
        var owners = Enumerable.Range(0, 3).Select(_ => Guid.NewGuid()).ToList();
        (await AllocateAsync(tenant, Order(owners[0], "a"))).Value.ShouldNotBeNull();
        (await AllocateAsync(tenant, Order(owners[1], "b"))).Value.ShouldNotBeNull();
        (await AllocateAsync(tenant, Order(owners[2], "c"))).Fault!.Code.ShouldBe("ipam.pool_exhausted");
        (await AllocateAsync(tenant, Order(owners[1], "b"))).Value!.Network.ToString().ShouldBe("100.64.0.2/32", "its own it keeps");
        await fixture.DoAsync(tenant, plan => plan.ReleaseAsync("a", owners[0], default));
        (await AllocateAsync(tenant, Order(owners[2], "c")))
            .Value!.Network.ToString()
            .ShouldBe("100.64.0.1/32", "it was never in use: no rest");
        (await AllocateAsync(tenant, Order(Guid.NewGuid(), "d", pool: "none"))).Fault!.Code.ShouldBe("ipam.pool_unknown");
    }

    [Fact]
    public async Task What_was_in_use_rests_and_comes_back_to_its_own_owner()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "two", "ipv4_private", "100.64.0.0/30", quarantineSeconds: 600);
        var (owner, other) = (Guid.NewGuid(), Guid.NewGuid());
        await AllocateAsync(tenant, Order(owner, "a"));
        await fixture.DoAsync(tenant, plan => plan.MoveAsync(owner, AddressKind.Ipv4, AddressState.Active, default));
        await fixture.DoAsync(tenant, plan => plan.ReleaseAsync("a", owner, default));
        (await AllocateAsync(tenant, Order(other, "b"))).Value!.Network.ToString().ShouldBe("100.64.0.2/32");
        var wanted = Order(Guid.NewGuid(), "c", wanted: "100.64.0.1/32");
        var resting = await AllocateAsync(tenant, wanted);
        (resting.Fault!.Code, resting.Fault.MayPass).ShouldBe(("ipam.address_taken", true));
        (await AllocateAsync(tenant, Order(owner, "d", wanted: "100.64.0.1/32"))).Value!.Network.ToString().ShouldBe("100.64.0.1/32");
        await fixture.DoAsync(tenant, plan => plan.ReleaseAsync("d", owner, default));
        await fixture.Database.ExecuteAsync(
            "UPDATE ipam_slots SET free_at = now() - interval '1 second' WHERE tenant_id = @tenant AND state = 2",
            new { tenant }
        );
        (await AllocateAsync(tenant, wanted)).Value!.Network.ToString().ShouldBe("100.64.0.1/32");
    }

    [Fact]
    public async Task Sixty_four_callers_get_a_thousand_different_addresses_without_a_gap()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "wide", "ipv4_private", "10.64.0.0/20");
        var given = await ManyAsync(tenant, callers: 64, each: 32);
        given.Count.ShouldBe(2048);
        given.Distinct().Count().ShouldBe(2048);
        Ordinals(given, "10.64.0.1").ShouldBe(Enumerable.Range(0, 2048).Select(n => (long)n), "no gap: everybody committed");
        await AgreeAsync(tenant);
    }

    [Fact]
    public async Task A_pool_of_two_and_many_callers_give_two_winners_each_round_and_leak_nothing()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "two", "ipv4_private", "100.64.0.0/30");
        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 24)
                    .Select(async n =>
                    {
                        var order = Order(Guid.NewGuid(), $"{round}-{n}");
                        return (Order: order, Answer: await AllocateAsync(tenant, order));
                    })
            );
            var won = answers.Where(a => a.Answer.Value is not null).ToList();
            won.Select(a => a.Answer.Value!.Network.ToString()).Order().ShouldBe(["100.64.0.1/32", "100.64.0.2/32"]);
            answers.Where(a => a.Answer.Fault is not null).ShouldAllBe(a => a.Answer.Fault!.Code == "ipam.pool_exhausted");
            foreach (var (order, _) in won)
            {
                await fixture.DoAsync(tenant, plan => plan.ReleaseAsync(order.Key, order.OwnerId, default));
            }
        }

        await AgreeAsync(tenant);
    }

    [Fact]
    public async Task Nobody_hears_exhausted_while_the_holder_of_the_last_one_may_still_go_back()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "two", "ipv4_private", "100.64.0.0/30");
        await AllocateAsync(tenant, Order(Guid.NewGuid(), "a"));
        await using var holder = await fixture.OpenAsync(tenant);
        (await holder.Plan.AllocateAsync(Order(Guid.NewGuid(), "b"), default)).Value.ShouldNotBeNull();
        var waiting = AllocateAsync(tenant, Order(Guid.NewGuid(), "c"));
        (await Task.WhenAny(waiting, Task.Delay(300))).ShouldNotBe(waiting, "it waits for the holder");
        await holder.DisposeAsync();
        (await waiting).Value!.Network.ToString().ShouldBe("100.64.0.2/32");
        await AgreeAsync(tenant);
    }

    [Fact]
    public async Task One_key_asked_by_many_at_once_is_one_allocation()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "v4", "ipv4_private", "100.64.0.0/24");
        var order = Order(Guid.NewGuid(), "same");
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => AllocateAsync(tenant, order)));
        answers.Select(a => a.Value!.ExternalId).Distinct().Count().ShouldBe(1);
        (
            await fixture.Database.ScalarAsync<long>(
                "SELECT count(*) FROM ipam_slots WHERE tenant_id = @tenant AND state = 1",
                new { tenant }
            )
        ).ShouldBe(1);
        await AgreeAsync(tenant);
    }

    [Fact]
    public async Task A_pool_of_sixteen_million_prefixes_costs_what_is_used_of_it()
    {
        var tenant = await fixture.TenantAsync();
        var pool = await fixture.PoolAsync(tenant, "pd", "ipv6_pd", "2001:db8::/32", length: 56);
        pool.Total.ShouldBe(1 << 24);
        var first = await AllocateAsync(tenant, Order(Guid.NewGuid(), "a", AddressKind.DelegatedPrefix));
        first.Value!.Network.ToString().ShouldBe("2001:db8::/56");
        var far = await AllocateAsync(tenant, Order(Guid.NewGuid(), "b", AddressKind.DelegatedPrefix, "2001:db8:ffff:ff00::/56"));
        far.Value!.Pool.ShouldBe("pd");
        (
            await AllocateAsync(tenant, Order(Guid.NewGuid(), "c", AddressKind.DelegatedPrefix, "2001:db8:ffff:ff00::/60"))
        ).Fault!.Code.ShouldBe("ipam.address_taken", "inside somebody's prefix");
        (await AllocateAsync(tenant, Order(Guid.NewGuid(), "d", AddressKind.DelegatedPrefix, length: 60))).Fault!.Code.ShouldBe(
            "ipam.pool_unknown"
        );
        (await AllocateAsync(tenant, Order(Guid.NewGuid(), "e", AddressKind.DelegatedPrefix)))
            .Value!.Network.ToString()
            .ShouldBe("2001:db8:0:100::/56");
        (
            await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM ipam_slots WHERE tenant_id = @tenant", new { tenant })
        ).ShouldBeLessThan(2000);
        await AgreeAsync(tenant);
    }

    [Fact]
    public async Task The_life_of_an_address_follows_its_table()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "v4", "ipv4_private", "100.64.0.0/24");
        var owner = Guid.NewGuid();
        Task<RoleAnswer<HeldAddress>> MoveAsync(AddressState to) =>
            fixture.DoAsync(tenant, plan => plan.MoveAsync(owner, AddressKind.Ipv4, to, default));
        (await MoveAsync(AddressState.Active)).Fault!.Code.ShouldBe("ipam.not_held");
        await AllocateAsync(tenant, Order(owner, "a"));
        (await MoveAsync(AddressState.Suspended)).Fault!.Code.ShouldBe("ipam.transition_refused");
        foreach (
            var to in new[] { AddressState.Active, AddressState.Suspended, AddressState.Active, AddressState.Active, AddressState.Revoking }
        )
        {
            (await MoveAsync(to)).Value!.State.ShouldBe(to);
        }

        (await MoveAsync(AddressState.Revoked)).Value!.State.ShouldBe(AddressState.Revoked);
        (await fixture.DoAsync(tenant, plan => plan.HeldByAsync(owner, default))).Value!.Addresses.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tenants_use_the_same_addresses_and_see_nothing_of_each_other()
    {
        var (one, two) = (await fixture.TenantAsync(), await fixture.TenantAsync());
        await fixture.PoolAsync(one, "v4", "ipv4_private", "100.64.0.0/30");
        await fixture.PoolAsync(two, "v4", "ipv4_private", "100.64.0.0/30");
        var owner = Guid.NewGuid();
        (await AllocateAsync(one, Order(owner, "a"))).Value!.Network.ToString().ShouldBe("100.64.0.1/32");
        (await AllocateAsync(two, Order(Guid.NewGuid(), "a"))).Value!.Network.ToString().ShouldBe("100.64.0.1/32");
        (await fixture.DoAsync(two, plan => plan.HeldByAsync(owner, default))).Value!.Addresses.ShouldBeEmpty();
        await fixture.DoAsync(two, plan => plan.ReleaseAsync("a", owner, default));
        (await fixture.DoAsync(one, plan => plan.HeldByAsync(owner, default))).Value!.Addresses.Count.ShouldBe(1);
        (await fixture.DoAsync(one, plan => plan.ListHeldAsync(null, 10, default))).Value!.Single().OwnerId.ShouldBe(owner);
    }

    private static AddressOrder Order(
        Guid owner,
        string key,
        AddressKind kind = AddressKind.Ipv4,
        string? wanted = null,
        string? pool = null,
        int? length = null
    ) => new(key, owner, "S-" + key, kind, wanted is null ? null : IPNetwork.Parse(wanted), pool, length);

    private Task<RoleAnswer<HeldAddress>> AllocateAsync(Guid tenant, AddressOrder order) =>
        fixture.DoAsync(tenant, plan => plan.AllocateAsync(order, default));

    private async Task<List<string>> ManyAsync(Guid tenant, int callers, int each)
    {
        var given = new ConcurrentBag<string>();
        await Task.WhenAll(
            Enumerable
                .Range(0, callers)
                .Select(async caller =>
                {
                    for (var n = 0; n < each; n++)
                    {
                        var answer = await AllocateAsync(tenant, Order(Guid.NewGuid(), $"{caller}-{n}"));
                        given.Add(answer.Value!.Network.ToString());
                    }
                })
        );
        return [.. given];
    }

    private static IEnumerable<long> Ordinals(IEnumerable<string> networks, string first) =>
        networks.Select(n => (long)(Number(n) - Number(first))).Order();

    private static uint Number(string network)
    {
        var bytes = IPAddress.Parse(network.Split('/')[0]).GetAddressBytes();
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private async Task<IEnumerable<long>> FreeOrdinalsAsync(Guid tenant) =>
        await fixture.Database.QueryAsync<long>(
            "SELECT ordinal FROM ipam_slots WHERE tenant_id = @tenant AND state = 0 ORDER BY ordinal",
            new { tenant }
        );

    private Task AgreeAsync(Guid tenant) => PlanBooks.AgreeAsync(fixture.Database, tenant);
}
