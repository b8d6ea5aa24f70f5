using System.Security.Cryptography;

namespace DotMac.Radius.Wire;

/// <summary>SHA-1 as MS-CHAPv2 and MPPE are defined over it. They leave no choice.</summary>
internal static class Sha1
{
    public const int Length = SHA1.HashSizeInBytes;

    /// <summary>More than any message of RFC 2759 and RFC 3079 made of three parts.</summary>
    private const int MostOctets = 256;

    public static void Compute(ReadOnlySpan<byte> message, Span<byte> digest) =>
#pragma warning disable CA5350 // The protocol names the digest.
        SHA1.HashData(message, digest);
#pragma warning restore CA5350

    /// <summary>Over three parts laid end to end, 256 octets in all at most. The digest may lie over a part.</summary>
    public static void Compute(
        scoped ReadOnlySpan<byte> first,
        scoped ReadOnlySpan<byte> second,
        scoped ReadOnlySpan<byte> third,
        Span<byte> digest
    )
    {
        Span<byte> message = stackalloc byte[MostOctets];
        first.CopyTo(message);
        second.CopyTo(message[first.Length..]);
        third.CopyTo(message[(first.Length + second.Length)..]);
        message = message[..(first.Length + second.Length + third.Length)];
        Compute(message, digest);
        CryptographicOperations.ZeroMemory(message);
    }
}
