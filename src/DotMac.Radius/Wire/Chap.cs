using System.Security.Cryptography;

namespace DotMac.Radius.Wire;

/// <summary>CHAP (RFC 1994 §4.1, RFC 2865 §5.3 and §5.40).</summary>
public static class Chap
{
    /// <summary>CHAP-Password is the CHAP identifier and a 16 octet response.</summary>
    public const int PasswordAttributeLength = 17;

    /// <summary>Response = MD5(identifier, password, challenge).</summary>
    public static void Compute(byte chapIdentifier, ReadOnlySpan<byte> password, ReadOnlySpan<byte> challenge, Span<byte> response)
    {
        ReadOnlySpan<byte> identifier = [chapIdentifier];
        Digest.Compute(identifier, password, challenge, response);
    }

    /// <summary>
    /// Whether the request's CHAP-Password answers its challenge (CHAP-Challenge, else the Request Authenticator) with that password.
    /// False when CHAP-Password is absent or not 17 octets long.
    /// </summary>
    public static bool Verify(PacketView request, ReadOnlySpan<byte> cleartextPassword)
    {
        if (!request.TryGet(AttributeType.ChapPassword, out var value) || value.Length != PasswordAttributeLength)
        {
            return false;
        }

        if (!request.TryGet(AttributeType.ChapChallenge, out var challenge))
        {
            challenge = request.Authenticator;
        }

        Span<byte> expected = stackalloc byte[Digest.Length];
        Compute(value[0], cleartextPassword, challenge, expected);
        return CryptographicOperations.FixedTimeEquals(expected, value[1..]);
    }
}
