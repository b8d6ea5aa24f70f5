using System.Text;
using DotMac.Radius.Client;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Radius;

/// <summary>Every vector of tests/vectors/radius, read and checked octet by octet.</summary>
public sealed class VectorTests
{
    private static readonly IReadOnlyList<VectorFile> Valid = VectorFile.Read("valid.txt");
    private static readonly IReadOnlyList<VectorFile> Malformed = VectorFile.Read("malformed.txt");

    public static TheoryData<string> ValidNames => new(Valid.Select(vector => vector.Name));

    public static TheoryData<string> MalformedNames => new(Malformed.Select(vector => vector.Name));

    [Fact]
    public void The_vector_files_are_there_and_names_are_unique()
    {
        Valid.Count.ShouldBeGreaterThan(15);
        Malformed.Count.ShouldBeGreaterThan(10);
        Valid.Concat(Malformed).Select(vector => vector.Name).ShouldBeUnique(StringComparer.Ordinal);
        Malformed
            .Select(vector => vector.Get("reason"))
            .Distinct(StringComparer.Ordinal)
            .Count()
            .ShouldBe(Enum.GetValues<MalformedReason>().Length - 1);
    }

    [Theory]
    [MemberData(nameof(MalformedNames))]
    public void Malformed_packets_are_refused_with_the_reason(string name)
    {
        var vector = Malformed.Single(vector => vector.Name == name);
        PacketView.TryParse(vector.Packet, out _, out var reason).ShouldBeFalse();
        reason.ToString().ShouldBe(vector.Get("reason"));
    }

    [Theory]
    [MemberData(nameof(ValidNames))]
    public void Attributes_are_read_in_wire_order(string name)
    {
        var vector = Valid.Single(vector => vector.Name == name);
        var packet = Parse(vector.Packet);
        packet.Code.ToString().ShouldBe(vector.Get("code"));
        RadiusDictionary.Default.Decode(packet).Select(attribute => attribute.ToString()).ShouldBe(vector.GetAll("attribute"));
    }

    [Theory]
    [MemberData(nameof(ValidNames))]
    public void Signatures_hold_and_break_with_any_bit(string name)
    {
        var vector = Valid.Single(vector => vector.Name == name);
        var secret = Encoding.UTF8.GetBytes(vector.Get("secret"));
        IsSigned(vector, vector.Packet, secret).ShouldBeTrue();
        CheckMessageAuthenticator(vector, vector.Packet, secret)
            .ShouldBe(Enum.Parse<MessageAuthenticatorCheck>(vector.Get("message-authenticator"), ignoreCase: true));

        var altered = vector.Packet;
        altered[1] ^= 1;
        if (vector.Get("signed") != "random")
        {
            IsSigned(vector, altered, secret).ShouldBeFalse();
            IsSigned(vector, vector.Packet, [.. secret, 0x31]).ShouldBeFalse();
        }

        if (vector.Get("message-authenticator") == "valid")
        {
            CheckMessageAuthenticator(vector, altered, secret).ShouldBe(MessageAuthenticatorCheck.Invalid);
            CheckMessageAuthenticator(vector, vector.Packet, [.. secret, 0x31]).ShouldBe(MessageAuthenticatorCheck.Invalid);
        }
    }

    [Theory]
    [MemberData(nameof(ValidNames))]
    public void Passwords_match_and_others_do_not(string name)
    {
        var vector = Valid.Single(vector => vector.Name == name);
        var secret = Encoding.UTF8.GetBytes(vector.Get("secret"));
        var packet = Parse(vector.Packet);
        if (vector.Has("password"))
        {
            packet.TryGet(AttributeType.UserPassword, out var value).ShouldBeTrue();
            Pap.Matches(value, secret, packet.Authenticator, Encoding.UTF8.GetBytes(vector.Get("password"))).ShouldBeTrue();
            Pap.Matches(value, secret, packet.Authenticator, Encoding.UTF8.GetBytes(vector.Get("password") + "x")).ShouldBeFalse();
            Pap.Matches(value, secret, packet.Authenticator, Encoding.UTF8.GetBytes(vector.Get("password")[1..])).ShouldBeFalse();
            Pap.Matches(value, [.. secret, 0x31], packet.Authenticator, Encoding.UTF8.GetBytes(vector.Get("password"))).ShouldBeFalse();
        }

        if (vector.Has("chap"))
        {
            Chap.Verify(packet, Encoding.UTF8.GetBytes(vector.Get("chap"))).ShouldBeTrue();
            Chap.Verify(packet, Encoding.UTF8.GetBytes(vector.Get("chap") + "x")).ShouldBeFalse();
        }
    }

