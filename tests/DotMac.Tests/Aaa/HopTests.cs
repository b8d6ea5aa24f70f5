using System.Text;
using DotMac.Access.Aaa.Proxy;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Aaa;

/// <summary>What a request and its answer look like on either side of the proxy, octet for octet.</summary>
public sealed class HopTests
{
    private static readonly byte[] NasSecret = "nas-secret"u8.ToArray();
    private static readonly byte[] UpstreamSecret = "upstream-secret"u8.ToArray();
    private static readonly byte[] HopAuthenticator = [.. Enumerable.Range(100, 16).Select(i => (byte)i)];
    private static readonly byte[] ProxyState = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    [Fact]
    public void A_request_goes_on_signed_and_hidden_for_the_next_hop()
    {
        var asked = new RequestBuilder(PacketCode.AccessRequest, 7)
            .WithMessageAuthenticator()
            .Add("User-Name", "bob@partner.example")
            .UserPassword("a password longer than sixteen octets")
            .Add(AttributeType.ProxyState, [0xAA])
            .Add(AttributeType.State, [9, 9])
            .Add(AttributeType.ProxyState, [0xBB])
            .Build(NasSecret);
        var sent = Forward(asked, realmCut: 3);
        sent.Identifier.ShouldBe((byte)42);
        sent.Authenticator.ToArray().ShouldBe(HopAuthenticator);
        Types(sent).ShouldBe([80, 1, 2, 33, 24, 33, 33], "Message-Authenticator first, our Proxy-State last");
        Authenticators.CheckMessageAuthenticator(sent, UpstreamSecret).ShouldBe(MessageAuthenticatorCheck.Valid);
        sent.TryGet(AttributeType.UserName, out var name).ShouldBeTrue();
        Encoding.UTF8.GetString(name).ShouldBe("bob");
        sent.TryGet(AttributeType.UserPassword, out var hidden).ShouldBeTrue();
        Pap.Matches(hidden, UpstreamSecret, HopAuthenticator, "a password longer than sixteen octets"u8).ShouldBeTrue();
        Values(sent, AttributeType.ProxyState).ShouldBe(["AA", "BB", Convert.ToHexString(ProxyState)]);
    }

    [Fact]
    public void A_chap_answer_keeps_its_challenge_over_the_hop()
    {
        var asked = new RequestBuilder(PacketCode.AccessRequest, 7).Add("User-Name", "bob@x").ChapPassword("secret").Build(NasSecret);
        PacketView.TryParse(asked, out var request, out _).ShouldBeTrue();
        var sent = Forward(asked, realmCut: -1);
        sent.TryGet(AttributeType.ChapChallenge, out var challenge).ShouldBeTrue();
        challenge.ToArray().ShouldBe(request.Authenticator.ToArray(), "it was the authenticator, which changes");
        Chap.Verify(sent, "secret"u8).ShouldBeTrue();

        byte[] own = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        var given = new RequestBuilder(PacketCode.AccessRequest, 7).Add("User-Name", "bob@x").ChapPassword("secret", challenge: own);
        Values(Forward(given.Build(NasSecret), realmCut: -1), AttributeType.ChapChallenge).ShouldBe([Convert.ToHexString(own)]);
    }

