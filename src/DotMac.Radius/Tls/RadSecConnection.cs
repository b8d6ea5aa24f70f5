using System.Threading.Channels;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;

namespace DotMac.Radius.Tls;

/// <summary>
/// One client's connection after TLS. Reads packet after packet and hands each to the handler, which may answer at once or later; the replies go out
/// in the order in which they are made. What RFC 6613 §2.6.4 calls a reason to close ends it.
/// </summary>
internal sealed class RadSecConnection : IReplyPath
{
    /// <summary>For the replies that are on their way when the peer has ended its side.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly Stream _stream;
    private readonly RemotePeer _from;
    private readonly IPacketHandler _handler;
    private readonly RadSecListenerOptions _options;
    private readonly Channel<byte[]> _replies;
    private readonly CancellationTokenSource _close;
    private readonly byte[] _reply = new byte[PacketView.MaxLength];
    private volatile string? _reason;

    public RadSecConnection(
        Stream stream,
        TlsPeer peer,
        RemotePeer from,
        IPacketHandler handler,
        RadSecListenerOptions options,
        CancellationToken stop
    )
    {
        (_stream, Tls, _from, _handler, _options) = (stream, peer, from, handler, options);
        _replies = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(options.MaxRepliesWaiting) { SingleReader = true });
        _close = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    public TlsPeer Tls { get; }

    public bool Send(in RemotePeer to, ReadOnlySpan<byte> bytes)
    {
        if (_reason is not null || bytes.IsEmpty)
        {
            return false;
        }

        if (_replies.Writer.TryWrite(bytes.ToArray()))
        {
            return true;
        }

        Close("it does not read its replies");
        return false;
    }

    /// <summary>Serves until the peer ends it, breaks the protocol, is idle too long, or the listener stops. Returns the reason; null for an orderly end.</summary>
    public async Task<string?> ServeAsync(Action<bool> count, TimeProvider time)
    {
        var writing = WriteAsync();
        try
        {
            await ReadAsync(count, time);
        }
        finally
        {
            _replies.Writer.TryComplete();
            if (_reason is not null)
            {
                await _close.CancelAsync();
            }
            else
            {
                _close.CancelAfter(LastWords);
            }

            await writing;
            _close.Dispose();
        }

        return _reason;
    }

    private async Task ReadAsync(Action<bool> count, TimeProvider time)
    {
        var framer = new PacketFramer(_stream);
        using var idle = new CancellationTokenSource(_options.IdleTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, _close.Token);
        try
        {
            while (await framer.ReadAsync(either.Token))
            {
                idle.CancelAfter(_options.IdleTimeout);
                if (Fault(framer.Packet.Span) is { } fault)
                {
                    count(false);
                    Close(fault);
                    return;
                }

                count(true);
                Handle(framer.Packet.Span);
            }

            if (framer.IsBroken)
            {
                count(false);
                Close("a length field is wrong, or the stream ended within a packet");
            }
        }
        catch (OperationCanceledException)
        {
            Close(_close.IsCancellationRequested ? "the server stops" : "nothing came for too long");
        }
        catch (IOException failure)
        {
            Close(failure.Message);
        }
    }

    /// <summary>Why a packet must end the connection: malformed, of a code that no server takes, or wrongly signed.</summary>
    private static string? Fault(ReadOnlySpan<byte> bytes)
    {
        if (!PacketView.TryParse(bytes, out var packet, out var reason))
        {
            return $"a packet is malformed: {reason}";
        }

        if (packet.Code is not (PacketCode.AccessRequest or PacketCode.AccountingRequest or PacketCode.StatusServer))
        {
            return $"a packet has the code {bytes[0]}";
        }

        var signature = Authenticators.CheckMessageAuthenticator(packet, RadSec.Secret);
        return
            signature == MessageAuthenticatorCheck.Invalid
            || (packet.Code == PacketCode.AccountingRequest && !Authenticators.VerifyAccountingLike(packet, RadSec.Secret))
            ? "a packet is not signed with the secret \"radsec\""
            : null;
    }

    private void Handle(ReadOnlySpan<byte> packet)
    {
        try
        {
            var length = _handler.Handle(this, packet, _from, _reply);
            if (length > 0)
            {
                Send(_from, _reply.AsSpan(0, length));
            }
        }
#pragma warning disable CA1031 // Whatever a handler throws must not end the connection.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _options.OnFailure?.Invoke(failure);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var reply in _replies.Reader.ReadAllAsync(_close.Token))
            {
                await _stream.WriteAsync(reply, _close.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Closed; the reason is known.
        }
        catch (IOException failure)
        {
            Close(failure.Message);
        }
    }

    private void Close(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            try
            {
                _close.CancelAfter(0);
            }
            catch (ObjectDisposedException)
            {
                // It is over already.
            }
        }
    }
}
