using System.Security.Cryptography;

namespace DotMac.Radius.Wire;

/// <summary>MD5 and HMAC-MD5 as RADIUS uses them. The protocol is defined over MD5 and leaves no choice.</summary>
internal static class Digest
{
    public const int Length = Md5.DigestLength;

    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5C;

    /// <summary>MD5 over three parts laid end to end.</summary>
    public static void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> digest)
    {
        var md5 = new Md5();
        md5.Append(first);
        md5.Append(second);
        md5.Append(third);
        md5.Finish(digest);
    }

    /// <summary>MD5 of a packet with another authenticator in place, followed by the secret (RFC 2865 §3).</summary>
    public static void ComputePacket(
        ReadOnlySpan<byte> packet,
        ReadOnlySpan<byte> authenticator,
        ReadOnlySpan<byte> secret,
        Span<byte> digest
    )
    {
        var md5 = new Md5();
        md5.Append(packet[..4]);
        md5.Append(authenticator);
        md5.Append(packet[PacketView.HeaderLength..]);
        md5.Append(secret);
        md5.Finish(digest);
    }

    /// <summary>
    /// HMAC-MD5 (RFC 2104) of a packet whose authenticator is replaced by <paramref name="authenticator"/> and whose 16 octets at
    /// <paramref name="zeroedAt"/> count as zero (RFC 3579 §3.2).
    /// </summary>
    public static void ComputeHmac(
        scoped ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> packet,
        ReadOnlySpan<byte> authenticator,
        int zeroedAt,
        Span<byte> digest
    )
    {
        Span<byte> shortened = stackalloc byte[Length];
        if (secret.Length > Md5.BlockLength)
        {
            Compute(secret, default, default, shortened);
            secret = shortened;
        }

        Span<byte> key = stackalloc byte[Md5.BlockLength];
        Span<byte> zero = stackalloc byte[Length];
        Span<byte> inner = stackalloc byte[Length];
        zero.Clear();
        Pad(secret, InnerPad, key);
        var md5 = new Md5();
        md5.Append(key);
        md5.Append(packet[..4]);
        md5.Append(authenticator);
        md5.Append(packet[PacketView.HeaderLength..zeroedAt]);
        md5.Append(zero);
        md5.Append(packet[(zeroedAt + Length)..]);
        md5.Finish(inner);

        Pad(secret, OuterPad, key);
        Compute(key, inner, default, digest);
        CryptographicOperations.ZeroMemory(key);
    }

    private static void Pad(ReadOnlySpan<byte> secret, byte pad, Span<byte> key)
    {
        key.Fill(pad);
        for (var i = 0; i < secret.Length; i++)
        {
            key[i] ^= secret[i];
        }
    }
}
