using System.Globalization;
using System.Net;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>Where one upstream server listens.</summary>
internal sealed record UpstreamServer(IPAddress Address, int AuthPort, int AcctPort)
{
    /// <summary>"192.0.2.1:1812/1813" or "[2001:db8::1]:1812/1813"; the form that is stored.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{new IPEndPoint(Address, AuthPort)}/{AcctPort}");

    /// <summary>Null when the text is no such form.</summary>
    public static UpstreamServer? Parse(string text)
    {
        var slash = text.LastIndexOf('/');
        return
            slash > 0
            && IPEndPoint.TryParse(text.AsSpan(0, slash), out var auth)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var acct)
            ? new UpstreamServer(auth.Address, auth.Port, acct)
            : null;
    }
}
