using System.Net;
using DotMac.Access;
using DotMac.Access.NetworkProfiles;
using DotMac.Access.Provisioning;
using DotMac.Access.Provisioning.Provision;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;

namespace DotMac.Tests.Provisioning;

/// <summary>What a line asks of the address plan, by its mode, and what a service may become.</summary>
public sealed class AddressNeedsTests
{
    private static readonly TenantFlags NoBypass = TenantFlags.Default with { Off = new HashSet<TenantFlag> { TenantFlag.StaticIpBypass } };
    private static readonly TenantFlags NoPd = TenantFlags.Default with { Off = new HashSet<TenantFlag> { TenantFlag.Ipv6Pd } };
    private static readonly TenantFlags NoQinQ = TenantFlags.Default with { Off = new HashSet<TenantFlag> { TenantFlag.QinqProvisioning } };

    /// <summary>Mode; what is asked for: 4, 6 (link), p (prefix); in capitals S when it is static.</summary>
    [Theory]
    [InlineData(null, "4")]
    [InlineData("none", "4")]
    [InlineData("slaac", "4 6/64")]
    [InlineData("stateful", "4 6/128")]
    [InlineData("pd", "4 p/56")]
    [InlineData("dual_stack", "4 6 p/56")]
    public void Dynamic_lines(string? mode, string asked) =>
        Asked(new LineFacts { Ipv6Mode = Words.Read<Ipv6Mode>(mode) }, TenantFlags.Default).ShouldBe(asked);

    [Fact]
    public void What_is_static_is_told_and_the_rest_asked_for()
    {
        var line = new LineFacts
        {
            Ipv6Mode = Ipv6Mode.DualStack,
            StaticIpv4 = IPAddress.Parse("203.0.113.7"),
            DelegatedIpv6Prefix = IPNetwork.Parse("2001:db8:100::/48"),
        };
        Asked(line, TenantFlags.Default).ShouldBe("4=203.0.113.7/32 6 p=2001:db8:100::/48");
        var told = AddressNeeds.Of(line, TenantFlags.Default)[0].ToOrder("k", Guid.NewGuid(), "S-1", null);
        (told.Wanted, told.Pool).ShouldBe((IPNetwork.Parse("203.0.113.7/32"), null));
    }

    [Fact]
    public void A_pool_on_the_nas_takes_the_place_of_an_allocation() =>
        Asked(
                new LineFacts
                {
                    Ipv6Mode = Ipv6Mode.DualStack,
                    NasIpv4Pool = "v4",
                    NasIpv6Pool = "v6",
                    NasPdPool = "pd",
                },
                TenantFlags.Default
            )
            .ShouldBe("");

    [Fact]
    public void Without_the_flag_no_prefix_is_delegated_not_even_a_static_one() =>
        Asked(new LineFacts { Ipv6Mode = Ipv6Mode.Pd, DelegatedIpv6Prefix = IPNetwork.Parse("2001:db8:100::/48") }, NoPd).ShouldBe("4");

    [Fact]
    public void Without_the_bypass_a_static_address_lies_in_a_pool()
    {
        var need = AddressNeeds.Of(new LineFacts { StaticIpv4 = IPAddress.Parse("203.0.113.7") }, NoBypass)[0];
        need.Refusal(Held("203.0.113.7/32", null), NoBypass)!.Code.ShouldBe("provision.address_outside_pools");
        need.Refusal(Held("203.0.113.7/32", "fixed"), NoBypass).ShouldBeNull();
        need.Refusal(Held("203.0.113.7/32", null), TenantFlags.Default).ShouldBeNull();
    }

    [Theory]
    [InlineData("slaac", "2001:db8::1/128", false)]
    [InlineData("slaac", "2001:db8::/64", true)]
    [InlineData("stateful", "2001:db8::/64", false)]
    [InlineData("stateful", "2001:db8::1/128", true)]
    [InlineData("dual_stack", "2001:db8::1/128", true)]
    public void A_pool_hands_out_what_the_mode_can_use(string mode, string network, bool serves)
    {
        var need = AddressNeeds.Of(new LineFacts { Ipv6Mode = Words.Read<Ipv6Mode>(mode) }, TenantFlags.Default)[1];
        (need.Refusal(Held(network, "wan"), TenantFlags.Default) is null).ShouldBe(serves);
    }

