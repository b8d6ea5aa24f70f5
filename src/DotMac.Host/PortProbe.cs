using System.Net;
using System.Net.Sockets;
using DotMac.Host.Settings;

namespace DotMac.Host;

/// <summary>Tells whether the ports a process wants are free, before anything is started.</summary>
internal static class PortProbe
{
    /// <summary>Each wanted port in words, with null or what is wrong and the mend.</summary>
    public static IEnumerable<(string What, string? Fault)> All(HostSettings settings, NodeRoles roles)
    {
        yield return Probe("DOTMAC_HTTP_PORT", settings.HttpBind, settings.HttpPort, SocketType.Stream, "8081");
        if (roles.HasFlag(NodeRoles.Aaa))
        {
            yield return Probe("DOTMAC_RADIUS_AUTH_PORT", settings.RadiusBind, settings.RadiusAuthPort, SocketType.Dgram, "11812");
            yield return Probe("DOTMAC_RADIUS_ACCT_PORT", settings.RadiusBind, settings.RadiusAcctPort, SocketType.Dgram, "11813");
            if (settings.RadSec is { } tls)
            {
                yield return Probe("DOTMAC_RADSEC_PORT", settings.RadiusBind, tls.Port, SocketType.Stream, "12083");
            }
        }
    }

    /// <summary>Null when something answers at the address within two seconds.</summary>
    public static async Task<string?> ReachAsync(Uri address, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port, limit.Token);
            return null;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return "nobody answers there. Start the receiver, or mend OTEL_EXPORTER_OTLP_ENDPOINT; the platform works without it.";
        }
    }

    private static (string What, string? Fault) Probe(string key, IPAddress bind, int port, SocketType type, string other)
    {
        var what = $"{key}: {(type == SocketType.Stream ? "TCP" : "UDP")} {port}";
        try
        {
            using var socket = new Socket(bind.AddressFamily, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
            if (bind.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            if (type == SocketType.Stream)
            {
                // A server stopped a moment ago leaves connections in TIME_WAIT; they do not hold the port against Kestrel either.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            socket.Bind(new IPEndPoint(bind, port));
            if (type == SocketType.Stream)
            {
                socket.Listen();
            }

            return (what, null);
        }
        catch (SocketException e)
        {
            return (
                what,
                e.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse =>
                        $"port {port} is in use by another program. Stop that program, or set another port, e.g. {other}.",
                    SocketError.AccessDenied => $"this account may not open port {port}. Set a port above 1023, e.g. {other}.",
                    _ => $"port {port} cannot be opened on {bind} ({e.Message}). Set an address of this machine.",
                }
            );
        }
    }
}
