using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace DotMac.Radius.Wire;

/// <summary>
/// MS-CHAP version 1 (RFC 2433) and what both versions share. Passwords are UTF-8 as kept here, and UTF-16 little-endian in the hash, as the
/// RFC asks. The answer to the LAN Manager hash is not taken: it is weaker still, and no client of this century sends it alone.
/// </summary>
public static class MsChap
{
    /// <summary>Microsoft's enterprise number.</summary>
    public const uint Vendor = 311;

    public const byte ResponseType = 1;
    public const byte ErrorType = 2;
    public const byte EncryptionPolicyType = 7;
    public const byte EncryptionTypesType = 8;
    public const byte ChallengeType = 11;
    public const byte MppeKeysType = 12;
    public const byte SendKeyType = 16;
    public const byte RecvKeyType = 17;
    public const byte Response2Type = 25;
    public const byte Success2Type = 26;

    /// <summary>Octets of the NT hash of a password.</summary>
    public const int HashLength = Md4.DigestLength;

    /// <summary>Octets of an NT-Response.</summary>
    public const int NtResponseLength = 24;

    /// <summary>RFC 2433 §A.2 counts a password in characters of 16 bits.</summary>
    public const int MaxPasswordChars = 256;

    /// <summary>Octets of an MS-CHAP-Challenge in version 1.</summary>
    public const int ChallengeLength = 8;

    /// <summary>MS-CHAP-Response (RFC 2548 §2.1.3): ident, flags, LM-Response (24), NT-Response (24).</summary>
    public const int ResponseLength = 50;

    private const byte UseNtResponse = 1;

    /// <summary>NtPasswordHash (RFC 2433 §A.5): MD4 over the password in UTF-16. False when it is longer than 256 characters or not UTF-8.</summary>
    public static bool TryHashPassword(scoped ReadOnlySpan<byte> password, Span<byte> hash)
    {
        Span<char> text = stackalloc char[MaxPasswordChars];
        Span<byte> wide = stackalloc byte[2 * MaxPasswordChars];
        if (System.Text.Unicode.Utf8.ToUtf16(password, text, out _, out var chars, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            return false;
        }

        Encoding.Unicode.GetBytes(text[..chars], wide);
        Md4.Compute(wide[..(2 * chars)], hash);
        CryptographicOperations.ZeroMemory(wide);
        text.Clear();
        return true;
    }

    /// <summary>HashNtPasswordHash (RFC 2759 §8.4): MD4 over the hash.</summary>
    public static void HashHash(ReadOnlySpan<byte> passwordHash, Span<byte> hash) => Md4.Compute(passwordHash, hash);

    /// <summary>ChallengeResponse (RFC 2433 §A.6, RFC 2759 §8.5): the challenge encrypted three times by DES, with three parts of the hash.</summary>
    public static void Respond(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> passwordHash, Span<byte> response)
    {
        Span<byte> keys = stackalloc byte[3 * Des.KeyLength];
        keys.Clear();
        passwordHash[..HashLength].CopyTo(keys);
        for (var i = 0; i < 3; i++)
        {
            Des.Encrypt(
                keys.Slice(i * Des.KeyLength, Des.KeyLength),
                challenge[..Des.BlockLength],
                response.Slice(i * Des.BlockLength, Des.BlockLength)
            );
        }

        CryptographicOperations.ZeroMemory(keys);
    }

    /// <summary>Whether the request's MS-CHAP-Response answers its MS-CHAP-Challenge with that password, by the NT hash.</summary>
    public static bool Verify(PacketView request, ReadOnlySpan<byte> cleartextPassword)
    {
        if (
            !request.TryGetVendor(Vendor, ResponseType, out var response)
            || response.Length != ResponseLength
            || (response[1] & UseNtResponse) == 0
            || !request.TryGetVendor(Vendor, ChallengeType, out var challenge)
            || challenge.Length != ChallengeLength
        )
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[HashLength];
        Span<byte> expected = stackalloc byte[NtResponseLength];
        if (!TryHashPassword(cleartextPassword, hash))
        {
            return false;
        }

        Respond(challenge, hash, expected);
        CryptographicOperations.ZeroMemory(hash);
        return CryptographicOperations.FixedTimeEquals(expected, response[(ResponseLength - NtResponseLength)..]);
    }

    /// <summary>
    /// The first 8 octets of the LAN Manager hash (RFC 2433 §A.1): DES of a fixed text under the first seven characters in upper case. MPPE of
    /// 40 and 56 bits is keyed with it (RFC 3079 §2.1). Zero for a password that has none: longer than 14 characters, or not ASCII.
    /// </summary>
    internal static void LanManagerKey(ReadOnlySpan<byte> password, Span<byte> key)
    {
        key[..Des.BlockLength].Clear();
        if (password.Length > 2 * Des.KeyLength || !Ascii.IsValid(password))
        {
            return;
        }

        Span<byte> upper = stackalloc byte[Des.KeyLength];
        upper.Clear();
        Ascii.ToUpper(password[..Math.Min(password.Length, Des.KeyLength)], upper, out _);
        Des.Encrypt(upper, "KGS!@#$%"u8, key);
        CryptographicOperations.ZeroMemory(upper);
    }
}
