using System.Collections.Concurrent;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;
using Microsoft.Extensions.Hosting;

namespace DotMac.Access.Aaa;

/// <summary>Replies that go out a second later; a queue and one timer, no thread waits. An orderly stop sends what is left at once.</summary>
internal sealed class DelayedReplies(TimeProvider clock) : BackgroundService
{
    public const int DelayMs = 1_000;
    private const int Most = 50_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentQueue<Waiting> queue = new();
    private int count;

    /// <summary>False when too many wait already.</summary>
    public bool TryAdd(IReplyPath path, in RemotePeer to, PacketView request, ReadOnlySpan<byte> reply, DuplicateCache duplicates)
    {
        if (Interlocked.Increment(ref count) > Most)
        {
            Interlocked.Decrement(ref count);
            return false;
        }

        queue.Enqueue(
            new Waiting(
                Environment.TickCount64 + DelayMs,
                path,
                to,
                request.Code,
                request.Identifier,
                request.Authenticator.ToArray(),
                reply.ToArray(),
                duplicates
            )
        );
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Send(Environment.TickCount64);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Send(long.MaxValue);
        }
    }

    private void Send(long until)
    {
        while (queue.TryPeek(out var first) && first.Due <= until && queue.TryDequeue(out var due))
        {
            Interlocked.Decrement(ref count);
            due.Duplicates.Complete(due.To, due.Code, due.Identifier, due.Authenticator, due.Reply);
            due.Path.Send(due.To, due.Reply);
        }
    }

    private sealed record Waiting(
        long Due,
        IReplyPath Path,
        RemotePeer To,
        PacketCode Code,
        byte Identifier,
        byte[] Authenticator,
        byte[] Reply,
        DuplicateCache Duplicates
    );
}
