using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

internal enum AuthMethod : byte
{
    None,
    Pap,
    Chap,
    MsChap,
    Eap,
}

/// <summary>How an Access-Request proves who it is. Holds spans of the packet: lives no longer than it.</summary>
internal readonly ref struct Credentials
{
    private readonly PacketView packet;
    private readonly ReadOnlySpan<byte> secret;
    private readonly ReadOnlySpan<byte> clearPassword;

    private Credentials(AuthMethod method, PacketView packet, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> clearPassword)
    {
        Method = method;
        this.packet = packet;
        this.secret = secret;
        this.clearPassword = clearPassword;
    }

    public AuthMethod Method { get; }

    /// <summary>The packet's own: User-Password (PAP), CHAP-Password, EAP-Message, or MS-CHAP (vendor 311, types 1 and 25).</summary>
    public static Credentials Of(PacketView packet, ReadOnlySpan<byte> secret)
    {
        var method =
            packet.Has(AttributeType.EapMessage) ? AuthMethod.Eap
            : packet.Has(AttributeType.UserPassword) ? AuthMethod.Pap
            : packet.Has(AttributeType.ChapPassword) ? AuthMethod.Chap
            : packet.TryGetVendor(MsChap.Vendor, MsChap.Response2Type, out _)
            || packet.TryGetVendor(MsChap.Vendor, MsChap.ResponseType, out _)
                ? AuthMethod.MsChap
            : AuthMethod.None;
        return new Credentials(method, packet, secret, default);
    }

    /// <summary>A password in the clear, as the authentication test and FreeRADIUS's REST call have it.</summary>
    public static Credentials OfClearText(ReadOnlySpan<byte> password) => new(AuthMethod.Pap, default, default, password);

    /// <summary>Whether they prove knowledge of that password. Takes the same time wherever they differ.</summary>
    public bool Prove(ReadOnlySpan<byte> password)
    {
        if (Method == AuthMethod.Chap)
        {
            return Chap.Verify(packet, password);
        }

        if (Method == AuthMethod.MsChap)
        {
            return packet.TryGetVendor(MsChap.Vendor, MsChap.Response2Type, out _)
                ? MsChapV2.Verify(packet, password)
                : MsChap.Verify(packet, password);
        }

        if (Method != AuthMethod.Pap)
        {
            return false;
        }

        if (packet.Bytes.IsEmpty)
        {
            return System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(clearPassword, password);
        }

        return packet.TryGet(AttributeType.UserPassword, out var value) && Pap.Matches(value, secret, packet.Authenticator, password);
    }
}
