using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>
/// A NAS's request as it goes on to an upstream server (RFC 2865 §2): new identifier and authenticator, User-Password hidden anew, the
/// CHAP challenge spelled out when it was the authenticator, Message-Authenticator of our own and first, our Proxy-State behind all others.
/// Everything else passes unchanged and in order.
/// </summary>
internal static class HopRequest
{
    /// <param name="realmCut">Octets of the User-Name that are kept; -1 keeps it whole.</param>
    /// <returns>The packet's length, or 0 when it cannot be built (too long, or the User-Password is none).</returns>
    public static int Write(
        Span<byte> buffer,
        PacketView request,
        ReadOnlySpan<byte> nasSecret,
        ReadOnlySpan<byte> upstreamSecret,
        byte identifier,
        ReadOnlySpan<byte> authenticator,
        ReadOnlySpan<byte> proxyState,
        int realmCut
    )
    {
        var isAccess = request.Code == PacketCode.AccessRequest;
        var writer = new PacketWriter(buffer, request.Code, identifier);
        if (isAccess)
        {
            writer.AddMessageAuthenticatorPlaceholder();
        }

        foreach (var attribute in request.Attributes)
        {
            switch (attribute.Type)
            {
                case AttributeType.MessageAuthenticator:
                    break;
                case AttributeType.UserPassword when isAccess:
                    if (!AddPassword(ref writer, attribute.Value, request, nasSecret, upstreamSecret, authenticator))
                    {
                        return 0;
                    }

                    break;
                case AttributeType.UserName when realmCut >= 0:
                    writer.AddBytes(AttributeType.UserName, attribute.Value[..Math.Min(realmCut, attribute.Value.Length)]);
                    break;
                default:
                    writer.AddBytes(attribute.Type, attribute.Value);
                    break;
            }
        }

        if (request.Has(AttributeType.ChapPassword) && !request.Has(AttributeType.ChapChallenge))
        {
            writer.AddBytes(AttributeType.ChapChallenge, request.Authenticator);
        }

        writer.AddBytes(AttributeType.ProxyState, proxyState);
        return isAccess ? writer.FinishAccessRequest(upstreamSecret, authenticator) : writer.FinishAccountingLike(upstreamSecret);
    }

    /// <summary>How many octets stand before the last @ of the User-Name; -1 when there is none.</summary>
    public static int CutOf(PacketView request) => request.TryGet(AttributeType.UserName, out var name) ? name.LastIndexOf((byte)'@') : -1;

    private static bool AddPassword(
        ref PacketWriter writer,
        ReadOnlySpan<byte> value,
        PacketView request,
        ReadOnlySpan<byte> nasSecret,
        ReadOnlySpan<byte> upstreamSecret,
        ReadOnlySpan<byte> authenticator
    )
    {
        Span<byte> clear = stackalloc byte[Pap.MaxPasswordLength];
        Span<byte> hidden = stackalloc byte[Pap.MaxPasswordLength];
        var length = Pap.Decrypt(value, nasSecret, request.Authenticator, clear);
        var hiddenLength = length < 0 ? -1 : Pap.Encrypt(clear[..length], upstreamSecret, authenticator, hidden);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(clear);
        return hiddenLength >= 0 && writer.AddBytes(AttributeType.UserPassword, hidden[..hiddenLength]);
    }
}
