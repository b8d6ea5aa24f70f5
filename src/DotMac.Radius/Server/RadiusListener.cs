using System.Net;
using System.Net.Sockets;

namespace DotMac.Radius.Server;

/// <summary>
/// A UDP socket with receive threads that hand each datagram to the handler and send what it wrote. After start it allocates nothing
/// per datagram. Nothing a peer sends and nothing the handler throws ends a receive thread.
/// </summary>
public sealed class RadiusListener : IReplyPath, IAsyncDisposable
{
    private const int MaxDatagram = 65535;
    private const int MaxReply = 4096;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestHandler = TimeSpan.FromSeconds(5);

    [ThreadStatic]
    private static SocketAddress? sendAddress;

    private readonly IPacketHandler _handler;
    private readonly RadiusListenerOptions _options;
    private readonly Socket _socket;
    private readonly LocalAddressSocket? _byLocalAddress;
    private readonly Thread[] _threads;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _stop = new();
    private bool _disposed;
    private int _running;
    private long _received;
    private long _sent;
    private long _silent;
    private long _handlerFailures;
    private long _sendFailures;
    private long _receiveFailures;

    /// <summary>Opens and binds the socket; datagrams wait in it until <see cref="Start"/>.</summary>
    /// <exception cref="SocketException">The address is in use or not of this machine.</exception>
    public RadiusListener(RadiusListenerOptions options, IPacketHandler handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        _options = options;
        _handler = handler;
        _socket = Open(options);
        BoundEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        var any = BoundEndPoint.Address.Equals(IPAddress.Any) || BoundEndPoint.Address.Equals(IPAddress.IPv6Any);
        // Bound to all addresses, the system would choose the one that a reply leaves from, and a NAS takes it from no other than it asked.
        _byLocalAddress = any ? LocalAddressSocket.TryUse(_socket) : null;
        _threads = new Thread[Math.Max(1, options.Threads)];
    }

    public IPEndPoint BoundEndPoint { get; }

    public int BoundPort => BoundEndPoint.Port;

    public TlsPeer? Tls => null;

    public ListenerCounters Counters =>
        new(
            Interlocked.Read(ref _received),
            Interlocked.Read(ref _sent),
            Interlocked.Read(ref _silent),
            Interlocked.Read(ref _handlerFailures),
            Interlocked.Read(ref _sendFailures),
            Interlocked.Read(ref _receiveFailures)
        );

    public void Start()
    {
        _running = _threads.Length;
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Receive) { IsBackground = true, Name = $"radius {BoundEndPoint} #{i}" };
        }

        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Sends a datagram now; may be called from any thread. False when the system refused it or the listener is closed.</summary>
    public bool Send(in RemotePeer to, ReadOnlySpan<byte> bytes)
    {
        var address = sendAddress;
        if (address is null || address.Family != _socket.AddressFamily)
        {
            sendAddress = address = new SocketAddress(_socket.AddressFamily);
        }

        return to.TryWrite(address) && TrySend(bytes, address, to.LocalKey);
    }

    /// <summary>
    /// Stops reading and waits until each thread has left its handler. Later replies can still be sent with <see cref="Send"/>
    /// until the listener is disposed.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_running == 0)
        {
            return;
        }

        _stop.Set();
        while (!_stopped.Task.IsCompleted)
        {
            WakeThreads();
            await Task.WhenAny(_stopped.Task, Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        using var patience = new CancellationTokenSource(LongestHandler);
        try
        {
            await StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Report(new TimeoutException($"A handler of {BoundEndPoint} did not return within {LongestHandler.TotalSeconds} s."));
        }

        _socket.Dispose();
    }

    private static Socket Open(RadiusListenerOptions options)
    {
        var endPoint = options.EndPoint;
        var dual = endPoint.AddressFamily == AddressFamily.InterNetworkV6 && endPoint.Address.Equals(IPAddress.IPv6Any);
        if (dual && !Socket.OSSupportsIPv6)
        {
            endPoint = new IPEndPoint(IPAddress.Any, endPoint.Port);
            dual = false;
        }

        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (dual)
            {
                socket.DualMode = true;
            }

            socket.ReceiveBufferSize = options.ReceiveBufferBytes;
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Receive()
    {
        var datagram = GC.AllocateUninitializedArray<byte>(MaxDatagram, pinned: true);
        var reply = GC.AllocateUninitializedArray<byte>(MaxReply, pinned: true);
        var address = new SocketAddress(_socket.AddressFamily);
        while (!_stop.IsSet)
        {
            try
            {
                UInt128 local = default;
                var length = _byLocalAddress is null
                    ? _socket.ReceiveFrom(datagram.AsSpan(), SocketFlags.None, address)
                    : _byLocalAddress.Receive(datagram, address, out local);
                if (!_stop.IsSet)
                {
                    Answer(datagram.AsSpan(0, length), address, local, reply);
                }
            }
            catch (SocketException failure)
            {
                Interlocked.Increment(ref _receiveFailures);
                Report(failure);
                _stop.Wait(PauseAfterFailure);
            }
            catch (ObjectDisposedException)
            {
                break;
            }
        }

        if (Interlocked.Decrement(ref _running) == 0)
        {
            _stopped.TrySetResult();
        }
    }

    private void Answer(ReadOnlySpan<byte> datagram, SocketAddress address, UInt128 local, Span<byte> reply)
    {
        Interlocked.Increment(ref _received);
        int length;
        try
        {
            length = _handler.Handle(this, datagram, RemotePeer.From(address, local), reply);
        }
#pragma warning disable CA1031 // Whatever a handler throws must not end the receive thread.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Interlocked.Increment(ref _handlerFailures);
            Report(failure);
            return;
        }

        if (length > 0)
        {
            TrySend(reply[..length], address, local);
        }
        else
        {
            Interlocked.Increment(ref _silent);
        }
    }

    private bool TrySend(ReadOnlySpan<byte> bytes, SocketAddress address, UInt128 local)
    {
        try
        {
            if (_byLocalAddress is null)
            {
                _socket.SendTo(bytes, SocketFlags.None, address);
            }
            else
            {
                _byLocalAddress.Send(bytes, address, local);
            }

            Interlocked.Increment(ref _sent);
            return true;
        }
        catch (SocketException failure)
        {
            Interlocked.Increment(ref _sendFailures);
            Report(failure);
        }
        catch (ObjectDisposedException)
        {
            Interlocked.Increment(ref _sendFailures);
        }

        return false;
    }

    /// <summary>A blocked read ends only with a datagram: send this socket empty ones, one for each thread.</summary>
    private void WakeThreads()
    {
        var own = BoundEndPoint.Address;
        if (own.Equals(IPAddress.Any))
        {
            own = IPAddress.Loopback;
        }
        else if (own.Equals(IPAddress.IPv6Any))
        {
            own = IPAddress.Loopback.MapToIPv6();
        }

        var to = new IPEndPoint(own, BoundPort).Serialize();
        for (var i = 0; i < _threads.Length; i++)
        {
            try
            {
                _socket.SendTo([], SocketFlags.None, to);
            }
            catch (SocketException failure)
            {
                Report(failure);
            }
        }
    }

    private void Report(Exception failure)
    {
        try
        {
            _options.OnFailure?.Invoke(failure);
        }
#pragma warning disable CA1031 // The report of a failure must not become one.
        catch (Exception)
#pragma warning restore CA1031
        {
            Interlocked.Increment(ref _handlerFailures);
        }
    }
}
