using System.Net;
using DotMac.Access.Provisioning;
using DotMac.Access.Provisioning.Bulk;
using DotMac.Access.Provisioning.Changes;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;

namespace DotMac.Tests.Provisioning;

/// <summary>What a change makes of a line, and what it goes back to.</summary>
public sealed class ChangeStateTests
{
    private static readonly LineFacts Named = new()
    {
        Ipv4Pool = "own-4",
        Ipv6Pool = "own-6",
        PdPool = "own-pd",
        VlanPool = "own-vlan",
        ServiceVlan = 100,
    };

    /// <summary>A wish that names no pool was served by the line's default: the pool that the line names is its own choice, and stays.</summary>
    [Theory]
    [InlineData(null, "own-4", "own-6", "own-pd")]
    [InlineData("new", "new", "new", "new")]
    public void A_lines_named_pools_stay_unless_the_change_names_others(string? pool, string ipv4, string ipv6, string pd)
    {
        var after = Change() with
        {
            Addresses =
            [
                new AddressWish(AddressKind.Ipv4, null, pool, null),
                new AddressWish(AddressKind.Ipv6, null, pool, null),
                new AddressWish(AddressKind.DelegatedPrefix, null, pool, 56),
            ],
            NewAddresses =
            [
                Held(AddressKind.Ipv4, "100.64.0.9/32"),
                Held(AddressKind.Ipv6, "2001:db8::/64"),
                Held(AddressKind.DelegatedPrefix, "2001:db8:900::/56"),
            ],
        };
        var line = after.After();
        (line.Ipv4Pool, line.Ipv6Pool, line.PdPool).ShouldBe((ipv4, ipv6, pd));
        line.StaticIpv4.ShouldBe(IPAddress.Parse("100.64.0.9"));
    }

    [Theory]
    [InlineData(null, null, "own-vlan")]
    [InlineData("new", null, "new")]
    [InlineData(null, 700, "of-the-plan")]
    public void A_lines_named_vlan_pool_stays_unless_the_change_names_another_pool_or_vlan(string? pool, int? vlan, string kept)
    {
        var change = Change() with
        {
            Vlan = new VlanWish(pool, vlan, null, false),
            NewVlan = new HeldVlan("k", Guid.Empty, vlan ?? 200, null, "of-the-plan"),
        };
        var line = change.After();
        (line.VlanPool, line.ServiceVlan).ShouldBe((kept, vlan ?? 200));
    }

    [Theory]
    [InlineData(true, true, "old")]
    [InlineData(true, false, "old")]
    [InlineData(false, true, "new")]
    [InlineData(false, false, null)]
    public void An_onu_goes_back_to_the_old_rates_and_where_there_were_none_to_the_old_vlan_all_the_same(bool had, bool vlan, string? rates)
    {
        var change = new PlanChange
        {
            SubscriberId = Guid.Empty,
            Number = "S-1",
            PlanId = Guid.Empty,
            Plan = new ProvisionedPlan(Guid.Empty, "new", 50_000, 10_000),
            OldPlan = had ? new ProvisionedPlan(Guid.Empty, "old", 20_000, 5_000) : null,
            Network = vlan ? Change() : null,
        };
        change.RatesBack()?.Name.ShouldBe(rates);
        (change.RatesBack() is null).ShouldBe(rates is null);
    }

    [Fact]
    public void A_reason_that_a_job_ended_comes_back_with_its_beginning_and_its_end()
    {
        var starts = new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);
        var reason = new EndedReason(SuspensionReason.Vacation, "by the sea", null, starts.AddDays(14), starts);
        EndedReason.Read(EndedReason.Write([reason])).ShouldBe([reason]);
        EndedReason.Read("fraud").Single().StartsAt.ShouldBeNull("kept by an earlier release");
    }

    private static NetworkChange Change() =>
        new()
        {
            SubscriberId = Guid.Empty,
            Number = "S-1",
            Holder = Guid.Empty,
            Before = Named,
        };

    private static HeldAddress Held(AddressKind kind, string network) =>
        new("k", Guid.Empty, kind, IPNetwork.Parse(network), AddressState.Allocated);
}
