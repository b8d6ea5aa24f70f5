using System.Text;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>
/// Sign-on by the MAC address of the line's device: the User-Name is a MAC address in any spelling, the password is the same or empty (or the
/// NAS asks with Service-Type Call-Check, RFC 2865 §5.6, and without one), and the Calling-Station-Id is that address. A NAS that checks calls may
/// leave the Calling-Station-Id out.
/// </summary>
internal static class MacLogin
{
    private const uint CallCheck = 10;

    public static readonly Verdict Unknown = new(false, "mac.unknown", "login", "No subscriber of this tenant has that MAC address.");

    public static readonly Verdict Mismatch = new(
        false,
        "mac.mismatch",
        "login",
        "The User-Name is a MAC address, but not the one that the Calling-Station-Id shows."
    );

    /// <summary>
    /// Null when the request is no such sign-on. Else the login of that address, or the refusal when there is none.
    /// </summary>
    public static (Login? Login, Verdict? Refusal)? Read(
        PacketView packet,
        NasEntry nas,
        ReadOnlySpan<char> username,
        AuthMethod method,
        AaaSnapshot snapshot
    )
    {
        Span<char> mac = stackalloc char[MacAddress.Chars];
        if (username.Length is not (12 or 14 or MacAddress.Chars) || !MacAddress.TryWrite(username, mac))
        {
            return null;
        }

        var isCheck = packet.TryGetUInt32(AttributeType.ServiceType, out var service) && service == CallCheck;
        if (!IsPasswordLess(packet, nas, mac, method, isCheck))
        {
            return null;
        }

        var shown = ShowsStation(packet, mac);
        if (shown == false || (shown is null && !isCheck))
        {
            return (null, Mismatch);
        }

        return snapshot.FindByMac(nas.TenantId, mac) is { } login ? (login, null) : (null, Unknown);
    }

    private static bool IsPasswordLess(PacketView packet, NasEntry nas, ReadOnlySpan<char> mac, AuthMethod method, bool isCheck)
    {
        switch (method)
        {
            case AuthMethod.None:
                return isCheck;
            case AuthMethod.Pap:
                Span<byte> clear = stackalloc byte[Pap.MaxPasswordLength];
                packet.TryGet(AttributeType.UserPassword, out var hidden);
                var length = Pap.Decrypt(hidden, nas.Secret, packet.Authenticator, clear);
                return length == 0 || (length > 0 && IsMac(clear[..length], mac));
            case AuthMethod.Chap:
                packet.TryGet(AttributeType.UserName, out var asSent);
                return Chap.Verify(packet, asSent) || Chap.Verify(packet, default);
            default:
                return false;
        }
    }

    /// <summary>Whether the Calling-Station-Id is that address; null when there is none.</summary>
    private static bool? ShowsStation(PacketView packet, ReadOnlySpan<char> mac) =>
        packet.TryGet(AttributeType.CallingStationId, out var station) && !station.IsEmpty ? IsMac(station, mac) : null;

    private static bool IsMac(ReadOnlySpan<byte> text, ReadOnlySpan<char> mac)
    {
        Span<char> chars = stackalloc char[MacAddress.Chars];
        Span<char> other = stackalloc char[MacAddress.Chars];
        return text.Length <= chars.Length
            && Encoding.Latin1.GetChars(text, chars) is var length
            && MacAddress.TryWrite(chars[..length], other)
            && other.SequenceEqual(mac);
    }
}
