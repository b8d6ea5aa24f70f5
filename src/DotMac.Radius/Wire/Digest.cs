using System.Buffers;
using System.Security.Cryptography;

namespace DotMac.Radius.Wire;

/// <summary>MD5 and HMAC-MD5 as RADIUS uses them, over parts laid end to end.</summary>
#pragma warning disable CA5351 // RADIUS is defined over MD5 (RFC 2865 §3); the protocol leaves no choice.
internal static class Digest
{
    public const int Length = 16;

    private const int StackLimit = 1024;

    public static void Md5(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> digest)
    {
        var total = first.Length + second.Length + third.Length;
        byte[]? rented = null;
        var joined = total <= StackLimit ? stackalloc byte[StackLimit] : (rented = ArrayPool<byte>.Shared.Rent(total));
        first.CopyTo(joined);
        second.CopyTo(joined[first.Length..]);
        third.CopyTo(joined[(first.Length + second.Length)..]);
        MD5.HashData(joined[..total], digest);
        Return(rented);
    }

    /// <summary>MD5 of a packet with another authenticator in place, followed by the secret (RFC 2865 §3).</summary>
    public static void Md5Packet(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret, Span<byte> digest)
    {
        var total = packet.Length + secret.Length;
        byte[]? rented = null;
        var joined = total <= StackLimit ? stackalloc byte[StackLimit] : (rented = ArrayPool<byte>.Shared.Rent(total));
        packet.CopyTo(joined);
        authenticator.CopyTo(joined[4..]);
        secret.CopyTo(joined[packet.Length..]);
        MD5.HashData(joined[..total], digest);
        Return(rented);
    }

    /// <summary>
    /// HMAC-MD5 of a packet whose authenticator is replaced by <paramref name="authenticator"/> and whose 16 octets at
    /// <paramref name="zeroedAt"/> count as zero (RFC 3579 §3.2).
    /// </summary>
    public static void HmacMd5(
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> packet,
        ReadOnlySpan<byte> authenticator,
        int zeroedAt,
        Span<byte> digest
    )
    {
        byte[]? rented = null;
        var copy = packet.Length <= StackLimit ? stackalloc byte[StackLimit] : (rented = ArrayPool<byte>.Shared.Rent(packet.Length));
        copy = copy[..packet.Length];
        packet.CopyTo(copy);
        authenticator.CopyTo(copy[4..]);
        copy.Slice(zeroedAt, Length).Clear();
        HMACMD5.HashData(secret, copy, digest);
        Return(rented);
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
