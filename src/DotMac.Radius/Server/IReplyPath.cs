namespace DotMac.Radius.Server;

/// <summary>The way a request came, and its reply goes: a UDP socket, or one TLS connection.</summary>
public interface IReplyPath
{
    /// <summary>Who stands at the other end of a TLS connection, proven by certificate; null over UDP.</summary>
    TlsPeer? Tls { get; }

    /// <summary>Sends a reply now; may be called from any thread, also long after the request. False when it cannot be sent any more.</summary>
    bool Send(in RemotePeer to, ReadOnlySpan<byte> bytes);
}
