using System.Net;
using System.Security.Cryptography.X509Certificates;
using DotMac.Radius.Server;

namespace DotMac.Radius.Tls;

/// <summary>How a RadSec listener is opened and what it bears.</summary>
public sealed class RadSecListenerOptions
{
    /// <summary>Where to listen. Port 0 takes a free port; <see cref="IPAddress.IPv6Any"/> serves IPv4 too.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>This server's certificate with its private key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>Certificates between this server's and its issuer, sent along.</summary>
    public X509Certificate2Collection Intermediates { get; init; } = [];

    /// <summary>Who may have issued a client's certificate.</summary>
    public required X509Certificate2Collection TrustedIssuers { get; init; }

    /// <summary>Asked at each handshake: another answer than before (by reference) is shown and believed from then on. Null: the above, always.</summary>
    public Func<RadSecIdentity>? Identity { get; init; }

    /// <summary>Whether a proven peer is one of ours; a connection of any other is closed at once (RFC 6613 §2.6.4).</summary>
    public Func<TlsPeer, RemotePeer, bool> Admits { get; init; } = (_, _) => true;

    /// <summary>Connections at once in all; further ones are closed before TLS begins.</summary>
    public int MaxConnections { get; init; } = 1_024;

    public int MaxConnectionsPerAddress { get; init; } = 64;

    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection on which no packet came for so long is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Replies that may wait for a slow reader; one more closes its connection.</summary>
    public int MaxRepliesWaiting { get; init; } = 1_024;

    /// <summary>Told why a connection was refused or closed before its time; expected when strangers knock. Must not throw.</summary>
    public Action<RemotePeer, string>? OnClosed { get; init; }

    /// <summary>Told of each exception out of the handler, and of errors of the listening socket. Must not throw.</summary>
    public Action<Exception>? OnFailure { get; init; }
}
