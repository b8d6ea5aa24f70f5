using System.Security.Cryptography;
using System.Text;
using DotMac.Radius.Wire;

namespace DotMac.Radius.Client;

/// <summary>Proofs of a password by MS-CHAP, with a challenge of this side's own making.</summary>
public sealed partial class RequestBuilder
{
    private const byte UseNtResponse = 1;

    /// <summary>MS-CHAP-Challenge and MS-CHAP-Response by the NT hash (RFC 2433, RFC 2548 §2.1).</summary>
    public RequestBuilder MsChapPassword(string clear, byte ident = 1, byte[]? challenge = null)
    {
        challenge ??= RandomNumberGenerator.GetBytes(MsChap.ChallengeLength);
        var response = new byte[MsChap.ResponseLength];
        (response[0], response[1]) = (ident, UseNtResponse);
        MsChap.Respond(challenge, HashOf(clear), response.AsSpan(MsChap.ResponseLength - MsChap.NtResponseLength));
        return AddVendor(MsChap.Vendor, MsChap.ChallengeType, challenge).AddVendor(MsChap.Vendor, MsChap.ResponseType, response);
    }

    /// <summary>MS-CHAP-Challenge and MS-CHAP2-Response (RFC 2759, RFC 2548 §2.3.2).</summary>
    /// <param name="username">As the peer presents it, without a domain before it.</param>
    public RequestBuilder MsChapV2Password(
        string username,
        string clear,
        byte ident = 1,
        byte[]? challenge = null,
        byte[]? peerChallenge = null
    )
    {
        challenge ??= RandomNumberGenerator.GetBytes(MsChapV2.ChallengeLength);
        peerChallenge ??= RandomNumberGenerator.GetBytes(MsChapV2.ChallengeLength);
        Span<byte> hashed = stackalloc byte[MsChap.ChallengeLength];
        MsChapV2.HashChallenges(peerChallenge, challenge, Encoding.UTF8.GetBytes(username), hashed);
        var response = new byte[MsChapV2.ResponseLength];
        response[0] = ident;
        peerChallenge.CopyTo(response, 2);
        MsChap.Respond(hashed, HashOf(clear), response.AsSpan(MsChapV2.ResponseLength - MsChap.NtResponseLength));
        return AddVendor(MsChap.Vendor, MsChap.ChallengeType, challenge).AddVendor(MsChap.Vendor, MsChap.Response2Type, response);
    }

    private static byte[] HashOf(string clear)
    {
        var hash = new byte[MsChap.HashLength];
        return MsChap.TryHashPassword(Encoding.UTF8.GetBytes(clear), hash)
            ? hash
            : throw new ArgumentException("A password has at most 256 characters.", nameof(clear));
    }
}
