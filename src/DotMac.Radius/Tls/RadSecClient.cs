using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Radius.Tls;

/// <summary>
/// Sends requests over one TLS connection (RFC 6614), up to 256 at once, and connects again when it was lost. A request is sent once: what TCP took it
/// delivers or the connection ends, and then the request is over.
/// </summary>
public sealed class RadSecClient(RadSecClientOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private RadSecLink? _link;

    /// <summary>Why there is no connection: the latest failure to make one, in words; null after a success.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>Sends a request, signed with RadSec's own secret, and waits for its verified answer.</summary>
    /// <param name="timeout">For the answer; the connection has its own.</param>
    public async Task<RadiusExchange> SendAsync(RequestBuilder request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await LinkAsync(cancellationToken) is not { } link)
        {
            return new RadiusExchange(ExchangeOutcome.Unreachable, PacketCode.None, default, default, 0, 0);
        }

        using var wait = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, cancellationToken);
        var sent = time.GetTimestamp();
        try
        {
            var (code, reply) = await link.AskAsync(identifier => request.Build(RadSec.Secret, identifier), either.Token);
            return new RadiusExchange(ExchangeOutcome.Answered, code, reply, time.GetElapsedTime(sent), 1, 0);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RadiusExchange(ExchangeOutcome.TimedOut, PacketCode.None, default, default, 1, 0);
        }
        catch (IOException failure)
        {
            LastFailure = failure.Message;
            return new RadiusExchange(ExchangeOutcome.Unreachable, PacketCode.None, default, default, 1, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_link is not null)
        {
            await _link.DisposeAsync();
        }

        _gate.Dispose();
    }

    private async Task<RadSecLink?> LinkAsync(CancellationToken cancellationToken)
    {
        if (_link is { IsOpen: true } open)
        {
            return open;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_link is { IsOpen: true } other)
            {
                return other;
            }

            if (_link is not null)
            {
                await _link.DisposeAsync();
                _link = null;
            }

            return _link = await ConnectAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<RadSecLink?> ConnectAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tls = null;
        var reason = string.Empty;
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, either.Token);
            tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = options.ServerName ?? options.Host,
                    ClientCertificateContext = RadSec.Present(options.Certificate, options.Intermediates),
                    EnabledSslProtocols = RadSec.Protocols,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    RemoteCertificateValidationCallback = (_, shown, chain, _) => IsServer(shown, chain, out reason),
                },
                either.Token
            );
            LastFailure = null;
            return new RadSecLink(tls);
        }
        catch (Exception e)
            when (e is AuthenticationException or IOException or SocketException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            LastFailure = reason.Length > 0 ? $"{e.Message} {reason}" : e.Message;
            if (tls is not null)
            {
                await tls.DisposeAsync();
            }

            socket.Dispose();
            return null;
        }
    }

    private bool IsServer(X509Certificate? shown, X509Chain? chain, out string reason)
    {
        if (shown is not X509Certificate2 certificate)
        {
            reason = "The server showed no certificate.";
            return false;
        }

        if (!RadSec.IsTrusted(certificate, chain, options.TrustedIssuers, ofServer: true, out reason))
        {
            return false;
        }

        var name = options.ServerName ?? options.Host;
        if (certificate.MatchesHostname(name))
        {
            return true;
        }

        reason = $"The server's certificate is not for {name}.";
        return false;
    }
}