    [Theory]
    [InlineData(null, null, null, false, "none")]
    [InlineData(100, null, null, false, "100")]
    [InlineData(100, 7, null, true, "100.7 qinq")]
    [InlineData(null, null, "pool", true, "pool qinq")]
    public void A_vlan_is_asked_for_when_the_line_says_so(int? service, int? inner, string? pool, bool qinq, string asked)
    {
        var line = new LineFacts
        {
            ServiceVlan = service,
            InnerVlan = inner,
            VlanPool = pool,
            QinqEnabled = qinq,
        };
        Vlan(line, TenantFlags.Default).ShouldBe(asked);
        Vlan(line, NoQinQ).ShouldBe(asked.Replace(" qinq", "", StringComparison.Ordinal).Replace(".7", "", StringComparison.Ordinal));
    }

    /// <summary>Each status and what it may become, beside staying.</summary>
    [Theory]
    [InlineData("pending", "provisioning provisioning_failed failed")]
    [InlineData("provisioning", "active degraded provisioning_failed terminating failed")]
    [InlineData("active", "degraded suspended suspended_non_payment suspended_fraud maintenance terminating provisioning failed")]
    [InlineData("degraded", "active suspended suspended_non_payment suspended_fraud maintenance terminating provisioning failed")]
    [InlineData("suspended", "active degraded suspended_non_payment suspended_fraud maintenance terminating provisioning failed")]
    [InlineData("provisioning_failed", "provisioning failed")]
    [InlineData("terminating", "terminated active degraded suspended suspended_non_payment suspended_fraud maintenance failed")]
    [InlineData("terminated", "")]
    public void A_service_may_become(string from, string others)
    {
        var status = Words.Read<ServiceStatus>(from)!.Value;
        Enum.GetValues<ServiceStatus>()
            .Where(to => to != status && status.MayBecome(to))
            .Select(Words.Of)
            .Order(StringComparer.Ordinal)
            .ShouldBe(others.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_but_terminated_is_final_and_all_may_end()
    {
        var statuses = Enum.GetValues<ServiceStatus>();
        foreach (var from in statuses.Where(s => s != ServiceStatus.Terminated))
        {
            statuses.Count(to => to != from && from.MayBecome(to)).ShouldBeGreaterThan(0, $"{from} is no dead end");
            from.MayBecome(ServiceStatus.Failed).ShouldBeTrue();
        }

        statuses.Count(to => to != ServiceStatus.Terminated && ServiceStatus.Terminated.MayBecome(to)).ShouldBe(0);
        ServiceStatus.Terminating.MayBecome(ServiceStatus.Terminated).ShouldBeTrue();
    }

    private static string Asked(LineFacts line, TenantFlags flags) =>
        string.Join(
            ' ',
            AddressNeeds
                .Of(line, flags)
                .Select(n =>
                    n.Kind switch
                    {
                        AddressKind.Ipv4 => "4",
                        AddressKind.Ipv6 => "6",
                        _ => "p",
                    }
                    + (
                        n.Static is { } network ? $"={network}"
                        : n.Length is { } length ? $"/{length}"
                        : ""
                    )
                )
        );

    private static string Vlan(LineFacts line, TenantFlags flags) =>
        ReserveVlan.OrderOf(line, flags, "k", Guid.NewGuid(), "S-1") is { } order
            ? $"{(order.ServiceVlan is { } vlan ? $"{vlan}{(order.InnerVlan is { } inner ? $".{inner}" : "")}" : order.Pool)}{(order.IsQinQ ? " qinq" : "")}"
            : "none";

    private static HeldAddress Held(string network, string? pool) =>
        new("k", Guid.Empty, AddressKind.Ipv4, IPNetwork.Parse(network), AddressState.Allocated, pool);
}
