using DotMac.Radius.Wire;

namespace DotMac.Radius.Server;

public enum DuplicateState : byte
{
    /// <summary>Not seen before: handle it, then call Complete or Forget.</summary>
    New = 0,

    /// <summary>The same request is being handled: drop this copy.</summary>
    InProgress,

    /// <summary>The same request was answered: send the stored reply again.</summary>
    Answered,
}

/// <summary>What happened so far, over all shards.</summary>
public readonly record struct DuplicateCounters(int Entries, long ReplyBytes, long Resent, long Dropped, long Evicted);

/// <summary>
/// Recognises retransmissions (RFC 5080 §2.2.2): same peer address and port, identifier and code, with the same Request Authenticator, within
/// the window. Another authenticator under the same key is a new request and replaces the old. Ask only about requests of known
/// clients whose signature holds, so that forged packets cannot fill or disturb the cache.
/// Memory is bounded by entries and by reply octets; when full, the oldest goes. Thread-safe; times are milliseconds of one monotonic clock.
/// </summary>
public sealed class DuplicateCache
{
    public const int DefaultWindowMilliseconds = 5_000;

    private readonly DuplicateShard[] _shards;

    /// <summary>An empty cache.</summary>
    /// <param name="windowMilliseconds">How long a request is remembered after it was first seen.</param>
    /// <param name="capacity">Most requests remembered.</param>
    /// <param name="replyBytes">Most octets of stored replies.</param>
    /// <param name="shards">Independent locks; a power of two.</param>
    public DuplicateCache(
        int windowMilliseconds = DefaultWindowMilliseconds,
        int capacity = 262_144,
        long replyBytes = 64L * 1024 * 1024,
        int shards = 64
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windowMilliseconds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(shards & (shards - 1), 0, nameof(shards));
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, shards);
        ArgumentOutOfRangeException.ThrowIfLessThan(replyBytes, shards * (long)PacketView.MaxLength);
        _shards = new DuplicateShard[shards];
        for (var i = 0; i < shards; i++)
        {
            _shards[i] = new DuplicateShard(windowMilliseconds, capacity / shards, replyBytes / shards);
        }
    }

    public DuplicateCounters Counters
    {
        get
        {
            var sum = default(DuplicateCounters);
            foreach (var shard in _shards)
            {
                var one = shard.Counters;
                sum = new DuplicateCounters(
                    sum.Entries + one.Entries,
                    sum.ReplyBytes + one.ReplyBytes,
                    sum.Resent + one.Resent,
                    sum.Dropped + one.Dropped,
                    sum.Evicted + one.Evicted
                );
            }

            return sum;
        }
    }

    /// <summary>Asks about a request and remembers it when it is new. On Answered the stored reply is copied to <paramref name="reply"/>.</summary>
    /// <param name="reply">Room for the stored reply: 4096 octets.</param>
    /// <param name="replyLength">Octets copied; 0 unless Answered.</param>
    public DuplicateState Begin(in RemotePeer from, PacketView request, long nowMilliseconds, Span<byte> reply, out int replyLength)
    {
        var key = new DuplicateKey(from, request.Identifier, request.Code);
        return ShardOf(key).Begin(key, AuthenticatorOf(request), nowMilliseconds, reply, out replyLength);
    }

    /// <summary>Stores the reply, unless the request was forgotten, evicted or replaced meanwhile.</summary>
    public void Complete(in RemotePeer from, PacketView request, ReadOnlySpan<byte> reply) =>
        Complete(from, request.Code, request.Identifier, request.Authenticator, reply);

    /// <summary>The same, for a reply that is sent later than its request can be looked at.</summary>
    public void Complete(
        in RemotePeer from,
        PacketCode code,
        byte identifier,
        ReadOnlySpan<byte> requestAuthenticator,
        ReadOnlySpan<byte> reply
    )
    {
        var key = new DuplicateKey(from, identifier, code);
        ShardOf(key).Complete(key, AuthenticatorOf(requestAuthenticator), reply);
    }

    /// <summary>Drops an unanswered request, so that its retransmission is handled afresh.</summary>
    public void Forget(in RemotePeer from, PacketCode code, byte identifier, ReadOnlySpan<byte> requestAuthenticator)
    {
        var key = new DuplicateKey(from, identifier, code);
        ShardOf(key).Forget(key, AuthenticatorOf(requestAuthenticator));
    }

    private static UInt128 AuthenticatorOf(PacketView request) => AuthenticatorOf(request.Authenticator);

    private static UInt128 AuthenticatorOf(ReadOnlySpan<byte> authenticator) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(authenticator);

    private DuplicateShard ShardOf(in DuplicateKey key) => _shards[key.GetHashCode() & (_shards.Length - 1)];
}

internal readonly record struct DuplicateKey(RemotePeer Peer, byte Identifier, PacketCode Code);
