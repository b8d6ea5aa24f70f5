using System.Security.Cryptography;

namespace DotMac.Radius.Wire;

/// <summary>
/// Salted hiding of a value in a reply: Tunnel-Password (RFC 2868 §3.5), MS-MPPE-Send-Key and -Recv-Key (RFC 2548 §2.4.2). What is hidden is
/// one octet of length, the value, and zeros up to a multiple of 16.
/// </summary>
public static class Salted
{
    public const int SaltLength = 2;

    /// <summary>The longest value that one attribute can hide.</summary>
    public const int MaxValueLength = 239;

    /// <summary>Every salt has this bit set in its first octet.</summary>
    public const ushort SaltMark = 0x8000;

    private const int MaxHiddenLength = MaxValueLength + 1;

    /// <summary>How many octets the salt and the hidden value take (18..242).</summary>
    public static int LengthOf(int valueLength) => SaltLength + ((1 + valueLength + Digest.Length - 1) / Digest.Length * Digest.Length);

    /// <summary>
    /// Hides a value and returns the length with its salt, or -1 when it is longer than 239 octets or <paramref name="hidden"/> too short.
    /// </summary>
    /// <param name="authenticator">The Request Authenticator of the Access-Request that is answered.</param>
    /// <param name="salt">Another for each attribute of a packet; its first bit is set here.</param>
    public static int Encrypt(
        scoped ReadOnlySpan<byte> value,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> authenticator,
        ushort salt,
        Span<byte> hidden
    )
    {
        var length = LengthOf(value.Length);
        if (value.Length > MaxValueLength || hidden.Length < length)
        {
            return -1;
        }

        hidden[0] = (byte)((salt | SaltMark) >> 8);
        hidden[1] = (byte)salt;
        Span<byte> padded = stackalloc byte[MaxHiddenLength];
        padded.Clear();
        padded[0] = (byte)value.Length;
        value.CopyTo(padded[1..]);
        Span<byte> mask = stackalloc byte[Digest.Length];
        Digest.Compute(secret, authenticator, hidden[..SaltLength], mask);
        for (var at = 0; at < length - SaltLength; at += Digest.Length)
        {
            var block = hidden.Slice(SaltLength + at, Digest.Length);
            Xor(padded.Slice(at, Digest.Length), mask, block);
            Digest.Compute(secret, block, default, mask);
        }

        CryptographicOperations.ZeroMemory(padded);
        return length;
    }

    /// <summary>
    /// Uncovers a value (salt first) and returns its length, or -1 when it is not a salt and 16..240 octets in steps of 16, when the length inside
    /// goes beyond it (another secret, as a rule), or when <paramref name="clear"/> is too short for all that was hidden. Clear the buffer after use.
    /// </summary>
    public static int Decrypt(
        ReadOnlySpan<byte> hidden,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> authenticator,
        scoped Span<byte> clear
    )
    {
        var length = hidden.Length - SaltLength;
        if (length is < Digest.Length or > MaxHiddenLength || length % Digest.Length != 0 || clear.Length < length)
        {
            return -1;
        }

        Span<byte> mask = stackalloc byte[Digest.Length];
        Digest.Compute(secret, authenticator, hidden[..SaltLength], mask);
        for (var at = 0; at < length; at += Digest.Length)
        {
            var block = hidden.Slice(SaltLength + at, Digest.Length);
            Xor(block, mask, clear.Slice(at, Digest.Length));
            Digest.Compute(secret, block, default, mask);
        }

        var inner = clear[0];
        if (inner >= length)
        {
            return -1;
        }

        clear[1..length].CopyTo(clear);
        clear[inner..length].Clear();
        return inner;
    }

    private static void Xor(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        for (var i = 0; i < Digest.Length; i++)
        {
            result[i] = (byte)(left[i] ^ right[i]);
        }
    }
}
