using System.Net;
using DotMac.Access.NetworkProfiles;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;

namespace DotMac.Tests.Provisioning;

/// <summary>What the address plan holds, put on a line and taken off it.</summary>
public sealed class LineHoldingsTests
{
    private static readonly TenantFlags NoQinQ = TenantFlags.Default with { Off = new HashSet<TenantFlag> { TenantFlag.QinqProvisioning } };

    /// <summary>Address of the link, its prefix; what is put on; what is then sent.</summary>
    [Theory]
    [InlineData(null, "2001:db8:1::/64", "2001:db8:2::1/128", "2001:db8:2::1", null)]
    [InlineData("2001:db8:2::1", null, "2001:db8:1::/64", null, "2001:db8:1::/64")]
    [InlineData("2001:db8:2::1", null, "2001:db8:2::9/128", "2001:db8:2::9", null)]
    [InlineData("2001:db8:1::5", "2001:db8:1::/64", "2001:db8:1::9/128", "2001:db8:1::9", "2001:db8:1::/64")]
    [InlineData("2001:db8:1::5", null, "2001:db8:1::/64", "2001:db8:1::5", "2001:db8:1::/64")]
    [InlineData("2001:db8:9::5", "2001:db8:1::/64", "2001:db8:9::5/128", "2001:db8:9::5", "2001:db8:1::/64")]
    public void What_is_new_on_the_link_leaves_nothing_of_the_old(string? address, string? prefix, string held, string? sent, string? link)
    {
        var line = new LineFacts
        {
            StaticIpv6 = address is null ? null : IPAddress.Parse(address),
            Ipv6Prefix = prefix is null ? null : IPNetwork.Parse(prefix),
        };
        var after = line.With(Held(AddressKind.Ipv6, held));
        (after.StaticIpv6?.ToString(), after.Ipv6Prefix?.ToString()).ShouldBe((sent, link));
        after.Has(Held(AddressKind.Ipv6, held)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(AddressKind.Ipv4, "100.64.0.7/32")]
    [InlineData(AddressKind.Ipv6, "2001:db8::7/128")]
    [InlineData(AddressKind.Ipv6, "2001:db8:7::/64")]
    [InlineData(AddressKind.DelegatedPrefix, "2001:db8:700::/56")]
    public void What_is_put_on_is_found_and_taken_off_alone(AddressKind kind, string network)
    {
        var (bare, held) = (new LineFacts(), Held(kind, network));
        var line = bare.With(held);
        (bare.Has(held), line.Has(held), line.With(held)).ShouldBe((false, true, line));
        line.Without(held).ShouldBe(bare);
        var other = Held(kind, network.Replace('7', '8'));
        line.Without(other).ShouldBe(line, "it has another one");
    }

    [Fact]
    public void A_new_address_has_no_mask_of_the_old_and_the_same_keeps_its_own()
    {
        var line = new LineFacts { StaticIpv4 = IPAddress.Parse("100.64.0.7"), Ipv4Netmask = IPAddress.Parse("255.255.255.0") };
        line.With(Held(AddressKind.Ipv4, "100.64.0.7/32")).Ipv4Netmask.ShouldNotBeNull();
        line.With(Held(AddressKind.Ipv4, "100.64.0.8/32")).Ipv4Netmask.ShouldBeNull();
    }

    [Theory]
    [InlineData(true, true, 7)]
    [InlineData(false, true, null)]
    [InlineData(true, false, null)]
    public void An_inner_vlan_is_in_force_where_line_and_tenant_use_it(bool ofLine, bool ofTenant, int? inner) =>
        new LineFacts
        {
            ServiceVlan = 100,
            InnerVlan = 7,
            QinqEnabled = ofLine,
        }
            .VlansInForce(ofTenant ? TenantFlags.Default : NoQinQ)
            .ShouldBe((100, inner));

    /// <summary>Every way is made of allowed moves, and there is one wherever the state is not final.</summary>
    [Fact]
    public void There_is_a_way_from_every_state_but_the_last_to_every_other()
    {
        foreach (var from in Enum.GetValues<AddressState>().Where(s => s != AddressState.Revoked))
        {
            foreach (var to in Enum.GetValues<AddressState>().Where(s => s != from))
            {
                var way = from.PathTo(to);
                way[^1].ShouldBe(to);
                way.Prepend(from).Zip(way).ShouldAllBe(m => m.First.MayBecome(m.Second));
            }

            from.PathTo(from).ShouldBeEmpty();
        }

        AddressState.Pending.PathTo(AddressState.Suspended).ShouldBe([AddressState.Allocated, AddressState.Active, AddressState.Suspended]);
        AddressState.Active.PathTo(AddressState.Pending).ShouldBe([AddressState.Failed, AddressState.Pending]);
        AddressState.Revoked.PathTo(AddressState.Active).ShouldBeEmpty();
    }

    private static HeldAddress Held(AddressKind kind, string network) =>
        new("k", Guid.Empty, kind, IPNetwork.Parse(network), AddressState.Allocated);
}
