using System.Net;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Radius;

/// <summary>What is written, and that nothing goes out shortened.</summary>
public sealed class PacketWriterTests
{
    private static readonly byte[] Authenticator = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    [Fact]
    public void A_reply_is_octet_for_octet_the_one_computed_elsewhere()
    {
        var vector = VectorFile.Read("valid.txt").Single(vector => vector.Name == "Access-Accept with Message-Authenticator first");
        var requestBytes = new byte[64];
        var requestWriter = new PacketWriter(requestBytes, PacketCode.AccessRequest, 9);
        requestWriter.AddBytes(AttributeType.ProxyState, "\0\u0001first"u8);
        requestWriter.AddText(AttributeType.UserName, "bob");
        requestWriter.AddBytes(AttributeType.ProxyState, "second"u8);
        var requestAuthenticator = vector.GetOctets("request-authenticator");
        requestWriter.FinishAccessRequest("testing123"u8, requestAuthenticator).ShouldBeGreaterThan(0);
        PacketView.TryParse(requestBytes, out var request, out _).ShouldBeTrue();

        var reply = new byte[4096];
        var writer = new PacketWriter(reply, PacketCode.AccessAccept, 9);
        writer.AddMessageAuthenticatorPlaceholder().ShouldBeTrue();
        writer.AddIpv4(AttributeType.FramedIpAddress, IPAddress.Parse("10.1.2.3")).ShouldBeTrue();
        writer.AddTaggedUInt24(AttributeType.TunnelType, 1, 13).ShouldBeTrue();
        writer.AddTaggedUInt24(AttributeType.TunnelMediumType, 1, 6).ShouldBeTrue();
        writer.AddTaggedText(AttributeType.TunnelPrivateGroupId, 1, "100").ShouldBeTrue();
        writer.AddIpv6Prefix(AttributeType.DelegatedIpv6Prefix, IPNetwork.Parse("2001:db8:0:100::/56")).ShouldBeTrue();
        writer.AddVendorText(14988, 8, "10M/50M").ShouldBeTrue();
        writer.AddVendorUInt32(14122, 7, 10_000_000).ShouldBeTrue();
        writer.AddVendorUInt32(14122, 8, 50_000_000).ShouldBeTrue();
        writer.AddUInt32(AttributeType.SessionTimeout, 86_400).ShouldBeTrue();
        writer.AddUInt32(AttributeType.AcctInterimInterval, 300).ShouldBeTrue();
        writer.CopyProxyStates(request).ShouldBeTrue();
        var length = writer.FinishReply(request.Authenticator, "testing123"u8);

        reply[..length].ShouldBe(vector.Packet);
    }

    [Fact]
    public void An_accounting_request_is_octet_for_octet_radclients()
    {
        var vector = VectorFile.Read("valid.txt").Single(vector => vector.Name == "Disconnect-Request with Message-Authenticator");
        var bytes = new byte[4096];
        var writer = new PacketWriter(bytes, PacketCode.DisconnectRequest, 0xF0);
        writer.AddText(AttributeType.UserName, "bob");
        writer.AddText(AttributeType.AcctSessionId, "s-1");
        writer.AddUInt32(AttributeType.EventTimestamp, 1_700_000_000);
        writer.AddMessageAuthenticatorPlaceholder();
        bytes[..writer.FinishAccountingLike("testing123"u8)].ShouldBe(vector.Packet);
    }

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    public void A_value_has_at_most_253_octets(int octets, bool fits)
    {
        var writer = new PacketWriter(new byte[4096], PacketCode.AccessAccept, 1);
        writer.AddBytes(AttributeType.Class, new byte[octets]).ShouldBe(fits);
        writer.Fault.ShouldBe(fits ? WriteFault.None : WriteFault.ValueTooLong);
        writer.FinishReply(Authenticator, "s"u8).ShouldBe(fits ? 275 : 0);
    }

    [Theory]
    [InlineData(247, true)]
    [InlineData(248, false)]
    public void A_vendor_value_has_at_most_247_octets(int octets, bool fits)
    {
        var writer = new PacketWriter(new byte[4096], PacketCode.AccessAccept, 1);
        writer.AddVendor(9, 1, new byte[octets]).ShouldBe(fits);
        writer.Fault.ShouldBe(fits ? WriteFault.None : WriteFault.ValueTooLong);
    }

    [Fact]
    public void Text_is_measured_in_octets()
    {
        var writer = new PacketWriter(new byte[4096], PacketCode.AccessAccept, 1);
        writer.AddText(AttributeType.ReplyMessage, new string('ü', 127)).ShouldBeFalse();
        writer.Fault.ShouldBe(WriteFault.ValueTooLong);
    }

    [Fact]
    public void A_full_packet_refuses_and_is_not_finished()
    {
        var writer = new PacketWriter(new byte[8192], PacketCode.AccessAccept, 1);
        for (var i = 0; i < 15; i++)
        {
            writer.AddBytes(AttributeType.Class, new byte[253]).ShouldBeTrue();
        }

        writer.Length.ShouldBe(20 + (15 * 255));
        writer.Fits(249).ShouldBeTrue();
        writer.Fits(250).ShouldBeFalse();
        writer.AddBytes(AttributeType.Class, new byte[250]).ShouldBeFalse();
        writer.Length.ShouldBe(20 + (15 * 255));
        writer.Fault.ShouldBe(WriteFault.PacketFull);
        writer.FinishReply(Authenticator, "s"u8).ShouldBe(0);
    }

