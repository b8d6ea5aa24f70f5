using System.Buffers;

namespace DotMac.Radius.Server;

/// <summary>One lock's worth of the duplicate cache: slots in an array, chained from oldest to newest.</summary>
internal sealed class DuplicateShard(int windowMilliseconds, int capacity, long replyBytes)
{
    private const int None = -1;
    private const int FirstSlots = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<DuplicateKey, int> _index = [];
    private Slot[] _slots = new Slot[Math.Min(FirstSlots, capacity)];
    private int _used;
    private int _free = None;
    private int _oldest = None;
    private int _newest = None;
    private long _replyBytes;
    private long _resent;
    private long _dropped;
    private long _evicted;

    public DuplicateCounters Counters
    {
        get
        {
            lock (_lock)
            {
                return new DuplicateCounters(_index.Count, _replyBytes, _resent, _dropped, _evicted);
            }
        }
    }

    public DuplicateState Begin(in DuplicateKey key, UInt128 authenticator, long now, Span<byte> reply, out int replyLength)
    {
        lock (_lock)
        {
            replyLength = 0;
            while (_oldest != None && now - _slots[_oldest].Since >= windowMilliseconds)
            {
                Remove(_oldest);
            }

            if (_index.TryGetValue(key, out var at))
            {
                ref var known = ref _slots[at];
                if (known.Authenticator == authenticator)
                {
                    return Repeat(ref known, reply, out replyLength);
                }

                Remove(at);
            }

            if (_index.Count == capacity)
            {
                _evicted++;
                Remove(_oldest);
            }

            Append(key, authenticator, now);
            return DuplicateState.New;
        }
    }

    public void Complete(in DuplicateKey key, UInt128 authenticator, ReadOnlySpan<byte> reply)
    {
        lock (_lock)
        {
            if (!_index.TryGetValue(key, out var at) || _slots[at].Authenticator != authenticator || _slots[at].Reply is not null)
            {
                return;
            }

            var stored = ArrayPool<byte>.Shared.Rent(reply.Length);
            _replyBytes += stored.Length;
            reply.CopyTo(stored);
            _slots[at].Reply = stored;
            _slots[at].ReplyLength = reply.Length;
            while (_replyBytes > replyBytes)
            {
                _evicted++;
                Remove(_oldest);
            }
        }
    }

    public void Forget(in DuplicateKey key, UInt128 authenticator)
    {
        lock (_lock)
        {
            if (_index.TryGetValue(key, out var at) && _slots[at].Authenticator == authenticator)
            {
                Remove(at);
            }
        }
    }

    private DuplicateState Repeat(ref Slot known, Span<byte> reply, out int replyLength)
    {
        replyLength = known.ReplyLength;
        if (known.Reply is null)
        {
            _dropped++;
            return DuplicateState.InProgress;
        }

        _resent++;
        known.Reply.AsSpan(0, known.ReplyLength).CopyTo(reply);
        return DuplicateState.Answered;
    }

    private void Append(in DuplicateKey key, UInt128 authenticator, long now)
    {
        var at = TakeSlot();
        _slots[at] = new Slot
        {
            Key = key,
            Authenticator = authenticator,
            Since = now,
            Older = _newest,
            Newer = None,
        };
        if (_newest != None)
        {
            _slots[_newest].Newer = at;
        }
        else
        {
            _oldest = at;
        }

        _newest = at;
        _index[key] = at;
    }

    private int TakeSlot()
    {
        if (_free != None)
        {
            var at = _free;
            _free = _slots[at].Newer;
            return at;
        }

        if (_used == _slots.Length)
        {
            Array.Resize(ref _slots, Math.Min(capacity, _used * 2));
        }

        return _used++;
    }

    private void Remove(int at)
    {
        ref var slot = ref _slots[at];
        _index.Remove(slot.Key);
        if (slot.Older != None)
        {
            _slots[slot.Older].Newer = slot.Newer;
        }
        else
        {
            _oldest = slot.Newer;
        }

        if (slot.Newer != None)
        {
            _slots[slot.Newer].Older = slot.Older;
        }
        else
        {
            _newest = slot.Older;
        }

        if (slot.Reply is not null)
        {
            _replyBytes -= slot.Reply.Length;
            ArrayPool<byte>.Shared.Return(slot.Reply);
        }

        slot = new Slot { Newer = _free };
        _free = at;
    }

    private struct Slot
    {
        public DuplicateKey Key;
        public UInt128 Authenticator;
        public long Since;
        public byte[]? Reply;
        public int ReplyLength;
        public int Older;
        public int Newer;
    }
}
