using System.Net;
using System.Text;
using DotMac.Access.Coa;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Access;

/// <summary>The packet that asks a NAS to drop a session, and where it is sent.</summary>
public sealed class DisconnectRequestTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_names_the_session_in_every_way_a_NAS_may_want()
    {
        var packet = CoaPacket.Build(CoaKind.Disconnect, CoaChange.Own, Session(), "0123456789"u8, Now);
        PacketView.TryParse(packet, out var view, out _).ShouldBeTrue();
        view.Code.ShouldBe(PacketCode.DisconnectRequest);
        packet[20].ShouldBe(AttributeType.MessageAuthenticator);
        view.TryGetText(AttributeType.UserName, out var name).ShouldBeTrue();
        name.ShouldBe("Alice@isp");
        view.TryGetText(AttributeType.AcctSessionId, out var session).ShouldBeTrue();
        session.ShouldBe("%lX81000001%hX");
        view.TryGetIpv4(AttributeType.NasIpAddress, out IPAddress nas).ShouldBeTrue();
        nas.ShouldBe(IPAddress.Parse("10.255.0.1"));
        view.TryGetIpv4(AttributeType.FramedIpAddress, out IPAddress framed).ShouldBeTrue();
        framed.ShouldBe(IPAddress.Parse("100.64.0.1"));
        view.TryGetUInt32(AttributeType.EventTimestamp, out var at).ShouldBeTrue();
        at.ShouldBe((uint)Now.ToUnixTimeSeconds());
        Authenticators.VerifyAccountingLike(view, "0123456789"u8).ShouldBeTrue();
        Authenticators.VerifyAccountingLike(view, "another"u8).ShouldBeFalse();
        Authenticators.CheckMessageAuthenticator(view, "0123456789"u8).ShouldBe(MessageAuthenticatorCheck.Valid);
    }

    [Fact]
    public void An_IPv6_NAS_and_a_session_without_name_or_address_are_named_as_far_as_known()
    {
        var bare = Session() with { Username = null, FramedIpAddress = null, NasIpAddress = "2001:db8::1" };
        PacketView
            .TryParse(CoaPacket.Build(CoaKind.Disconnect, CoaChange.Own, bare, "0123456789"u8, Now), out var view, out _)
            .ShouldBeTrue();
        view.Has(AttributeType.UserName).ShouldBeFalse();
        view.Has(AttributeType.FramedIpAddress).ShouldBeFalse();
        view.Has(AttributeType.NasIpAddress).ShouldBeFalse();
        view.TryGetIpv6(AttributeType.NasIpv6Address, out var nas).ShouldBeTrue();
        nas.ShouldBe(IPAddress.Parse("2001:db8::1"));
    }

    [Theory]
    [InlineData("192.0.2.1/32", "10.255.0.1", "192.0.2.1:3799")]
    [InlineData("2001:db8::7/128", "10.255.0.1", "[2001:db8::7]:3799")]
    [InlineData("10.0.0.0/8", "10.255.0.1", "10.255.0.1:3799")]
    [InlineData("10.0.0.0/16", "10.255.0.1", null)]
    [InlineData("2001:db8::/32", "10.255.0.1", null)]
    [InlineData(null, "10.255.0.1", null)]
    public void It_goes_to_the_registered_address(string? nasname, string reported, string? listener)
    {
        var session = Session() with { Nasname = nasname, NasIpAddress = reported };
        (session.Listener()?.ToString()).ShouldBe(listener);
    }

    [Theory]
    [InlineData("ack", null, true)]
    [InlineData("nak", 503, true)]
    [InlineData("nak", 506, false)]
    [InlineData("nak", null, false)]
    [InlineData("timeout", null, false)]
    [InlineData("unreachable", null, false)]
    [InlineData("no_nas", null, true)]
    public void Only_what_needs_no_more_asking_is_settled(string outcome, int? cause, bool isSettled) =>
        new DisconnectResult("i", "s", null, null, outcome, cause is { } c ? new ErrorCause(c, "x") : null, "", 1, 1).IsSettled.ShouldBe(
            isSettled
        );

    private static LiveSession Session() =>
        new()
        {
            AcctSessionId = "%lX81000001%hX",
            AcctUniqueId = "0123456789abcdef",
            Number = 7,
            Username = "Alice@isp",
            SubscriberId = Guid.NewGuid(),
            NasIpAddress = "10.255.0.1",
            FramedIpAddress = "100.64.0.1",
            NasId = Guid.NewGuid(),
            Shortname = "bng-1",
            Nasname = "192.0.2.1/32",
            CoaPort = 3799,
            Secret = Encoding.UTF8.GetBytes("sealed"),
        };
}
