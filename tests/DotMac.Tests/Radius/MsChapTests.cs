using System.Text;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Radius;

/// <summary>MS-CHAP of both versions, MPPE keys and salted hiding, against the numbers printed in the RFCs.</summary>
public sealed class MsChapTests
{
    private static readonly byte[] Secret = "testing123"u8.ToArray();
    private static readonly byte[] AuthenticatorChallenge = Octets("5B5D7C7D7B3F2F3E3C2C602132262628");
    private static readonly byte[] PeerChallenge = Octets("21402324255E262A28295F2B3A337C7E");

    [Theory] // RFC 1320 §A.5
    [InlineData("", "31d6cfe0d16ae931b73c59d7e0c089c0")]
    [InlineData("a", "bde52cb31de33e46245e05fbdbd6fb24")]
    [InlineData("abc", "a448017aaf21d8525fc10ae87aa6729d")]
    [InlineData("message digest", "d9130a8164549fe818874806e1c7014b")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "043f8582f241db351ce627e153e7f0e4")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "e33b4ddc9c38f2199c3e7b164fcc0536")]
    public void Md4_gives_the_digests_of_its_rfc(string text, string digest)
    {
        var computed = new byte[Md4.DigestLength];
        Md4.Compute(Encoding.ASCII.GetBytes(text), computed);
        Convert.ToHexStringLower(computed).ShouldBe(digest);
    }

    /// <summary>Two hundred blocks, each the key and the text of the next; the last computed by OpenSSL. Passes through every entry of every box.</summary>
    [Fact]
    public void Des_gives_what_openssl_gives()
    {
        var block = Octets("9474b8e8c73bca7d");
        for (var i = 0; i < 200; i++)
        {
            Des.Encrypt(WithoutParity(block), block, block);
        }

        Convert.ToHexStringLower(block).ShouldBe("f11ab80da796dc0f");
    }

    [Fact]
    public void Des_takes_the_weak_keys_that_a_password_can_lead_to()
    {
        var block = new byte[Des.BlockLength];
        Des.Encrypt(new byte[Des.KeyLength], block, block);
        Convert.ToHexStringLower(block).ShouldBe("8ca64de9c1b123a7");
    }

    [Fact] // RFC 2433 §B.1
    public void Version_one_gives_the_response_of_its_rfc()
    {
        Span<byte> hash = stackalloc byte[MsChap.HashLength];
        Span<byte> response = stackalloc byte[MsChap.NtResponseLength];
        MsChap.TryHashPassword("MyPw"u8, hash).ShouldBeTrue();
        Convert.ToHexString(hash).ShouldBe("FC156AF7EDCD6C0EDDE3337D427F4EAC");
        MsChap.Respond(Octets("102DB5DF085D3041"), hash, response);
        Convert.ToHexString(response).ShouldBe("4E9D3C8F9CFD385D5BF4D3246791956CA4C351AB409A3D61");
        Span<byte> key = stackalloc byte[8];
        MsChap.LanManagerKey("MyPw"u8, key);
        Convert.ToHexString(key).ShouldBe("75BA30198E6D1975");
    }

    [Fact] // RFC 2759 §9.2
    public void Version_two_gives_the_numbers_of_its_rfc()
    {
        Span<byte> challenge = stackalloc byte[MsChap.ChallengeLength];
        Span<byte> hash = stackalloc byte[MsChap.HashLength];
        Span<byte> response = stackalloc byte[MsChap.NtResponseLength];
        MsChapV2.HashChallenges(PeerChallenge, AuthenticatorChallenge, "User"u8, challenge);
        Convert.ToHexString(challenge).ShouldBe("D02E4386BCE91226");
        MsChap.TryHashPassword("clientPass"u8, hash).ShouldBeTrue();
        Convert.ToHexString(hash).ShouldBe("44EBBA8D5312B8D611474411F56989AE");
        MsChap.Respond(challenge, hash, response);
        Convert.ToHexString(response).ShouldBe("82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF");
        MsChap.HashHash(hash, hash);
        Convert.ToHexString(hash).ShouldBe("41C00C584BD2D91C4017A2A12FA59F3F");

        var success = new byte[MsChapV2.SuccessLength];
        MsChapV2.TrySucceed(Request("User", "clientPass", "User"), "clientPass"u8, success).ShouldBeTrue();
        success[0].ShouldBe((byte)9);
        Encoding.ASCII.GetString(success, 1, 42).ShouldBe("S=407A5589115FD0D6209F510FE9C04566932CDA56");
    }

    [Fact] // RFC 3079 §3.5.3
    public void Mppe_keys_are_those_of_the_rfc()
    {
        Span<byte> send = stackalloc byte[Mppe.KeyLength];
        Span<byte> receive = stackalloc byte[Mppe.KeyLength];
        Mppe.ComputeStartKeys(
            Octets("41C00C584BD2D91C4017A2A12FA59F3F"),
            Octets("82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF"),
            send,
            receive
        );

        Convert.ToHexString(send).ShouldBe("8B7CDC149B993A1BA118CB153F56DCCB");
        Convert.ToHexString(receive).ShouldBe("D5F0E9521E3EA9589645E86051C82226");
    }

    [Theory]
    [InlineData("User", "User", "clientPass", true)]
    [InlineData("REALM\\User", "User", "clientPass", true)]
    [InlineData("REALM\\User", "REALM\\User", "clientPass", true)]
    [InlineData("User", "user", "clientPass", false)]
    [InlineData("User", "User", "clientpass", false)]
    [InlineData("User", "User", "", false)]
    [InlineData("Üser", "Üser", "clientPass", true)]
    public void Version_two_holds_for_the_name_and_the_password_alone(string name, string signedName, string password, bool holds)
    {
        var request = Request(name, password, signedName);
        MsChapV2.Verify(request, "clientPass"u8).ShouldBe(holds);
        MsChapV2.TrySucceed(request, "clientPass"u8, new byte[MsChapV2.SuccessLength]).ShouldBe(holds);
    }

    [Theory]
    [InlineData("grün-密码-🔑")]
    [InlineData("")]
    public void Passwords_are_taken_as_unicode(string password)
    {
        var octets = Encoding.UTF8.GetBytes(password);
        MsChapV2.Verify(Request("u", password, "u"), octets).ShouldBeTrue();
        var first = Build(new RequestBuilder(PacketCode.AccessRequest).MsChapPassword(password));
        MsChap.Verify(first, octets).ShouldBeTrue();
        MsChap.Verify(first, [.. octets, 0x31]).ShouldBeFalse();
    }

    [Fact]
    public void What_is_no_utf8_or_too_long_proves_nothing()
    {
        Span<byte> hash = stackalloc byte[MsChap.HashLength];
        MsChap.TryHashPassword([0x61, 0xFF], hash).ShouldBeFalse();
        MsChap.TryHashPassword(Encoding.UTF8.GetBytes(new string('x', 257)), hash).ShouldBeFalse();
        MsChap.TryHashPassword(Encoding.UTF8.GetBytes(new string('x', 256)), hash).ShouldBeTrue();
        MsChapV2.Verify(Request("u", "x", "u"), [0xFF]).ShouldBeFalse();
    }

    [Fact]
    public void An_answer_by_the_lan_manager_hash_alone_is_refused()
    {
        var bytes = new RequestBuilder(PacketCode.AccessRequest).MsChapPassword("secret").Build(Secret);
        bytes[^49] = 0; // Flags: "do not use the NT-Response".
        PacketView.TryParse(bytes, out var request, out _).ShouldBeTrue();
        MsChap.Verify(request, "secret"u8).ShouldBeFalse();
    }

    [Fact]
    public void An_accept_of_version_two_carries_proof_keys_and_policy()
    {
        var request = Request("User", "clientPass", "User");
        var reply = Reply(request, (ref PacketWriter writer, PacketView asked) => writer.AddMsChapSuccess(asked, "clientPass"u8, Secret));
        reply.TryGetVendor(MsChap.Vendor, MsChap.Success2Type, out var success).ShouldBeTrue();
        Encoding.ASCII.GetString(success[1..]).ShouldBe("S=407A5589115FD0D6209F510FE9C04566932CDA56");
        Uncover(reply, MsChap.SendKeyType, request).ShouldBe(Octets("8B7CDC149B993A1BA118CB153F56DCCB"));
        Uncover(reply, MsChap.RecvKeyType, request).ShouldBe(Octets("D5F0E9521E3EA9589645E86051C82226"));
        reply.TryGetVendorUInt32(MsChap.Vendor, MsChap.EncryptionPolicyType, out var policy).ShouldBeTrue();
        reply.TryGetVendorUInt32(MsChap.Vendor, MsChap.EncryptionTypesType, out var types).ShouldBeTrue();
        (policy, types).ShouldBe((1u, 6u));
        reply.TryGetVendor(MsChap.Vendor, MsChap.RecvKeyType, out var receive);
        reply.TryGetVendor(MsChap.Vendor, MsChap.SendKeyType, out var send);
        receive[..2].SequenceEqual(send[..2]).ShouldBeFalse("two salts of a packet are alike");
        (receive[0] & send[0] & 0x80).ShouldBe(0x80);
    }

    [Fact] // RFC 2548 §2.4.1, hidden as a User-Password
    public void An_accept_of_version_one_carries_the_hashed_hash()
    {
        var request = Build(new RequestBuilder(PacketCode.AccessRequest).MsChapPassword("MyPw"));
        var reply = Reply(request, (ref PacketWriter writer, PacketView asked) => writer.AddMsChapSuccess(asked, "MyPw"u8, Secret));
        reply.TryGetVendor(MsChap.Vendor, MsChap.MppeKeysType, out var hidden).ShouldBeTrue();
        hidden.Length.ShouldBe(32);
        var clear = new byte[32];
        Pap.Decrypt(hidden, Secret, request.Authenticator, clear);
        var hash = new byte[16];
        MsChap.TryHashPassword("MyPw"u8, hash);
        MsChap.HashHash(hash, hash);
        Convert.ToHexString(clear).ShouldBe("75BA30198E6D1975" + Convert.ToHexString(hash) + new string('0', 16));
    }

    [Theory]
    [InlineData(true, 16, 3)]
    [InlineData(false, 8, 2)]
    public void A_reject_says_691_with_the_ident_of_the_request(bool second, int challenge, int version)
    {
        var request = second ? Request("User", "x", "User") : Build(new RequestBuilder(PacketCode.AccessRequest).MsChapPassword("x", 9));
        var reply = Reply(request, (ref PacketWriter writer, PacketView asked) => writer.AddMsChapError(asked));
        reply.TryGetVendor(MsChap.Vendor, MsChap.ErrorType, out var error).ShouldBeTrue();
        error[0].ShouldBe((byte)9);
        Encoding.ASCII.GetString(error[1..]).ShouldMatch($"^E=691 R=0 C=[0-9A-F]{{{2 * challenge}}} V={version}$");
    }

    [Fact]
    public void A_reject_of_a_request_without_it_says_nothing()
    {
        var request = Build(new RequestBuilder(PacketCode.AccessRequest).UserPassword("x"));
        Reply(request, (ref PacketWriter writer, PacketView asked) => writer.AddMsChapError(asked)).Bytes.Length.ShouldBe(20);
    }

    [Fact]
    public void Tunnel_passwords_of_every_length_come_back()
    {
        Span<byte> clear = stackalloc byte[240];
        for (var length = 0; length <= Salted.MaxValueLength; length++)
        {
            var password = Enumerable.Range(1, length).Select(i => (byte)i).ToArray();
            var request = Build(new RequestBuilder(PacketCode.AccessRequest).Add(AttributeType.UserName, "u"));
            var reply = Reply(
                request,
                (ref PacketWriter writer, PacketView asked) => writer.AddTunnelPassword(7, password, Secret, asked.Authenticator)
            );
            reply.TryGet(AttributeType.TunnelPassword, out var value).ShouldBeTrue();
            value[0].ShouldBe((byte)7);
            var found = Salted.Decrypt(value[1..], Secret, request.Authenticator, clear);
            found.ShouldBe(length);
            clear[..found].SequenceEqual(password).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(19)]
    [InlineData(243)]
    [InlineData(258)]
    public void Hidden_values_of_impossible_length_are_refused(int length) =>
        Salted.Decrypt(new byte[length], Secret, new byte[16], new byte[512]).ShouldBe(-1);

    [Fact]
    public void A_password_too_long_to_hide_is_a_fault_not_a_shorter_one()
    {
        var writer = new PacketWriter(new byte[4096], PacketCode.AccessAccept, 1);
        writer.AddTunnelPassword(0, new byte[240], Secret, new byte[16]).ShouldBeFalse();
        writer.Fault.ShouldBe(WriteFault.ValueTooLong);
    }

    private delegate bool Write(ref PacketWriter writer, PacketView request);

    private static PacketView Reply(PacketView request, Write write)
    {
        var buffer = new byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, PacketCode.AccessAccept, request.Identifier);
        write(ref writer, request).ShouldBeTrue();
        return Packet(buffer.AsSpan(0, writer.FinishReply(request.Authenticator, Secret)));
    }

    private static PacketView Request(string name, string password, string signedName) =>
        Build(
            new RequestBuilder(PacketCode.AccessRequest)
                .Add(AttributeType.UserName, name)
                .MsChapV2Password(signedName, password, 9, AuthenticatorChallenge, PeerChallenge)
        );

    private static PacketView Build(RequestBuilder request) => Packet(request.Build(Secret));

    private static PacketView Packet(ReadOnlySpan<byte> bytes)
    {
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        return packet;
    }

    private static byte[] Uncover(PacketView reply, byte type, PacketView request)
    {
        reply.TryGetVendor(MsChap.Vendor, type, out var hidden).ShouldBeTrue();
        var clear = new byte[32];
        return clear[..Salted.Decrypt(hidden, Secret, request.Authenticator, clear)];
    }

    private static byte[] Octets(string hex) => Convert.FromHexString(hex);

    private static byte[] WithoutParity(byte[] key)
    {
        var bits = key.Aggregate(0UL, (all, octet) => (all << 7) | (uint)(octet >> 1));
        return [.. Enumerable.Range(0, 7).Select(i => (byte)(bits >> (48 - (8 * i))))];
    }
}