    [Theory]
    [MemberData(nameof(ValidNames))]
    public void MsChap_is_proven_and_hidden_values_are_uncovered(string name)
    {
        var vector = Valid.Single(vector => vector.Name == name);
        var secret = Encoding.UTF8.GetBytes(vector.Get("secret"));
        var packet = Parse(vector.Packet);
        if (vector.Has("mschap"))
        {
            var password = Encoding.UTF8.GetBytes(vector.Get("mschap"));
            (MsChap.Verify(packet, password) || MsChapV2.Verify(packet, password)).ShouldBeTrue();
            MsChap.Verify(packet, [.. password, 0x31]).ShouldBeFalse();
            MsChapV2.Verify(packet, [.. password, 0x31]).ShouldBeFalse();
        }

        if (vector.Has("tunnel-password"))
        {
            packet.TryGet(AttributeType.TunnelPassword, out var hidden).ShouldBeTrue();
            Uncover(hidden[1..], secret, vector).ShouldBe(Encoding.UTF8.GetBytes(vector.Get("tunnel-password")));
        }

        if (vector.Has("mppe-send"))
        {
            packet.TryGetVendor(MsChap.Vendor, MsChap.SendKeyType, out var send).ShouldBeTrue();
            packet.TryGetVendor(MsChap.Vendor, MsChap.RecvKeyType, out var receive).ShouldBeTrue();
            Uncover(send, secret, vector).ShouldBe(vector.GetOctets("mppe-send"));
            Uncover(receive, secret, vector).ShouldBe(vector.GetOctets("mppe-recv"));
        }
    }

    [Theory]
    [MemberData(nameof(ValidNames))]
    public void Names_and_text_build_the_same_octets(string name)
    {
        var vector = Valid.Single(vector => vector.Name == name);
        foreach (var line in vector.GetAll("attribute"))
        {
            var parts = line.Split(" = ", 2);
            if (
                parts[0].StartsWith("Attr-", StringComparison.Ordinal)
                || parts[1] == DecodedAttribute.Hidden
                || parts[0].Contains("Device", StringComparison.Ordinal)
            )
            {
                continue;
            }

            var bytes = new RequestBuilder(PacketCode.AccessRequest).Add(parts[0], parts[1]).Build("s"u8);
            RadiusDictionary.Default.Decode(Parse(bytes)).Single().ToString().ShouldBe(line);
        }
    }

    private static byte[] Uncover(ReadOnlySpan<byte> hidden, byte[] secret, VectorFile vector)
    {
        var clear = new byte[256];
        return clear[..Math.Max(0, Salted.Decrypt(hidden, secret, vector.GetOctets("request-authenticator"), clear))];
    }

    private static PacketView Parse(byte[] bytes)
    {
        PacketView.TryParse(bytes, out var packet, out var reason).ShouldBeTrue(reason.ToString());
        return packet;
    }

    private static bool IsSigned(VectorFile vector, byte[] bytes, byte[] secret) =>
        vector.Get("signed") switch
        {
            "request" => Authenticators.VerifyAccountingLike(Parse(bytes), secret),
            "reply" => Authenticators.VerifyResponse(Parse(bytes), vector.GetOctets("request-authenticator"), secret),
            "random" => true,
            var other => throw new InvalidDataException(other),
        };

    private static MessageAuthenticatorCheck CheckMessageAuthenticator(VectorFile vector, byte[] bytes, byte[] secret) =>
        vector.Has("request-authenticator")
            ? Authenticators.CheckMessageAuthenticator(Parse(bytes), secret, vector.GetOctets("request-authenticator"))
            : Authenticators.CheckMessageAuthenticator(Parse(bytes), secret);
}
