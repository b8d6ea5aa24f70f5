using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>
/// Hands notes from the receive threads to the log without a lock and without allocating: a bounded ring in which each slot carries the
/// turn it is in (after D. Vyukov's bounded queue). Many may write, one reads. A full ring refuses rather than waits.
/// </summary>
internal sealed class DecisionRing
{
    private readonly Slot[] slots;
    private readonly int mask;
    private PaddedLong written;
    private PaddedLong read;

    /// <param name="capacity">A power of two.</param>
    public DecisionRing(int capacity)
    {
        if (!BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity));
        }

        slots = new Slot[capacity];
        mask = capacity - 1;
        for (var i = 0; i < capacity; i++)
        {
            slots[i].Turn = i;
        }
    }

    /// <summary>The slot to fill, until <see cref="Commit"/>; a null reference when the ring is full. What happens between must not throw.</summary>
    public ref DecisionNote Begin(out long ticket)
    {
        while (true)
        {
            ticket = Volatile.Read(ref written.Value);
            ref var slot = ref slots[(int)ticket & mask];
            var ahead = Volatile.Read(ref slot.Turn) - ticket;
            if (ahead < 0)
            {
                return ref Unsafe.NullRef<DecisionNote>();
            }

            if (ahead == 0 && Interlocked.CompareExchange(ref written.Value, ticket + 1, ticket) == ticket)
            {
                return ref slot.Note;
            }
        }
    }

    public void Commit(long ticket) => Volatile.Write(ref slots[(int)ticket & mask].Turn, ticket + 1);

    /// <summary>The oldest note that is complete, until <see cref="Release"/>; a null reference when there is none. One thread only.</summary>
    public ref DecisionNote Peek()
    {
        ref var slot = ref slots[(int)read.Value & mask];
        if (Volatile.Read(ref slot.Turn) != read.Value + 1)
        {
            return ref Unsafe.NullRef<DecisionNote>();
        }

        return ref slot.Note;
    }

    public void Release()
    {
        ref var slot = ref slots[(int)read.Value & mask];
        slot.Note.Clear();
        Volatile.Write(ref slot.Turn, read.Value + slots.Length);
        read.Value++;
    }

    private struct Slot
    {
        public long Turn;
        public DecisionNote Note;
    }

    /// <summary>A number with a cache line of its own: writers and the reader do not disturb each other.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct PaddedLong
    {
        [FieldOffset(64)]
        public long Value;
    }
}
