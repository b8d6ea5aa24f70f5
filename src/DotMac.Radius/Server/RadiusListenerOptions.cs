using System.Net;

namespace DotMac.Radius.Server;

/// <summary>How a listener is opened.</summary>
public sealed class RadiusListenerOptions
{
    /// <summary>Where to listen. Port 0 takes a free port; <see cref="IPAddress.IPv6Any"/> serves IPv4 too.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>Receive threads, all reading the one socket.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>Octets of kernel receive buffer asked for; the system may grant less (net.core.rmem_max).</summary>
    public int ReceiveBufferBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Told of each exception out of the handler and of socket errors. Called on the receive thread; must not throw.</summary>
    public Action<Exception>? OnFailure { get; init; }
}
