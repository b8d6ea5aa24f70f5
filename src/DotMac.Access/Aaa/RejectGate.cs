using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>
/// What happens to whom is rejected again and again (docs/decisions/0031): counted per NAS and User-Name, and per NAS and Calling-Station-Id, in
/// windows of a minute. Up to the limit a reject goes out at once. Beyond it the answer waits a second, only every so many is noted, and what
/// asks more than five times within one second is not judged at all. An accept, or a minute without the storm, ends it. Approximate on
/// purpose: a fixed table, in which two keys may share a place.
/// </summary>
internal sealed class RejectGate
{
    public const int PerSecond = 5;
    private const int WindowMs = 60_000;
    private const int Places = 1 << 16;
    private const int Locks = 64;

    private readonly int perMinute;
    private readonly Place[] places;
    private readonly Lock[] locks;

    /// <summary>While no key is over the limit nothing is looked up: the way of an accept costs one read.</summary>
    private long stormUntil;

    /// <param name="perMinute">Rejects of one name or station in a minute that are answered at once; 0 turns the gate off.</param>
    public RejectGate(int perMinute)
    {
        this.perMinute = perMinute;
        places = new Place[perMinute == 0 ? 0 : Places];
        locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];
    }

    /// <summary>How a reject is given.</summary>
    /// <param name="Delayed">After a second instead of at once.</param>
    /// <param name="Noted">In the decision log: beyond the limit only when the count has doubled.</param>
    public readonly record struct Way(bool Delayed, bool Noted);

    /// <summary>Whether this request is one too many of somebody who is being rejected: it is dropped before it is judged.</summary>
    public bool IsFlood(NasEntry nas, PacketView packet, long now)
    {
        // What carries a State goes on with a conversation (EAP): it comes in bursts by nature.
        if (now >= Volatile.Read(ref stormUntil) || packet.Has(AttributeType.State))
        {
            return false;
        }

        return Asks(KeyOf(nas, packet, AttributeType.UserName), now) | Asks(KeyOf(nas, packet, AttributeType.CallingStationId), now);
    }

    /// <summary>Counts a reject.</summary>
    public Way Rejected(NasEntry nas, PacketView packet, long now)
    {
        if (perMinute == 0)
        {
            return new Way(Delayed: false, Noted: true);
        }

        var count = Math.Max(
            Count(KeyOf(nas, packet, AttributeType.UserName), now),
            Count(KeyOf(nas, packet, AttributeType.CallingStationId), now)
        );
        if (count <= perMinute)
        {
            return new Way(Delayed: false, Noted: true);
        }

        Volatile.Write(ref stormUntil, now + WindowMs);
        return new Way(Delayed: true, Noted: count % perMinute == 0 && System.Numerics.BitOperations.IsPow2(count / perMinute));
    }

    /// <summary>Whoever gets in is no storm any more.</summary>
    public void Accepted(NasEntry nas, PacketView packet, long now)
    {
        if (now < Volatile.Read(ref stormUntil))
        {
            Clear(KeyOf(nas, packet, AttributeType.UserName));
            Clear(KeyOf(nas, packet, AttributeType.CallingStationId));
        }
    }

    private static uint KeyOf(NasEntry nas, PacketView packet, byte type)
    {
        if (!packet.TryGet(type, out var value) || value.IsEmpty)
        {
            return 0;
        }

        var hash = new HashCode();
        hash.Add(nas.Id);
        hash.Add(type);
        hash.AddBytes(value);
        return (uint)hash.ToHashCode() | 1;
    }

    private bool Asks(uint key, long now)
    {
        if (key == 0)
        {
            return false;
        }

        lock (locks[key % Locks])
        {
            ref var place = ref places[key % Places];
            if (place.Key != key || now - place.Since >= WindowMs || place.Count < perMinute)
            {
                return false;
            }

            if (now - place.Second >= 1_000)
            {
                place.Second = now;
                place.InSecond = 0;
            }

            return ++place.InSecond > PerSecond;
        }
    }

    private int Count(uint key, long now)
    {
        if (key == 0)
        {
            return 0;
        }

        lock (locks[key % Locks])
        {
            ref var place = ref places[key % Places];
            if (place.Key != key || now - place.Since >= WindowMs)
            {
                place = new Place { Key = key, Since = now };
            }

            return ++place.Count;
        }
    }

    private void Clear(uint key)
    {
        if (key == 0)
        {
            return;
        }

        lock (locks[key % Locks])
        {
            ref var place = ref places[key % Places];
            if (place.Key == key)
            {
                place = default;
            }
        }
    }

    private struct Place
    {
        public uint Key;
        public int Count;
        public int InSecond;
        public long Since;
        public long Second;
    }
}
