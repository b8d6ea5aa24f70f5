using System.Buffers.Binary;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>
/// An upstream's answer as it goes back to the NAS (RFC 2865 §2): signed anew with Message-Authenticator first, keys and tunnel passwords
/// hidden for the NAS's secret and authenticator, our Proxy-State gone, the NAS's own as they were. Attributes of our own take the place of
/// the upstream's of the same type.
/// </summary>
internal static class HopReply
{
    private const uint Microsoft = 311;
    private const byte MppeKeys = 12;
    private const byte MppeSendKey = 16;
    private const byte MppeRecvKey = 17;

    /// <summary>Behind the vendor's number, and the type and length of its attribute.</summary>
    private const int MppeAt = 6;

    /// <param name="code">Usually the answer's; an accept that is refused here becomes a reject.</param>
    /// <param name="hopAuthenticator">The authenticator of the request that the upstream answered.</param>
    /// <param name="own">Encoded attributes of the known login's line; empty when nothing is added.</param>
    /// <returns>The length, or 0 when it does not fit a packet.</returns>
    public static int Write(
        Span<byte> buffer,
        PacketCode code,
        PacketView answer,
        PacketView request,
        ReadOnlySpan<byte> nasSecret,
        ReadOnlySpan<byte> upstreamSecret,
        ReadOnlySpan<byte> hopAuthenticator,
        PacketView own
    )
    {
        var writer = new PacketWriter(buffer, code, request.Identifier);
        writer.AddMessageAuthenticatorPlaceholder();
        Span<byte> hidden = stackalloc byte[AttributeFormat.MaxValueLength];
        foreach (var attribute in answer.Attributes)
        {
            if (attribute.Type is AttributeType.MessageAuthenticator or AttributeType.ProxyState || IsTakenBy(own, attribute))
            {
                continue;
            }

            var length =
                SaltOffset(attribute) is var salt and >= 0
                    ? Rehide(attribute, salt, upstreamSecret, hopAuthenticator, nasSecret, request.Authenticator, hidden)
                : IsMppe(attribute, MppeKeys)
                    ? RehideKeys(attribute, upstreamSecret, hopAuthenticator, nasSecret, request.Authenticator, hidden)
                : -1;
            if (length < 0)
            {
                writer.AddBytes(attribute.Type, attribute.Value);
            }
            else if (length > 0)
            {
                writer.AddBytes(attribute.Type, hidden[..length]);
            }
        }

        if (!own.Bytes.IsEmpty)
        {
            foreach (var attribute in own.Attributes)
            {
                writer.AddBytes(attribute.Type, attribute.Value);
            }
        }

        writer.CopyProxyStates(request);
        return writer.FinishReply(request.Authenticator, nasSecret);
    }

    /// <summary>
    /// The EAP-Failure (RFC 3748 §4.2) that goes with an Access-Reject made of an upstream's accept: with the identifier of its EAP-Success.
    /// Zero length when the accept carries no EAP.
    /// </summary>
    public static int WriteReject(Span<byte> buffer, PacketView answer, PacketView request, ReadOnlySpan<byte> nasSecret)
    {
        var writer = new PacketWriter(buffer, PacketCode.AccessReject, request.Identifier);
        writer.AddMessageAuthenticatorPlaceholder();
        if (!answer.Bytes.IsEmpty && answer.TryGet(AttributeType.EapMessage, out var eap) && eap.Length >= 4)
        {
            writer.AddBytes(AttributeType.EapMessage, [4, eap[1], 0, 4]);
        }
        else if (request.TryGet(AttributeType.EapMessage, out var asked) && asked.Length >= 4)
        {
            writer.AddBytes(AttributeType.EapMessage, [4, asked[1], 0, 4]);
        }

        writer.CopyProxyStates(request);
        return writer.FinishReply(request.Authenticator, nasSecret);
    }

    /// <summary>Where the salt of a salt-encrypted value begins: behind the tag of a Tunnel-Password, in the one MPPE key of a vendor attribute; else -1.</summary>
    private static int SaltOffset(AttributeView attribute) =>
        attribute.Type == AttributeType.TunnelPassword && !attribute.Value.IsEmpty ? 1
        : IsMppe(attribute, MppeSendKey) || IsMppe(attribute, MppeRecvKey) ? MppeAt
        : -1;

    private static bool IsMppe(AttributeView attribute, byte type) =>
        attribute.Type == AttributeType.VendorSpecific
        && attribute.Value.Length > MppeAt
        && BinaryPrimitives.ReadUInt32BigEndian(attribute.Value) == Microsoft
        && attribute.Value[4] == type
        && attribute.Value[5] == attribute.Value.Length - 4;

    /// <summary>MS-CHAP-MPPE-Keys are hidden as a User-Password is (RFC 2548 §2.4.1), zeros at their end included; 0 when they cannot be read.</summary>
    private static int RehideKeys(
        AttributeView attribute,
        ReadOnlySpan<byte> upstreamSecret,
        ReadOnlySpan<byte> hopAuthenticator,
        ReadOnlySpan<byte> nasSecret,
        ReadOnlySpan<byte> nasAuthenticator,
        Span<byte> value
    )
    {
        Span<byte> clear = stackalloc byte[Pap.MaxPasswordLength];
        var keys = attribute.Value[MppeAt..];
        if (Pap.Decrypt(keys, upstreamSecret, hopAuthenticator, clear) < 0)
        {
            return 0;
        }

        attribute.Value[..MppeAt].CopyTo(value);
        var hidden = Pap.Encrypt(clear[..keys.Length], nasSecret, nasAuthenticator, value[MppeAt..]);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(clear);
        return hidden < 0 ? 0 : MppeAt + hidden;
    }

    /// <summary>Hides for the NAS what the upstream hid for us, with the same salt; 0 when it cannot be read.</summary>
    private static int Rehide(
        AttributeView attribute,
        int salt,
        ReadOnlySpan<byte> upstreamSecret,
        ReadOnlySpan<byte> hopAuthenticator,
        ReadOnlySpan<byte> nasSecret,
        ReadOnlySpan<byte> nasAuthenticator,
        Span<byte> value
    )
    {
        Span<byte> clear = stackalloc byte[AttributeFormat.MaxValueLength];
        var length = Salted.Decrypt(attribute.Value[salt..], upstreamSecret, hopAuthenticator, clear);
        if (length < 0)
        {
            return 0;
        }

        attribute.Value[..salt].CopyTo(value);
        var hidden = Salted.Encrypt(
            clear[..length],
            nasSecret,
            nasAuthenticator,
            BinaryPrimitives.ReadUInt16BigEndian(attribute.Value[salt..]),
            value[salt..]
        );
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(clear);
        if (attribute.Type == AttributeType.VendorSpecific)
        {
            value[5] = (byte)(2 + hidden);
        }

        return hidden < 0 ? 0 : salt + hidden;
    }

    private static bool IsTakenBy(PacketView own, AttributeView theirs)
    {
        if (own.Bytes.IsEmpty)
        {
            return false;
        }

        foreach (var mine in own.Attributes)
        {
            if (mine.Type == theirs.Type && (mine.Type != AttributeType.VendorSpecific || IsSameVendorType(mine.Value, theirs.Value)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSameVendorType(ReadOnlySpan<byte> mine, ReadOnlySpan<byte> theirs) =>
        mine.Length > 4 && theirs.Length > 4 && mine[..5].SequenceEqual(theirs[..5]);
}
