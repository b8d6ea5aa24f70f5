using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DotMac.Radius.Server;

namespace DotMac.Radius.Tls;

/// <summary>
/// A TCP socket that serves RADIUS over TLS with certificates on both sides (RFC 6614), authentication and accounting on one connection. Nothing a
/// peer sends and nothing the handler throws ends the listener.
/// </summary>
public sealed class RadSecListener : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly RadSecListenerOptions _options;
    private readonly IPacketHandler _handler;
    private readonly TimeProvider _time;
    private readonly Socket _socket;
    private Presented _presented;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, Task> _serving = [];
    private readonly Dictionary<UInt128, int> _byAddress = [];
    private readonly Lock _gate = new();
    private Task _accepting = Task.CompletedTask;
    private int _last;
    private long _packets;
    private long _faults;
    private long _refused;

    /// <summary>Opens and binds the socket; connections wait in it until <see cref="Start"/>.</summary>
    /// <exception cref="SocketException">The address is in use or not of this machine.</exception>
    public RadSecListener(RadSecListenerOptions options, IPacketHandler handler, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _handler, _time) = (options, handler, time);
        _presented = Present(
            options.Identity?.Invoke() ?? new RadSecIdentity(options.Certificate, options.Intermediates, options.TrustedIssuers)
        );
        _socket = Open(options.EndPoint);
        BoundPort = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    public int BoundPort { get; }

    /// <summary>Connections at this moment, those in their handshake included.</summary>
    public int Connections => _serving.Count;

    /// <summary>Packets handed to the handler since the start.</summary>
    public long Packets => Interlocked.Read(ref _packets);

    /// <summary>Packets that ended their connection.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>Connections refused: too many, no trusted certificate, or nobody of ours.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public void Start() => _accepting = AcceptAsync();

    /// <summary>Takes no more connections, closes those there are and waits for their handlers.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            _socket.Dispose();
        }

        await Task.WhenAll([_accepting, .. _serving.Values]).WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stop.Dispose();
    }

    private static Socket Open(IPEndPoint endPoint)
    {
        var dual = endPoint.AddressFamily == AddressFamily.InterNetworkV6 && endPoint.Address.Equals(IPAddress.IPv6Any);
        if (dual && !Socket.OSSupportsIPv6)
        {
            endPoint = new IPEndPoint(IPAddress.Any, endPoint.Port);
            dual = false;
        }

        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (dual)
            {
                socket.DualMode = true;
            }

            socket.Bind(endPoint);
            socket.Listen(128);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Welcome(await _socket.AcceptAsync(_stop.Token));
            }
            catch (SocketException failure)
            {
                _options.OnFailure?.Invoke(failure);
                await Task.Delay(PauseAfterFailure, _time, CancellationToken.None);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Welcome(Socket client)
    {
        if (client.RemoteEndPoint is not IPEndPoint remote)
        {
            client.Dispose();
            return;
        }

        var from = new RemotePeer(remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address, remote.Port);
        if (!TryEnter(from))
        {
            client.Dispose();
            Refuse(from, "there are too many connections");
            return;
        }

        var number = Interlocked.Increment(ref _last);
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _serving[number] = ServeAsync(number, client, from, begin.Task);
        begin.SetResult();
    }

    private async Task ServeAsync(int number, Socket client, RemotePeer from, Task begin)
    {
        await begin;
        try
        {
            client.NoDelay = true;
            await using var tls = new SslStream(new NetworkStream(client, ownsSocket: true));
            if (await ShakeHandsAsync(tls, from) is { } peer)
            {
                var connection = new RadSecConnection(tls, peer, from, _handler, _options, _stop.Token);
                if (await connection.ServeAsync(Count, _time) is { } reason)
                {
                    _options.OnClosed?.Invoke(from, reason);
                }
            }
        }
#pragma warning disable CA1031 // A connection that fails in an unexpected way must not take the listener with it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (failure is not (IOException or SocketException or ObjectDisposedException or OperationCanceledException))
            {
                _options.OnFailure?.Invoke(failure);
            }
        }
        finally
        {
            client.Dispose();
            Leave(from);
            _serving.TryRemove(number, out _);
        }
    }

    private async Task<TlsPeer?> ShakeHandsAsync(SslStream tls, RemotePeer from)
    {
        using var patience = new CancellationTokenSource(_options.HandshakeTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stop.Token);
        TlsPeer? peer = null;
        var reason = "it showed no certificate";
        var now = Now();
        try
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = now.Context,
                    ClientCertificateRequired = true,
                    EnabledSslProtocols = RadSec.Protocols,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    AllowRenegotiation = false,
                    AllowTlsResume = false, // each connection shows its certificate, and is judged by what holds now
                    RemoteCertificateValidationCallback = (_, shown, chain, _) =>
                    {
                        if (
                            shown is not X509Certificate2 certificate
                            || !RadSec.IsTrusted(certificate, chain, now.Identity.TrustedIssuers, ofServer: false, out reason)
                        )
                        {
                            return false;
                        }

                        if (now.Identity.Revocations?.Objection(certificate, _time.GetUtcNow()) is { } objection)
                        {
                            reason = objection;
                            return false;
                        }

                        peer = TlsPeer.Of(certificate);
                        return true;
                    },
                },
                either.Token
            );
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            Refuse(
                from,
                peer is null
                    ? $"TLS failed: {(e is OperationCanceledException ? "it took too long" : $"{e.Message} ({reason})")}"
                    : e.Message
            );
            return null;
        }

        if (peer is not null && _options.Admits(peer, from))
        {
            return peer;
        }

        Refuse(from, $"no NAS is registered for {peer?.Subject}");
        return null;
    }

    private sealed record Presented(RadSecIdentity Identity, SslStreamCertificateContext Context);

    private static Presented Present(RadSecIdentity identity) =>
        new(identity, RadSec.Present(identity.Certificate, identity.Intermediates));

    /// <summary>What is shown to whoever connects now.</summary>
    private Presented Now()
    {
        var shown = Volatile.Read(ref _presented);
        if (_options.Identity?.Invoke() is { } identity && !ReferenceEquals(identity, shown.Identity))
        {
            shown = Present(identity);
            Volatile.Write(ref _presented, shown);
        }

        return shown;
    }

    private void Count(bool sound) => Interlocked.Increment(ref sound ? ref _packets : ref _faults);

    private void Refuse(RemotePeer from, string reason)
    {
        Interlocked.Increment(ref _refused);
        _options.OnClosed?.Invoke(from, reason);
    }

    private bool TryEnter(RemotePeer from)
    {
        lock (_gate)
        {
            var here = _byAddress.GetValueOrDefault(from.AddressKey);
            if (here >= _options.MaxConnectionsPerAddress || _serving.Count >= _options.MaxConnections)
            {
                return false;
            }

            _byAddress[from.AddressKey] = here + 1;
            return true;
        }
    }

    private void Leave(RemotePeer from)
    {
        lock (_gate)
        {
            var left = _byAddress.GetValueOrDefault(from.AddressKey) - 1;
            if (left <= 0)
            {
                _byAddress.Remove(from.AddressKey);
            }
            else
            {
                _byAddress[from.AddressKey] = left;
            }
        }
    }
}
