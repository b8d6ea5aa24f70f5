using System.Net;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;

namespace DotMac.Tests.Aaa;

/// <summary>What of a line is in force under its profile and its tenant's flags.</summary>
public sealed class LineInForceTests
{
    private static readonly Login Whole = new()
    {
        TenantId = Guid.NewGuid(),
        SubscriberId = Guid.NewGuid(),
        Username = "bob",
        Password = [],
        VlanId = 100,
        InnerVlan = 200,
        QinqEnabled = true,
        FramedIpv4Address = IPAddress.Parse("100.64.0.9"),
        FramedIpv4Netmask = IPAddress.Parse("255.255.255.255"),
        FramedIpv6Prefix = IPNetwork.Parse("2001:db8:1::/64"),
        FramedIpv6Address = IPAddress.Parse("2001:db8:1::9"),
        DelegatedIpv6Prefix = IPNetwork.Parse("2001:db8:ff00::/56"),
        Ipv6Mode = Ipv6Mode.DualStack,
        Line = new LineLock("olt1", null, Option82Policy.Enforce),
        FramedIpv4Pool = "res",
        FilterId = "own",
    };

    private static TenantFlags Without(params TenantFlag[] off) => new(off.ToHashSet(), Option82Policy.Log);

    [Fact]
    public void Of_a_whole_line_all_is_in_force_and_nothing_is_copied() => LineInForce.Of(Whole, TenantFlags.Default).ShouldBeSameAs(Whole);

    [Fact]
    public void The_inner_vlan_needs_the_profiles_word_and_the_flag()
    {
        LineInForce.Of(Whole with { QinqEnabled = false }, TenantFlags.Default).InnerVlan.ShouldBeNull();
        LineInForce.Of(Whole, Without(TenantFlag.QinqProvisioning)).InnerVlan.ShouldBeNull();
        LineInForce.Of(Whole, Without(TenantFlag.QinqProvisioning)).VlanId.ShouldBe((short)100);
    }

    [Fact]
    public void Without_consumption_rates_limits_and_nas_pools_are_left()
    {
        var line = LineInForce.Of(Whole, Without(TenantFlag.NetworkProfileConsumption));
        (line.VlanId, line.InnerVlan, line.FramedIpv4Address, line.FramedIpv4Netmask).ShouldBe((null, null, null, null));
        (line.FramedIpv6Prefix, line.FramedIpv6Address, line.DelegatedIpv6Prefix, line.Line).ShouldBe((null, null, null, null));
        Ipv6Line.ModeOf(line).ShouldBe(Ipv6Mode.None);
        (line.FramedIpv4Pool, line.FilterId).ShouldBe(("res", "own"));
    }

    [Fact]
    public void Without_delegation_the_rest_of_the_mode_is_left()
    {
        var line = LineInForce.Of(Whole, Without(TenantFlag.Ipv6Pd));
        line.DelegatedIpv6Prefix.ShouldBeNull();
        Ipv6Line.ModeOf(line).ShouldBe(Ipv6Mode.DualStack);
        Ipv6Line.ModeOf(LineInForce.Of(Whole with { Ipv6Mode = Ipv6Mode.Pd }, Without(TenantFlag.Ipv6Pd))).ShouldBe(Ipv6Mode.None);
    }

    [Fact]
    public void Without_enforcement_a_strict_line_is_logged_and_an_ignored_one_stays_ignored()
    {
        LineInForce.Of(Whole, Without(TenantFlag.Option82Enforcement)).Line!.Policy.ShouldBe(Option82Policy.Log);
        var ignored = Whole with { Line = Whole.Line! with { Policy = Option82Policy.Ignore } };
        LineInForce.Of(ignored, Without(TenantFlag.Option82Enforcement)).ShouldBeSameAs(ignored);
    }

    [Theory]
    [InlineData(AddressState.Pending, true)]
    [InlineData(AddressState.Allocated, true)]
    [InlineData(AddressState.Active, true)]
    [InlineData(AddressState.Suspended, false)]
    [InlineData(AddressState.Revoking, false)]
    [InlineData(AddressState.Revoked, false)]
    [InlineData(AddressState.Failed, false)]
    public void An_address_is_sent_in_these_states(AddressState state, bool sent)
    {
        var four = LineInForce.Of(Whole with { Ipv4State = state }, TenantFlags.Default);
        (four.FramedIpv4Address is not null).ShouldBe(sent);
        four.FramedIpv6Address.ShouldNotBeNull();
        var six = LineInForce.Of(Whole with { Ipv6State = state }, TenantFlags.Default);
        (six.FramedIpv6Address is not null && six.FramedIpv6Prefix is not null && six.DelegatedIpv6Prefix is not null).ShouldBe(sent);
        (Ipv6Line.ModeOf(six) != Ipv6Mode.None).ShouldBe(sent);
        six.FramedIpv4Address.ShouldNotBeNull();
    }

    [Fact]
    public void In_the_walled_garden_a_suspended_address_is_sent()
    {
        var line = Whole with { Ipv4State = AddressState.Suspended, Ipv6State = AddressState.Suspended, Suspended = true };
        LineInForce.Of(line, TenantFlags.Default).ShouldBeSameAs(line);
    }

    [Fact]
    public void A_flag_turned_off_and_on_again_brings_everything_back()
    {
        var snapshot = new AaaSnapshot();
        snapshot.Put(Whole);
        snapshot.SetFlags(
            new Dictionary<Guid, TenantFlags> { [Whole.TenantId] = Without(TenantFlag.NetworkProfileConsumption, TenantFlag.Ipv6Pd) }
        );
        snapshot.Find(Whole.TenantId, "bob")!.VlanId.ShouldBeNull();
        snapshot.SetFlags(new Dictionary<Guid, TenantFlags> { [Whole.TenantId] = Without(TenantFlag.Ipv6Pd) });
        snapshot.Find(Whole.TenantId, "bob")!.VlanId.ShouldBe((short)100);
        snapshot.Find(Whole.TenantId, "bob")!.DelegatedIpv6Prefix.ShouldBeNull();
        snapshot.SetFlags(new Dictionary<Guid, TenantFlags>());
        snapshot.Find(Whole.TenantId, "bob").ShouldBeSameAs(Whole);
    }

    [Fact]
    public void Flags_are_read_back_as_they_were_written()
    {
        var flags = new TenantFlags(new HashSet<TenantFlag> { TenantFlag.StaticIpBypass, TenantFlag.Ipv6Pd }, Option82Policy.Enforce);
        TenantFlags.Of(flags.ToRows()).IsSameAs(flags).ShouldBeTrue();
        TenantFlags.Of([]).IsSameAs(TenantFlags.Default).ShouldBeTrue();
        TenantFlags.Default.IsSameAs(flags).ShouldBeFalse();
    }
}