    [Fact]
    public void An_answer_comes_back_with_its_keys_hidden_for_the_nas()
    {
        var asked = new RequestBuilder(PacketCode.AccessRequest, 7)
            .WithMessageAuthenticator()
            .Add("User-Name", "bob@x")
            .Add(AttributeType.ProxyState, [0xAA])
            .Build(NasSecret);
        PacketView.TryParse(asked, out var request, out _).ShouldBeTrue();
        Span<byte> buffer = stackalloc byte[PacketView.MaxLength];
        var theirs = new PacketWriter(buffer, PacketCode.AccessAccept, 42);
        Span<byte> hidden = stackalloc byte[253];
        var keyLength = Salted.Encrypt("0123456789abcdef0123456789abcdef"u8, UpstreamSecret, HopAuthenticator, 0x8001, hidden);
        theirs.AddVendor(311, 17, hidden[..keyLength]);
        hidden[0] = 1;
        var tunnelLength = 1 + Salted.Encrypt("tunnel secret"u8, UpstreamSecret, HopAuthenticator, 0x8002, hidden[1..]);
        theirs.AddBytes(AttributeType.TunnelPassword, hidden[..tunnelLength]);
        theirs.AddUInt32(AttributeType.FramedIpAddress, 0xC6336407);
        theirs.AddText(AttributeType.FilterId, "theirs");
        theirs.AddBytes(AttributeType.ProxyState, [0xAA]);
        theirs.AddBytes(AttributeType.ProxyState, ProxyState);
        PacketView.TryParse(buffer[..theirs.FinishReply(HopAuthenticator, UpstreamSecret)], out var answer, out _).ShouldBeTrue();

        Span<byte> line = stackalloc byte[200];
        var writer = new PacketWriter(line, PacketCode.AccessAccept, 0);
        writer.AddUInt32(AttributeType.FramedIpAddress, 0xCB00714D);
        PacketView.TryParse(line[..writer.FinishReply(new byte[16], NasSecret)], out var own, out _).ShouldBeTrue();

        var back = new byte[PacketView.MaxLength];
        var length = HopReply.Write(back, PacketCode.AccessAccept, answer, request, NasSecret, UpstreamSecret, HopAuthenticator, own);
        PacketView.TryParse(back.AsSpan(0, length), out var reply, out _).ShouldBeTrue();
        Types(reply).ShouldBe([80, 26, 69, 11, 8, 33]);
        Values(reply, AttributeType.ProxyState).ShouldBe(["AA"]);
        Values(reply, AttributeType.FramedIpAddress).ShouldBe(["CB00714D"], "ours in place of theirs");
        Authenticators.VerifyResponse(reply, request.Authenticator, NasSecret).ShouldBeTrue();
        Authenticators.CheckMessageAuthenticator(reply, NasSecret, request.Authenticator).ShouldBe(MessageAuthenticatorCheck.Valid);
        Span<byte> clear = stackalloc byte[253];
        reply.TryGetVendor(311, 17, out var key).ShouldBeTrue();
        Encoding
            .UTF8.GetString(clear[..Salted.Decrypt(key, NasSecret, request.Authenticator, clear)])
            .ShouldBe("0123456789abcdef0123456789abcdef");
        reply.TryGet(AttributeType.TunnelPassword, out var tunnel).ShouldBeTrue();
        tunnel[0].ShouldBe((byte)1);
        Encoding.UTF8.GetString(clear[..Salted.Decrypt(tunnel[1..], NasSecret, request.Authenticator, clear)]).ShouldBe("tunnel secret");
    }

    [Fact]
    public void Keys_of_ms_chap_version_1_are_hidden_anew_whole()
    {
        var request = Asked();
        Span<byte> buffer = stackalloc byte[PacketView.MaxLength];
        var theirs = new PacketWriter(buffer, PacketCode.AccessAccept, 42);
        byte[] keys = [.. Enumerable.Range(1, 16).Select(i => (byte)i), .. new byte[16]];
        Span<byte> hidden = stackalloc byte[32];
        Pap.Encrypt(keys, UpstreamSecret, HopAuthenticator, hidden).ShouldBe(32);
        theirs.AddVendor(311, 12, hidden);
        var reply = Back(request, buffer[..theirs.FinishReply(HopAuthenticator, UpstreamSecret)]);
        reply.TryGetVendor(311, 12, out var back).ShouldBeTrue();
        back.Length.ShouldBe(32, "the zeros at the end are part of it");
        Span<byte> clear = stackalloc byte[32];
        Pap.Decrypt(back, NasSecret, request.Authenticator, clear).ShouldBe(16);
        clear.ToArray().ShouldBe(keys);
    }

