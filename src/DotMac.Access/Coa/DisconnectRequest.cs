using System.Net;
using System.Net.Sockets;
using System.Text;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Access.Coa;

/// <summary>The Disconnect-Request of one session.</summary>
/// <remarks>
/// <b>Source:</b> RFC 5176 §2, §3. User-Name and Acct-Session-Id both go in, because strongSwan looks at the name alone and others at the
/// session alone; Event-Timestamp is fresh, because hostapd ignores requests older than 300 s; Message-Authenticator is first.
/// </remarks>
internal static class DisconnectRequest
{
    public static byte[] Build(LiveSession session, ReadOnlySpan<byte> secret, DateTimeOffset now)
    {
        var request = new RequestBuilder(PacketCode.DisconnectRequest).WithMessageAuthenticator();
        if (session.Username is { Length: > 0 } name && Fits(name))
        {
            request.Add(AttributeType.UserName, name);
        }

        if (Fits(session.AcctSessionId))
        {
            request.Add(AttributeType.AcctSessionId, session.AcctSessionId);
        }

        var nas = IPAddress.Parse(session.NasIpAddress);
        request.Add(nas.AddressFamily == AddressFamily.InterNetwork ? AttributeType.NasIpAddress : AttributeType.NasIpv6Address, nas);
        if (session.FramedIpAddress is { } framed)
        {
            request.Add(AttributeType.FramedIpAddress, IPAddress.Parse(framed));
        }

        return request.Add(AttributeType.EventTimestamp, (uint)now.ToUnixTimeSeconds()).Build(secret);
    }

    private static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) is > 0 and <= AttributeFormat.MaxValueLength;
}
