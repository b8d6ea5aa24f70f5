using System.Net;
using System.Net.Sockets;

namespace DotMac.Radius.Client;

/// <summary>
/// A UDP socket connected to one peer: sends at once, hands over what comes as it comes, and tells when the peer's host refuses. For those who
/// keep many requests in the air; one request at a time is <see cref="RadiusClient"/>'s. Thread-safe; waits on no thread.
/// </summary>
public sealed class DatagramLine : IDisposable
{
    private const int MaxDatagram = 4096;

    private readonly Socket _socket;
    private readonly Action _refused;
    private readonly CancellationTokenSource _closing = new();

    private DatagramLine(Socket socket, Action refused)
    {
        _socket = socket;
        _refused = refused;
    }

    /// <summary>Opens towards a peer; null when there is no way to it now.</summary>
    /// <param name="received">Told of each datagram, one after the other; the octets are valid during the call only. Must not throw.</param>
    /// <param name="refused">Told when nobody listens there (ICMP port unreachable) or the system refuses.</param>
    public static DatagramLine? TryOpen(IPEndPoint to, Action<ReadOnlyMemory<byte>> received, Action refused)
    {
        ArgumentNullException.ThrowIfNull(to);
        Socket? socket = null;
        try
        {
            // Refused too where the system has no such family (IPv6 switched off), or no file descriptor left.
            socket = new Socket(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(to);
        }
        catch (SocketException)
        {
            socket?.Dispose();
            return null;
        }

        var line = new DatagramLine(socket, refused);
        _ = line.ReceiveAsync(received, line._closing.Token);
        return line;
    }

    /// <summary>Sends now. A refusal of an earlier datagram is told by this one, which then did not go out.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.Send(datagram);
        }
        catch (SocketException)
        {
            _refused();
        }
        catch (ObjectDisposedException)
        { /* closed meanwhile */
        }
    }

    public void Dispose()
    {
        if (!_closing.IsCancellationRequested)
        {
            _closing.Cancel();
            _socket.Dispose();
            _closing.Dispose();
        }
    }

    private async Task ReceiveAsync(Action<ReadOnlyMemory<byte>> received, CancellationToken ct)
    {
        var buffer = new byte[MaxDatagram];
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, ct).ConfigureAwait(false);
                received(buffer.AsMemory(0, length));
            }
            catch (SocketException)
            {
                _refused();
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