    [Fact]
    public void A_server_that_sends_keys_of_no_sense_breaks_nothing()
    {
        var request = Asked();
        Span<byte> buffer = stackalloc byte[PacketView.MaxLength];
        var theirs = new PacketWriter(buffer, PacketCode.AccessAccept, 42);
        theirs.AddBytes(AttributeType.TunnelPassword, []);
        theirs.AddBytes(AttributeType.TunnelPassword, [1]);
        theirs.AddVendor(311, 12, [1, 2, 3]);
        theirs.AddVendor(311, 16, []);
        theirs.AddVendor(311, 17, [0x80]);
        theirs.AddText(AttributeType.FilterId, "theirs");
        var reply = Back(request, buffer[..theirs.FinishReply(HopAuthenticator, UpstreamSecret)]);
        reply.Has(AttributeType.FilterId).ShouldBeTrue();
    }

    private static PacketView Asked()
    {
        var asked = new RequestBuilder(PacketCode.AccessRequest, 7).Add("User-Name", "bob@x").UserPassword("x").Build(NasSecret);
        PacketView.TryParse(asked, out var request, out _).ShouldBeTrue();
        return request;
    }

    private static PacketView Back(PacketView request, ReadOnlySpan<byte> theirs)
    {
        PacketView.TryParse(theirs, out var answer, out _).ShouldBeTrue();
        var back = new byte[PacketView.MaxLength];
        var length = HopReply.Write(back, answer.Code, answer, request, NasSecret, UpstreamSecret, HopAuthenticator, default);
        PacketView.TryParse(back.AsSpan(0, length), out var reply, out _).ShouldBeTrue();
        return reply;
    }

    [Fact]
    public void A_refused_accept_says_eap_failure_with_the_identifier_of_the_success()
    {
        var asked = new RequestBuilder(PacketCode.AccessRequest, 7)
            .WithMessageAuthenticator()
            .Add(AttributeType.EapMessage, [2, 5, 0, 4])
            .Build(NasSecret);
        PacketView.TryParse(asked, out var request, out _).ShouldBeTrue();
        Span<byte> buffer = stackalloc byte[200];
        var theirs = new PacketWriter(buffer, PacketCode.AccessAccept, 42);
        theirs.AddBytes(AttributeType.EapMessage, [3, 5, 0, 4]);
        PacketView.TryParse(buffer[..theirs.FinishReply(HopAuthenticator, UpstreamSecret)], out var answer, out _).ShouldBeTrue();
        var back = new byte[PacketView.MaxLength];
        var length = HopReply.WriteReject(back, answer, request, NasSecret);
        PacketView.TryParse(back.AsSpan(0, length), out var reply, out _).ShouldBeTrue();
        reply.Code.ShouldBe(PacketCode.AccessReject);
        Types(reply).ShouldBe([80, 79]);
        Values(reply, AttributeType.EapMessage).ShouldBe(["04050004"]);
    }

    private static PacketView Forward(byte[] asked, int realmCut)
    {
        PacketView.TryParse(asked, out var request, out _).ShouldBeTrue();
        var buffer = new byte[PacketView.MaxLength];
        var length = HopRequest.Write(buffer, request, NasSecret, UpstreamSecret, 42, HopAuthenticator, ProxyState, realmCut);
        PacketView.TryParse(buffer.AsSpan(0, length), out var sent, out _).ShouldBeTrue();
        return sent;
    }

    private static List<int> Types(PacketView packet)
    {
        var types = new List<int>();
        foreach (var attribute in packet.Attributes)
        {
            types.Add(attribute.Type);
        }

        return types;
    }

    private static List<string> Values(PacketView packet, byte type)
    {
        var values = new List<string>();
        foreach (var attribute in packet.Attributes)
        {
            if (attribute.Type == type)
            {
                values.Add(Convert.ToHexString(attribute.Value));
            }
        }

        return values;
    }
}
