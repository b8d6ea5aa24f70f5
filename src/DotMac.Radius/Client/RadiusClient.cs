using System.Net;
using System.Net.Sockets;
using DotMac.Radius.Wire;

namespace DotMac.Radius.Client;

/// <summary>
/// Sends a request and waits for its verified answer. Each exchange has a socket of its own, connected to the peer, so the
/// system drops datagrams of others and reports a closed port. Thread-safe.
/// </summary>
/// <param name="localAddress">The source address to send from, where a NAS accepts only one.</param>
public sealed class RadiusClient(TimeProvider time, IPAddress? localAddress = null)
{
    private const int MaxDatagram = 65535;

    /// <summary>
    /// Sends the same octets, hence the same identifier, until an answer comes or the policy is spent. An answer counts when its identifier
    /// and Response Authenticator fit and its Message-Authenticator, if it has one, is valid; all else is ignored and counted.
    /// </summary>
    /// <exception cref="ArgumentException">The request is no well-formed packet.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<RadiusExchange> SendAsync(
        IPEndPoint to,
        byte[] requestBytes,
        ReadOnlyMemory<byte> secret,
        RetryPolicy policy,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(requestBytes);
        ArgumentNullException.ThrowIfNull(policy);
        if (!PacketView.TryParse(requestBytes, out _, out var reason))
        {
            throw new ArgumentException($"The request is malformed: {reason}.", nameof(requestBytes));
        }

        var attempts = 0;
        var ignored = 0;
        try
        {
            using var socket = Open(to);
            await socket.ConnectAsync(to, cancellationToken);
            var buffer = new byte[MaxDatagram];
            while (attempts < policy.Tries)
            {
                using var wait = new CancellationTokenSource(policy.WaitAfter(attempts), time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, cancellationToken);
                attempts++;
                var sent = time.GetTimestamp();
                await socket.SendAsync(requestBytes, SocketFlags.None, cancellationToken);
                try
                {
                    while (true)
                    {
                        var length = await socket.ReceiveAsync(buffer, SocketFlags.None, either.Token);
                        var reply = buffer.AsMemory(0, length);
                        if (TryAccept(requestBytes, reply.Span, secret.Span, policy, out var code))
                        {
                            var bytes = reply.ToArray();
                            return new RadiusExchange(ExchangeOutcome.Answered, code, bytes, time.GetElapsedTime(sent), attempts, ignored);
                        }

                        ignored++;
                    }
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    // This try's time is over; the next one follows, if there is one.
                }
            }
        }
        catch (SocketException failure) when (IsUnreachable(failure.SocketErrorCode))
        {
            return new RadiusExchange(ExchangeOutcome.Unreachable, PacketCode.None, default, default, attempts, ignored);
        }

        return new RadiusExchange(ExchangeOutcome.TimedOut, PacketCode.None, default, default, attempts, ignored);
    }

    private static bool IsUnreachable(SocketError error) =>
        error
            is SocketError.ConnectionRefused
                or SocketError.ConnectionReset
                or SocketError.HostUnreachable
                or SocketError.NetworkUnreachable
                or SocketError.HostDown
                or SocketError.NetworkDown;

    internal static bool TryAccept(
        ReadOnlySpan<byte> requestBytes,
        ReadOnlySpan<byte> datagram,
        ReadOnlySpan<byte> secret,
        RetryPolicy policy,
        out PacketCode code
    )
    {
        code = PacketCode.None;
        if (
            !PacketView.TryParse(requestBytes, out var request, out _)
            || !PacketView.TryParse(datagram, out var reply, out _)
            || reply.Identifier != request.Identifier
            || !IsReplyTo(request.Code, reply.Code)
            || !Authenticators.VerifyResponse(reply, request.Authenticator, secret)
        )
        {
            return false;
        }

        var check = Authenticators.CheckMessageAuthenticator(reply, secret, request.Authenticator);
        if (check == MessageAuthenticatorCheck.Invalid || (check == MessageAuthenticatorCheck.Absent && policy.RequireMessageAuthenticator))
        {
            return false;
        }

        code = reply.Code;
        return true;
    }

    private static bool IsReplyTo(PacketCode request, PacketCode reply) =>
        request switch
        {
            PacketCode.AccessRequest => reply is PacketCode.AccessAccept or PacketCode.AccessReject or PacketCode.AccessChallenge,
            PacketCode.AccountingRequest => reply is PacketCode.AccountingResponse,
            PacketCode.StatusServer => reply is PacketCode.AccessAccept or PacketCode.AccountingResponse,
            PacketCode.CoaRequest => reply is PacketCode.CoaAck or PacketCode.CoaNak,
            PacketCode.DisconnectRequest => reply is PacketCode.DisconnectAck or PacketCode.DisconnectNak,
            _ => false,
        };

    private Socket Open(IPEndPoint to)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (localAddress is not null && localAddress.AddressFamily == to.AddressFamily)
        {
            socket.Bind(new IPEndPoint(localAddress, 0));
        }

        return socket;
    }
}
