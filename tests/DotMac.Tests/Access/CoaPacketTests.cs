using DotMac.Access.Aaa.Snapshot;
using DotMac.Access.Coa;
using DotMac.Contracts.Access;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Access;

/// <summary>Every operation for every vendor, read as octets behind what names the session.</summary>
public sealed class CoaPacketTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    private static readonly LiveSession Session = new()
    {
        AcctSessionId = "81",
        AcctUniqueId = "0123456789abcdef",
        Number = 7,
        Username = "bob",
        NasIpAddress = "10.255.0.1",
        FramedIpAddress = "100.64.0.1",
    };

    private static readonly Rates Rates = new()
    {
        TenantId = Guid.Empty,
        Id = Guid.Empty,
        Name = "x",
        DownKbps = 50_000,
        UpKbps = 10_000,
    };

    /// <summary>User-Name, Acct-Session-Id, NAS-IP-Address, Framed-IP-Address, Event-Timestamp.</summary>
    private const string Identity = "0105" + "626f62" + "2c04" + "3831" + "0406" + "0aff0001" + "0806" + "64400001" + "3706" + "6b015d90";

    [Theory]
    [InlineData(NasVendor.Mikrotik, "1a15" + "00003a8c" + "080f" + "31303030306b2f35303030306b")]
    [InlineData(NasVendor.Huawei, "1a0c000007db020600989680" + "1a0c000007db050602faf080")]
    [InlineData(NasVendor.Zte, "1a0c00000f3e590600002710" + "1a0c00000f3e53060000c350")]
    [InlineData(NasVendor.Generic, "1a0c0000372a070600989680" + "1a0c0000372a080602faf080")]
    [InlineData(NasVendor.Juniper, "1a12" + "0000130a" + "6c0c" + "543032203530303030" + "6b")]
    public void A_rate(NasVendor vendor, string attributes) =>
        Hex(CoaKind.Rate, new CoaChange { Rates = Rates }, vendor).ShouldBe(Identity + attributes);

    [Theory]
    [MemberData(nameof(Vendors))]
    public void A_vlan_and_q_in_q(NasVendor vendor)
    {
        const string outer = "4006" + "0100000d" + "4106" + "01000006" + "5106" + "01" + "313030";
        const string inner = "4006" + "0200000d" + "4106" + "02000006" + "5105" + "02" + "3737";
        Hex(CoaKind.Vlan, new CoaChange { VlanId = 100 }, vendor).ShouldBe(Identity + outer);
        Hex(CoaKind.Vlan, new CoaChange { VlanId = 100, InnerVlan = 77 }, vendor).ShouldBe(Identity + outer + inner);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public void An_ipv6_prefix(NasVendor vendor) =>
        Hex(CoaKind.Ipv6Prefix, new CoaChange { DelegatedIpv6Prefix = "2001:db8:ff00::/56" }, vendor)
            .ShouldBe(Identity + "7b0b" + "0038" + "20010db8ff0000");

    [Theory]
    [InlineData(NasVendor.Cisco, "")]
    [InlineData(NasVendor.Generic, "")]
    [InlineData(NasVendor.Mikrotik, "1a0e" + "00003a8c" + "1308" + "67617264656e")]
    public void Into_the_walled_garden_and_back(NasVendor vendor, string more)
    {
        const string filter = "0b08" + "67617264656e";
        var change = new CoaChange { FilterId = "garden" };
        Hex(CoaKind.Suspend, change, vendor).ShouldBe(Identity + filter + more);
        Hex(CoaKind.Resume, change, vendor).ShouldBe(Identity + filter + more);
    }

    [Fact]
    public void A_resume_that_has_no_filter_to_go_back_to_drops_the_session()
    {
        var packet = CoaPacket.Build(CoaKind.Resume, CoaChange.Own, Session, "secret"u8, Now);
        ((PacketCode)packet[0]).ShouldBe(PacketCode.DisconnectRequest);
        Convert.ToHexStringLower(packet.AsSpan(20 + 18)).ShouldBe(Identity);
    }

    [Fact]
    public void What_the_order_leaves_out_is_the_subscribers_own()
    {
        var own = Session with { VlanId = 5, WalledGardenFilterId = "wg", FilterId = "plain", DelegatedIpv6Prefix = "2001:db8::/56" };
        CoaChange.Own.For(CoaKind.Vlan, own).VlanId.ShouldBe((short)5);
        CoaChange.Own.For(CoaKind.Suspend, own).FilterId.ShouldBe("wg");
        CoaChange.Own.For(CoaKind.Resume, own).FilterId.ShouldBe("plain");
        CoaChange.Own.For(CoaKind.Ipv6Prefix, own).DelegatedIpv6Prefix.ShouldBe("2001:db8::/56");
        CoaChange.Own.For(CoaKind.Rate, own).Lacks(CoaKind.Rate).ShouldNotBeNull();
        CoaChange.Own.For(CoaKind.Vlan, Session).Lacks(CoaKind.Vlan).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(CoaKind.Disconnect, "timeout", null, 1, CoaState.Retrying)]
    [InlineData(CoaKind.Disconnect, "unreachable", null, 20, CoaState.Failed)]
    [InlineData(CoaKind.Disconnect, "nak", null, 1, CoaState.Retrying)]
    [InlineData(CoaKind.Disconnect, "nak", 503, 1, CoaState.Done)]
    [InlineData(CoaKind.Rate, "nak", 503, 1, CoaState.Failed)]
    [InlineData(CoaKind.Rate, "nak", 401, 1, CoaState.Failed)]
    [InlineData(CoaKind.Rate, "nak", 506, 1, CoaState.Retrying)]
    [InlineData(CoaKind.Rate, "ack", null, 1, CoaState.Done)]
    [InlineData(CoaKind.Rate, "gone", null, 1, CoaState.Done)]
    [InlineData(CoaKind.Disconnect, "no_nas", null, 1, CoaState.Failed)]
    internal void What_follows_from_an_answer(CoaKind kind, string outcome, int? cause, int attempts, CoaState state) =>
        CoaTask
            .After(
                kind,
                new DisconnectResult("i", "s", null, null, outcome, cause is { } c ? new ErrorCause(c, "x") : null, "", 1, 1),
                attempts
            )
            .ShouldBe(state);

    public static TheoryData<NasVendor> Vendors => [.. Enum.GetValues<NasVendor>()];

    private static string Hex(CoaKind kind, CoaChange change, NasVendor vendor)
    {
        var packet = CoaPacket.Build(kind, change, Session with { Vendor = (short)vendor }, "secret"u8, Now);
        ((PacketCode)packet[0]).ShouldBe(PacketCode.CoaRequest);
        packet[20].ShouldBe(AttributeType.MessageAuthenticator);
        PacketView.TryParse(packet, out var view, out _).ShouldBeTrue();
        Authenticators.VerifyAccountingLike(view, "secret"u8).ShouldBeTrue();
        return Convert.ToHexStringLower(packet.AsSpan(20 + 18));
    }
}
