using System.Security.Cryptography;

namespace DotMac.Radius.Wire;

/// <summary>User-Password hiding (RFC 2865 §5.2).</summary>
public static class Pap
{
    public const int MaxPasswordLength = 128;

    /// <summary>
    /// Uncovers a User-Password value. Returns the password's length with trailing NULs cut off, or -1 when the value is not 16..128
    /// octets in steps of 16 or <paramref name="clear"/> is shorter than the value. Clear the buffer after use.
    /// </summary>
    public static int Decrypt(
        ReadOnlySpan<byte> value,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> authenticator,
        scoped Span<byte> clear
    )
    {
        if (value.IsEmpty || value.Length > MaxPasswordLength || value.Length % Digest.Length != 0 || clear.Length < value.Length)
        {
            return -1;
        }

        Span<byte> mask = stackalloc byte[Digest.Length];
        var chain = authenticator;
        for (var at = 0; at < value.Length; at += Digest.Length)
        {
            Digest.Compute(secret, chain, default, mask);
            var block = value.Slice(at, Digest.Length);
            Xor(block, mask, clear.Slice(at, Digest.Length));
            chain = block;
        }

        return clear[..value.Length].LastIndexOfAnyExcept((byte)0) + 1;
    }

    /// <summary>
    /// Hides a password. Returns the value's length (16..128), or -1 when the password is longer than 128 octets or
    /// <paramref name="value"/> is too short.
    /// </summary>
    public static int Encrypt(
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> authenticator,
        scoped Span<byte> value
    )
    {
        var length = Math.Max(Digest.Length, (password.Length + Digest.Length - 1) / Digest.Length * Digest.Length);
        if (password.Length > MaxPasswordLength || value.Length < length)
        {
            return -1;
        }

        Span<byte> mask = stackalloc byte[Digest.Length];
        Span<byte> padded = stackalloc byte[MaxPasswordLength];
        padded.Clear();
        password.CopyTo(padded);
        scoped var chain = authenticator;
        for (var at = 0; at < length; at += Digest.Length)
        {
            Digest.Compute(secret, chain, default, mask);
            var block = value.Slice(at, Digest.Length);
            Xor(padded.Slice(at, Digest.Length), mask, block);
            chain = block;
        }

        CryptographicOperations.ZeroMemory(padded);
        return length;
    }

    /// <summary>
    /// Whether the value hides exactly that password (UTF-8 octets). Takes the same time wherever they differ. A password longer than 128
    /// octets or with a NUL at its end never matches.
    /// </summary>
    public static bool Matches(
        ReadOnlySpan<byte> value,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> authenticator,
        ReadOnlySpan<byte> password
    )
    {
        Span<byte> given = stackalloc byte[MaxPasswordLength];
        Span<byte> expected = stackalloc byte[MaxPasswordLength];
        given.Clear();
        expected.Clear();
        var length = Decrypt(value, secret, authenticator, given);
        if (length < 0 || password.Length > MaxPasswordLength)
        {
            return false;
        }

        // The hidden value's length is no secret; the password's is: what is longer than the value is cut off, not compared sooner.
        password[..Math.Min(password.Length, value.Length)].CopyTo(expected);
        var equal = CryptographicOperations.FixedTimeEquals(given[..value.Length], expected[..value.Length]) & (length == password.Length);
        CryptographicOperations.ZeroMemory(given);
        CryptographicOperations.ZeroMemory(expected);
        return equal;
    }

    private static void Xor(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        for (var i = 0; i < Digest.Length; i++)
        {
            result[i] = (byte)(left[i] ^ right[i]);
        }
    }
}
