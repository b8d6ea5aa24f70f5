using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Radius.Tls;

/// <summary>A client's open connection: who waits for which identifier, and one reader that hands the answers out.</summary>
internal sealed class RadSecLink : IAsyncDisposable
{
    private const int Identifiers = 256;

    private readonly Stream _stream;
    private readonly SemaphoreSlim _free = new(Identifiers, Identifiers);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Waiting?[] _waiting = new Waiting?[Identifiers];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _close = new();
    private readonly Task _reading;
    private int _next;
    private bool _ended;

    public RadSecLink(Stream stream)
    {
        _stream = stream;
        _reading = ReadAsync();
    }

    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return !_ended;
            }
        }
    }

    /// <exception cref="IOException">The connection ended before the answer came.</exception>
    public async Task<(PacketCode Code, byte[] Reply)> AskAsync(Func<byte, byte[]> build, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        var identifier = -1;
        try
        {
            (identifier, var answer) = Enter(build);
            await _writing.WaitAsync(cancellationToken);
            try
            {
                // Not to be broken off half-way: the stream would be lost for all.
                await _stream.WriteAsync(answer.Request, _close.Token);
            }
            finally
            {
                _writing.Release();
            }

            return await answer.Answer.Task.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is ObjectDisposedException || (e is OperationCanceledException && _close.IsCancellationRequested))
        {
            throw new IOException("The connection was closed.", e);
        }
        finally
        {
            Leave(identifier);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _close.CancelAsync();
        await _reading;
        await _stream.DisposeAsync();
        _close.Dispose();
    }

    private (int Identifier, Waiting Answer) Enter(Func<byte, byte[]> build)
    {
        lock (_gate)
        {
            if (_ended)
            {
                throw new IOException("The connection was closed.");
            }

            while (_waiting[_next] is not null)
            {
                _next = (_next + 1) % Identifiers;
            }

            var identifier = _next;
            _next = (_next + 1) % Identifiers;
            var waiting = new Waiting(build((byte)identifier));
            _waiting[identifier] = waiting;
            return (identifier, waiting);
        }
    }

    private void Leave(int identifier)
    {
        lock (_gate)
        {
            if (identifier >= 0)
            {
                _waiting[identifier] = null;
            }
        }

        _free.Release();
    }

    private async Task ReadAsync()
    {
        var framer = new PacketFramer(_stream);
        var why = "The server closed the connection.";
        try
        {
            while (await framer.ReadAsync(_close.Token))
            {
                if (!TryDeliver(framer.Packet))
                {
                    why = "A reply was malformed or wrongly signed.";
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            why = e.Message;
        }

        Waiting?[] left;
        lock (_gate)
        {
            _ended = true;
            left = [.. _waiting];
        }

        foreach (var waiting in left)
        {
            waiting?.Answer.TrySetException(new IOException(why));
        }
    }

    /// <summary>False when the packet must end the connection (RFC 6613 §2.6.4). The answer of one who waits no more is let go.</summary>
    private bool TryDeliver(ReadOnlyMemory<byte> packet)
    {
        Waiting? waiting;
        lock (_gate)
        {
            waiting = _waiting[packet.Span[1]];
        }

        if (waiting is null)
        {
            return PacketView.TryParse(packet.Span, out _, out _);
        }

        if (!RadiusClient.TryAccept(waiting.Request, packet.Span, RadSec.Secret, RetryPolicy.Default, out var code))
        {
            return false;
        }

        waiting.Answer.TrySetResult((code, packet.ToArray()));
        return true;
    }

    private sealed record Waiting(byte[] Request)
    {
        public TaskCompletionSource<(PacketCode, byte[])> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
