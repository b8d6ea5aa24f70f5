using System.Net;
using DotMac.Contracts.External;

namespace DotMac.SystemTests.Network;

/// <summary>What a line was given by hand, without the plan's being told, the allocator passes over: also what contains it, and what lies in it.</summary>
public sealed class HandSetLineTests(PlanFixture fixture) : IClassFixture<PlanFixture>
{
    [Fact]
    public async Task A_link_prefix_that_a_line_has_is_passed_over()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "link", "ipv6_address", "2001:db8:1::/60", length: 64);
        var line = await LineAsync(tenant, link: "2001:db8:1::/64");
        (await NextAsync(tenant, AddressKind.Ipv6)).ShouldBe("2001:db8:1:1::/64");
        (await NextAsync(tenant, AddressKind.Ipv6, length: 64)).ShouldBe("2001:db8:1:2::/64");
        (
            await fixture.DoAsync(tenant, plan => plan.AllocateAsync(Order(line, AddressKind.Ipv6, "2001:db8:1::/64"), default))
        ).Value!.Pool.ShouldBe("link", "its own it may be told to have, also when it was passed over before");
    }

    [Theory]
    [InlineData("2001:db8:8000::/48", null, null, "2001:db8:8001::/56")]
    [InlineData("2001:db8:8000:300::/60", null, null, "2001:db8:8000::/56")]
    [InlineData("2001:db8:8000:80::/60", null, null, "2001:db8:8000:100::/56")]
    [InlineData("2001:db8:8000::/64", null, null, "2001:db8:8000:100::/56")]
    [InlineData(null, "2001:db8:8000::/47", null, "2001:db8:8002::/56")]
    [InlineData(null, "2001:db8:8000:7f::/64", null, "2001:db8:8000:100::/56")]
    [InlineData(null, "2001:db8:8000:7f::1/128", null, "2001:db8:8000:100::/56")]
    [InlineData(null, null, "2001:db8:8000:ff:ffff:ffff:ffff:ffff", "2001:db8:8000:100::/56")]
    [InlineData(null, null, "2001:db8:8000:100::", "2001:db8:8000::/56")]
    public async Task A_prefix_that_meets_something_of_a_line_is_not_delegated(
        string? delegated,
        string? link,
        string? address,
        string next
    )
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "pd", "ipv6_pd", "2001:db8:8000::/40", length: 56);
        await LineAsync(tenant, delegated, link, address);
        (await NextAsync(tenant, AddressKind.DelegatedPrefix, length: 56)).ShouldBe(next);
    }

    [Fact]
    public async Task A_single_address_within_a_lines_link_is_not_given_to_another()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "wan", "ipv6_address", "2001:db8:2::/112", length: 128);
        await LineAsync(tenant, link: "2001:db8:2::/127");
        await LineAsync(tenant, address: "2001:db8:2::2");
        (await NextAsync(tenant, AddressKind.Ipv6)).ShouldBe("2001:db8:2::3/128");
    }

    /// <summary>2^48 places lie in it: nobody makes them all to get behind them.</summary>
    [Fact]
    public async Task A_vast_network_at_the_beginning_of_a_pool_is_stepped_over()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "wan", "ipv6_address", "2001:db8:2::/66", length: 128);
        await LineAsync(tenant, link: "2001:db8:2::/80");
        (await NextAsync(tenant, AddressKind.Ipv6)).ShouldBe("2001:db8:2:0:1::/128");
        (await NextAsync(tenant, AddressKind.Ipv6)).ShouldBe("2001:db8:2:0:1::1/128");
    }

    [Fact]
    public async Task A_network_as_wide_as_the_pool_exhausts_it_and_when_it_is_gone_the_pool_serves_again()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "pd", "ipv6_pd", "2001:db8:8000::/48", length: 60);
        var line = await LineAsync(tenant, delegated: "2001:db8:8000::/48");
        var owner = Guid.NewGuid();
        var order = Order(owner, AddressKind.DelegatedPrefix);
        (await fixture.DoAsync(tenant, plan => plan.AllocateAsync(order, default))).Fault!.Code.ShouldBe("ipam.pool_exhausted");
        await fixture.Database.ExecuteAsync("UPDATE subscribers SET deleted_at = now() WHERE id = @line", new { line });
        await fixture.Database.ExecuteAsync(
            "UPDATE ipam_slots SET free_at = now() - interval '1 second' WHERE tenant_id = @tenant AND state = 2",
            new { tenant }
        );
        (await fixture.DoAsync(tenant, plan => plan.AllocateAsync(order, default))).Value.ShouldNotBeNull();
    }

    [Fact]
    public async Task Other_tenants_lines_and_removed_ones_are_in_nobodys_way()
    {
        var (tenant, other) = (await fixture.TenantAsync(), await fixture.TenantAsync());
        await fixture.PoolAsync(tenant, "pd", "ipv6_pd", "2001:db8:8000::/40", length: 56);
        await LineAsync(other, delegated: "2001:db8:8000::/48", link: "2001:db8:8000::/64");
        var gone = await LineAsync(tenant, delegated: "2001:db8:8000::/48", link: "2001:db8:8000::/64");
        await fixture.Database.ExecuteAsync("UPDATE subscribers SET deleted_at = now() WHERE id = @gone", new { gone });
        (await NextAsync(tenant, AddressKind.DelegatedPrefix)).ShouldBe("2001:db8:8000::/56");
    }

    [Fact]
    public async Task Default_pools_of_links_and_of_addresses_serve_each_what_is_asked()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "link64", "ipv6_address", "2001:db8:1::/60", length: 64);
        await fixture.PoolAsync(tenant, "wan128", "ipv6_address", "2001:db8:2::/112", length: 128);
        (await NextAsync(tenant, AddressKind.Ipv6, length: 128)).ShouldBe("2001:db8:2::1/128");
        (await NextAsync(tenant, AddressKind.Ipv6, length: 64)).ShouldBe("2001:db8:1::/64");
        (await NextAsync(tenant, AddressKind.Ipv6)).ShouldBe("2001:db8:1:1::/64", "whichever comes first by name");
        var named = new AddressOrder("named", Guid.NewGuid(), "S", AddressKind.Ipv6, null, "link64", 128);
        (await fixture.DoAsync(tenant, plan => plan.AllocateAsync(named, default))).Value!.Pool.ShouldBe("link64");
    }

    private async Task<string> NextAsync(Guid tenant, AddressKind kind, int? length = null) =>
        (
            await fixture.DoAsync(tenant, plan => plan.AllocateAsync(Order(Guid.NewGuid(), kind, length: length), default))
        ).Value!.Network.ToString();

    private static AddressOrder Order(Guid owner, AddressKind kind, string? wanted = null, int? length = null) =>
        new(owner.ToString(), owner, "S", kind, wanted is null ? null : IPNetwork.Parse(wanted), null, length);

    private async Task<Guid> LineAsync(Guid tenant, string? delegated = null, string? link = null, string? address = null)
    {
        var id = Guid.CreateVersion7();
        await fixture.Database.ExecuteAsync(
            """
            INSERT INTO subscribers (tenant_id, id, subscriber_number, username, password, delegated_ipv6_prefix, framed_ipv6_prefix, framed_ipv6_address)
            VALUES (@tenant, @id, @name, @name, '', @delegated::cidr, @link::cidr, @address::inet)
            """,
            new
            {
                tenant,
                id,
                name = id.ToString(),
                delegated,
                link,
                address,
            }
        );
        return id;
    }
}
