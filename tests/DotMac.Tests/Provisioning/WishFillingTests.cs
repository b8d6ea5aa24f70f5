using System.Net;
using DotMac.Access;
using DotMac.Access.Provisioning.Changes;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;

namespace DotMac.Tests.Provisioning;

/// <summary>What nobody says of a change of network follows from the line, then from the defaults of plan and site.</summary>
public sealed class WishFillingTests
{
    private static readonly LineDefaults None = new(null, null, null, null, null, Option82Policy.Log, false, 56);
    private static readonly LineDefaults Here = new("v-here", "4-here", "6-here", "pd-here", null, Option82Policy.Log, false, 60);
    private static readonly LineDefaults There = new("v-there", "4-there", null, "pd-there", null, Option82Policy.Log, true, 52);
    private static readonly TenantFlags NoPd = TenantFlags.Default with { Off = new HashSet<TenantFlag> { TenantFlag.Ipv6Pd } };

    [Fact]
    public void The_lines_own_pool_and_size_come_before_the_defaults()
    {
        var line = new LineFacts
        {
            Ipv4Pool = "own",
            PdPool = "own-pd",
            Ipv6PdSize = 48,
            VlanPool = "own-vlan",
            QinqEnabled = true,
        };
        var filling = new WishFilling(line, Here, There);
        filling.Fill(Wish(AddressKind.Ipv4)).Pool.ShouldBe("own");
        filling.Fill(Wish(AddressKind.DelegatedPrefix)).ShouldBe(new AddressWish(AddressKind.DelegatedPrefix, null, "own-pd", 48));
        filling.Fill(new VlanWish(null, null, null, null)).ShouldBe(new VlanWish("own-vlan", null, null, true));
    }

    [Fact]
    public void What_came_from_the_defaults_of_a_place_comes_from_those_of_the_new_place()
    {
        var line = new LineFacts
        {
            Ipv4Pool = "4-here",
            Ipv6Pool = "6-here",
            PdPool = "pd-here",
            Ipv6PdSize = 60,
            VlanPool = "v-here",
        };
        var moved = new WishFilling(line, Here, There);
        moved.Fill(Wish(AddressKind.Ipv4)).Pool.ShouldBe("4-there");
        moved.Fill(Wish(AddressKind.Ipv6)).Pool.ShouldBeNull("nothing is said there: the pool that serves the site");
        moved.Fill(Wish(AddressKind.DelegatedPrefix)).ShouldBe(new AddressWish(AddressKind.DelegatedPrefix, null, "pd-there", 52));
        moved.Fill(new VlanWish(null, null, null, null)).ShouldBe(new VlanWish("v-there", null, null, true));
        var stays = new WishFilling(line, Here, Here);
        stays.Fill(Wish(AddressKind.Ipv4)).Pool.ShouldBe("4-here");
        stays.Fill(new VlanWish(null, null, null, null)).ShouldBe(new VlanWish("v-here", null, null, false));
        new WishFilling(new LineFacts(), None, None).Fill(Wish(AddressKind.Ipv4)).Pool.ShouldBeNull();
    }

    [Fact]
    public void What_is_said_is_so()
    {
        var filling = new WishFilling(new LineFacts { QinqEnabled = true, VlanPool = "own" }, Here, There);
        filling.Fill(Wish(AddressKind.Ipv4, pool: "mine")).Pool.ShouldBe("mine");
        filling.Fill(Wish(AddressKind.DelegatedPrefix, pool: "mine")).Length.ShouldBeNull("the pool's own");
        filling.Fill(Wish(AddressKind.Ipv4, wanted: "203.0.113.7/32")).Pool.ShouldBeNull("it is told");
        filling.Fill(new VlanWish(null, 700, null, null)).ShouldBe(new VlanWish(null, 700, null, false));
        filling.Fill(new VlanWish("mine", null, null, false)).ShouldBe(new VlanWish("mine", null, null, false));
        filling.Fill(new VlanWish("mine", null, null, null)).IsQinQ.ShouldBe(true, "as the line is");
    }

    [Theory]
    [InlineData("slaac", AddressKind.Ipv6, "2001:db8::7/128", false)]
    [InlineData("slaac", AddressKind.Ipv6, "2001:db8::/64", true)]
    [InlineData("stateful", AddressKind.Ipv6, "2001:db8::/64", false)]
    [InlineData("stateful", AddressKind.Ipv6, null, true)]
    [InlineData("dual_stack", AddressKind.Ipv6, "2001:db8::/64", true)]
    [InlineData("dual_stack", AddressKind.DelegatedPrefix, null, true)]
    [InlineData("pd", AddressKind.Ipv6, null, false)]
    [InlineData("none", AddressKind.DelegatedPrefix, null, false)]
    [InlineData("slaac", AddressKind.DelegatedPrefix, null, false)]
    [InlineData("none", AddressKind.Ipv4, null, true)]
    [InlineData(null, AddressKind.DelegatedPrefix, null, true)]
    public void What_the_mode_cannot_use_is_refused(string? mode, AddressKind kind, string? wanted, bool serves)
    {
        var line = new LineFacts { Ipv6Mode = Words.Read<Ipv6Mode>(mode) };
        var refusal = WishFilling.Refusal(line, [Wish(kind, wanted: wanted)], TenantFlags.Default);
        refusal?.Code.ShouldBe("change.mode_unfit");
        (refusal is null).ShouldBe(serves);
    }

    [Fact]
    public void With_prefixes_switched_off_none_is_ordered() =>
        WishFilling.Refusal(new LineFacts(), [Wish(AddressKind.DelegatedPrefix)], NoPd)!.Code.ShouldBe("address.pd_switched_off");

    private static AddressWish Wish(AddressKind kind, string? pool = null, string? wanted = null) =>
        new(kind, wanted is null ? null : IPNetwork.Parse(wanted), pool, null);
}