    [Fact]
    public void Exactly_4096_octets_can_be_sent()
    {
        var bytes = new byte[4096];
        var writer = new PacketWriter(bytes, PacketCode.AccessAccept, 1);
        for (var i = 0; i < 15; i++)
        {
            writer.AddBytes(AttributeType.Class, new byte[253]);
        }

        writer.AddBytes(AttributeType.Class, new byte[249]).ShouldBeTrue();
        writer.FinishReply(Authenticator, "s"u8).ShouldBe(4096);
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        Authenticators.VerifyResponse(packet, Authenticator, "s"u8).ShouldBeTrue();
    }

    [Fact]
    public void Values_of_the_wrong_kind_are_refused()
    {
        Faulted((ref PacketWriter writer) => writer.AddIpv4(8, IPAddress.IPv6Loopback));
        Faulted((ref PacketWriter writer) => writer.AddIpv6(168, IPAddress.Loopback));
        Faulted((ref PacketWriter writer) => writer.AddIpv6Prefix(97, IPNetwork.Parse("10.0.0.0/8")));
        Faulted((ref PacketWriter writer) => writer.AddTaggedUInt24(64, 32, 13));
        Faulted((ref PacketWriter writer) => writer.AddTaggedUInt24(64, 1, 0x1000000));
        Faulted((ref PacketWriter writer) => writer.AddTaggedText(81, 32, "100"));
    }

    [Fact]
    public void There_is_one_message_authenticator()
    {
        var writer = new PacketWriter(new byte[4096], PacketCode.AccessAccept, 1);
        writer.AddMessageAuthenticatorPlaceholder().ShouldBeTrue();
        writer.AddMessageAuthenticatorPlaceholder().ShouldBeFalse();
        writer.Fault.ShouldBe(WriteFault.SecondMessageAuthenticator);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_message_authenticators_in_a_packet_are_invalid_even_if_one_fits(bool fittingFirst)
    {
        var bytes = new byte[4096];
        var writer = new PacketWriter(bytes, PacketCode.AccessRequest, 1);
        if (fittingFirst)
        {
            writer.AddMessageAuthenticatorPlaceholder();
        }

        writer.AddBytes(AttributeType.MessageAuthenticator, new byte[16]);
        if (!fittingFirst)
        {
            writer.AddMessageAuthenticatorPlaceholder();
        }

        writer.FinishAccessRequest("s"u8, Authenticator);
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        Authenticators.CheckMessageAuthenticator(packet, "s"u8).ShouldBe(MessageAuthenticatorCheck.Invalid);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(17)]
    public void A_message_authenticator_of_another_length_is_invalid(int octets)
    {
        var bytes = new byte[4096];
        var writer = new PacketWriter(bytes, PacketCode.AccessRequest, 1);
        writer.AddBytes(AttributeType.MessageAuthenticator, new byte[octets]);
        writer.FinishAccessRequest("s"u8, Authenticator);
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        Authenticators.CheckMessageAuthenticator(packet, "s"u8).ShouldBe(MessageAuthenticatorCheck.Invalid);
    }

    [Fact]
    public void Nothing_is_allocated_from_request_to_reply()
    {
        var request = VectorFile
            .Read("valid.txt")
            .Single(vector => vector.Name.StartsWith("PAP over two", StringComparison.Ordinal))
            .Packet;
        var reply = new byte[4096];
        AnswerOnce(request, reply).ShouldBeTrue();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            AnswerOnce(request, reply);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static bool AnswerOnce(byte[] request, byte[] reply)
    {
        if (
            !PacketView.TryParse(request, out var packet, out _)
            || Authenticators.CheckMessageAuthenticator(packet, "testing123"u8) != MessageAuthenticatorCheck.Valid
            || !packet.TryGet(AttributeType.UserPassword, out var hidden)
            || !packet.TryGetVendor(3561, 1, out _)
            || !Pap.Matches(hidden, "testing123"u8, packet.Authenticator, "correct horse battery staple"u8)
        )
        {
            return false;
        }

        var writer = new PacketWriter(reply, PacketCode.AccessAccept, packet.Identifier);
        writer.AddMessageAuthenticatorPlaceholder();
        writer.AddIpv4(AttributeType.FramedIpAddress, 0x0A000001u);
        writer.AddVendorText(14988, 8, "10M/50M");
        writer.AddTaggedText(AttributeType.TunnelPrivateGroupId, 1, "100");
        writer.CopyProxyStates(packet);
        return writer.FinishReply(packet.Authenticator, "testing123"u8) > 0;
    }

    private delegate bool Adding(ref PacketWriter writer);

    private static void Faulted(Adding add)
    {
        var writer = new PacketWriter(new byte[4096], PacketCode.AccessAccept, 1);
        add(ref writer).ShouldBeFalse();
        writer.Fault.ShouldBe(WriteFault.ValueInvalid);
        writer.FinishReply(Authenticator, "s"u8).ShouldBe(0);
    }
}
