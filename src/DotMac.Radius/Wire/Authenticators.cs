using System.Security.Cryptography;

namespace DotMac.Radius.Wire;

public enum MessageAuthenticatorCheck : byte
{
    Absent = 0,
    Valid,

    /// <summary>Wrong, of the wrong length, or there more than once.</summary>
    Invalid,
}

/// <summary>Checks of what a packet was signed with. All comparisons take the same time whatever differs.</summary>
public static class Authenticators
{
    private static ReadOnlySpan<byte> Zero => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The Request Authenticator of an Accounting-, CoA- or Disconnect-Request (RFC 2866 §3, RFC 5176 §2.3).</summary>
    public static bool VerifyAccountingLike(PacketView request, ReadOnlySpan<byte> secret) => Verify(request, Zero, secret);

    /// <summary>The Response Authenticator of any reply (RFC 2865 §3).</summary>
    public static bool VerifyResponse(PacketView response, ReadOnlySpan<byte> requestAuthenticator, ReadOnlySpan<byte> secret) =>
        requestAuthenticator.Length == PacketView.AuthenticatorLength && Verify(response, requestAuthenticator, secret);

    /// <summary>
    /// The Message-Authenticator of a request: over the packet as it is for Access-Request and Status-Server (RFC 3579 §3.2, RFC 5997 §3),
    /// over a zeroed authenticator for Accounting-, CoA- and Disconnect-Request (RFC 5176 §3.3).
    /// </summary>
    public static MessageAuthenticatorCheck CheckMessageAuthenticator(PacketView request, ReadOnlySpan<byte> secret)
    {
        var signedLater = request.Code is PacketCode.AccountingRequest or PacketCode.CoaRequest or PacketCode.DisconnectRequest;
        return CheckMessageAuthenticator(request, secret, signedLater ? Zero : request.Authenticator);
    }

    /// <summary>The Message-Authenticator of a reply: over the packet with the authenticator of its request in place (RFC 3579 §3.2).</summary>
    public static MessageAuthenticatorCheck CheckMessageAuthenticator(
        PacketView packet,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> requestAuthenticator
    )
    {
        var at = 0;
        var offset = PacketView.HeaderLength;
        foreach (var attribute in packet.Attributes)
        {
            if (attribute.Type == AttributeType.MessageAuthenticator)
            {
                if (at != 0 || attribute.Value.Length != Digest.Length)
                {
                    return MessageAuthenticatorCheck.Invalid;
                }

                at = offset + 2;
            }

            offset += 2 + attribute.Value.Length;
        }

        if (at == 0)
        {
            return MessageAuthenticatorCheck.Absent;
        }

        Span<byte> expected = stackalloc byte[Digest.Length];
        Digest.ComputeHmac(secret, packet.Bytes, requestAuthenticator, at, expected);
        return CryptographicOperations.FixedTimeEquals(expected, packet.Bytes.Slice(at, Digest.Length))
            ? MessageAuthenticatorCheck.Valid
            : MessageAuthenticatorCheck.Invalid;
    }

    private static bool Verify(PacketView packet, ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret)
    {
        Span<byte> expected = stackalloc byte[Digest.Length];
        Digest.ComputePacket(packet.Bytes, authenticator, secret, expected);
        return CryptographicOperations.FixedTimeEquals(expected, packet.Authenticator);
    }
}
