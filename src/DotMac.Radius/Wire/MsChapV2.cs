using System.Security.Cryptography;

namespace DotMac.Radius.Wire;

/// <summary>MS-CHAP version 2 (RFC 2759): both sides prove that they know the password.</summary>
public static class MsChapV2
{
    /// <summary>Octets of an MS-CHAP-Challenge in version 2.</summary>
    public const int ChallengeLength = 16;

    /// <summary>MS-CHAP2-Response (RFC 2548 §2.3.2): ident, flags, Peer-Challenge (16), reserved (8), NT-Response (24).</summary>
    public const int ResponseLength = 50;

    /// <summary>MS-CHAP2-Success (RFC 2548 §2.3.3): ident and "S=" with 40 hexadecimal digits.</summary>
    public const int SuccessLength = 43;

    private const int PeerChallengeAt = 2;
    private const int NtResponseAt = 26;

    private static ReadOnlySpan<byte> ServerMagic => "Magic server to client signing constant"u8;

    private static ReadOnlySpan<byte> IterationMagic => "Pad to make it do more than one iteration"u8;

    /// <summary>ChallengeHash (RFC 2759 §8.2): 8 octets of SHA-1 over both challenges and the name without a domain before it.</summary>
    public static void HashChallenges(
        ReadOnlySpan<byte> peerChallenge,
        ReadOnlySpan<byte> authenticatorChallenge,
        scoped ReadOnlySpan<byte> username,
        Span<byte> challenge
    )
    {
        Span<byte> message = stackalloc byte[(2 * ChallengeLength) + AttributeFormat.MaxValueLength];
        peerChallenge[..ChallengeLength].CopyTo(message);
        authenticatorChallenge[..ChallengeLength].CopyTo(message[ChallengeLength..]);
        username.CopyTo(message[(2 * ChallengeLength)..]);
        Span<byte> digest = stackalloc byte[Sha1.Length];
        Sha1.Compute(message[..((2 * ChallengeLength) + username.Length)], digest);
        digest[..MsChap.ChallengeLength].CopyTo(challenge);
    }

    /// <summary>
    /// Whether the request's MS-CHAP2-Response answers its MS-CHAP-Challenge with that password. A domain before the name (DOM\user) is left
    /// out as the RFC asks; clients that leave it in are understood too.
    /// </summary>
    public static bool Verify(PacketView request, ReadOnlySpan<byte> cleartextPassword) => TryVerify(request, cleartextPassword, out _);

    /// <summary>
    /// Writes MS-CHAP2-Success (43 octets): GenerateAuthenticatorResponse (RFC 2759 §8.7). False when the request does not answer its challenge
    /// with that password: who cannot prove it learns nothing.
    /// </summary>
    public static bool TrySucceed(PacketView request, ReadOnlySpan<byte> cleartextPassword, Span<byte> success)
    {
        Span<byte> challenge = stackalloc byte[MsChap.ChallengeLength];
        Span<byte> hash = stackalloc byte[MsChap.HashLength];
        Span<byte> digest = stackalloc byte[Sha1.Length];
        if (!TryVerify(request, cleartextPassword, out var response, challenge) || !MsChap.TryHashPassword(cleartextPassword, hash))
        {
            return false;
        }

        MsChap.HashHash(hash, hash);
        Sha1.Compute(hash, response.Slice(NtResponseAt, MsChap.NtResponseLength), ServerMagic, digest);
        Sha1.Compute(digest, challenge, IterationMagic, digest);
        CryptographicOperations.ZeroMemory(hash);
        success[0] = response[0];
        "S="u8.CopyTo(success[1..]);
        return Convert.TryToHexString(digest, success[3..SuccessLength], out _);
    }

    /// <summary>The NT-Response of a verified request.</summary>
    internal static bool TryGetNtResponse(PacketView request, out ReadOnlySpan<byte> ntResponse)
    {
        if (request.TryGetVendor(MsChap.Vendor, MsChap.Response2Type, out var response) && response.Length == ResponseLength)
        {
            ntResponse = response.Slice(NtResponseAt, MsChap.NtResponseLength);
            return true;
        }

        ntResponse = default;
        return false;
    }

    private static bool TryVerify(PacketView request, ReadOnlySpan<byte> password, out ReadOnlySpan<byte> response)
    {
        Span<byte> challenge = stackalloc byte[MsChap.ChallengeLength];
        return TryVerify(request, password, out response, challenge);
    }

    private static bool TryVerify(
        PacketView request,
        scoped ReadOnlySpan<byte> password,
        out ReadOnlySpan<byte> response,
        scoped Span<byte> challenge
    )
    {
        if (
            !request.TryGetVendor(MsChap.Vendor, MsChap.Response2Type, out response)
            || response.Length != ResponseLength
            || !request.TryGetVendor(MsChap.Vendor, MsChap.ChallengeType, out var given)
            || given.Length != ChallengeLength
            || !request.TryGet(AttributeType.UserName, out var name)
        )
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[MsChap.HashLength];
        if (!MsChap.TryHashPassword(password, hash))
        {
            return false;
        }

        var bare = name[(name.IndexOf((byte)'\\') + 1)..];
        var right = Answers(response, given, bare, hash, challenge);
        if (!right && bare.Length != name.Length)
        {
            right = Answers(response, given, name, hash, challenge);
        }

        CryptographicOperations.ZeroMemory(hash);
        return right;
    }

    private static bool Answers(
        ReadOnlySpan<byte> response,
        ReadOnlySpan<byte> authenticatorChallenge,
        ReadOnlySpan<byte> username,
        ReadOnlySpan<byte> passwordHash,
        scoped Span<byte> challenge
    )
    {
        Span<byte> expected = stackalloc byte[MsChap.NtResponseLength];
        HashChallenges(response.Slice(PeerChallengeAt, ChallengeLength), authenticatorChallenge, username, challenge);
        MsChap.Respond(challenge, passwordHash, expected);
        return CryptographicOperations.FixedTimeEquals(expected, response[NtResponseAt..]);
    }
}
