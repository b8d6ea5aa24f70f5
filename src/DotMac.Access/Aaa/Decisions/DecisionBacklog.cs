namespace DotMac.Access.Aaa.Decisions;

/// <summary>
/// Rows that wait to be written, oldest first. Bounded: when the database stays away for longer than it can hold, the oldest rows go, and
/// are counted. One fills, one empties.
/// </summary>
/// <param name="mostOctets">What may wait in memory.</param>
/// <param name="lost">Told how many rows went.</param>
internal sealed class DecisionBacklog(long mostOctets, Action<int> lost, int chunkOctets = DecisionBacklog.ChunkOctets)
{
    public const int ChunkOctets = 256 * 1024;
    private readonly Lock gate = new();
    private readonly Queue<DecisionChunk> full = new();
    private DecisionChunk? filling;
    private long octets;

    public int Rows
    {
        get
        {
            lock (gate)
            {
                return full.Sum(c => c.Rows) + (filling?.Rows ?? 0);
            }
        }
    }

    public void Add(ref DecisionNote note, long microseconds, short writer)
    {
        lock (gate)
        {
            filling ??= new DecisionChunk(chunkOctets);
            if (filling.TryAdd(ref note, microseconds, writer))
            {
                return;
            }

            full.Enqueue(filling);
            octets += chunkOctets;
            while (octets > mostOctets && full.TryDequeue(out var oldest))
            {
                octets -= chunkOctets;
                lost(oldest.Rows);
            }

            filling = new DecisionChunk(chunkOctets);
            if (!filling.TryAdd(ref note, microseconds, writer))
            {
                lost(1);
            }
        }
    }

    /// <summary>Takes what waits, oldest first, up to so many rows or one chunk.</summary>
    public IReadOnlyList<DecisionChunk> Take(int mostRows)
    {
        lock (gate)
        {
            var taken = new List<DecisionChunk>();
            var rows = 0;
            while (full.Count > 0 && (rows == 0 || rows + full.Peek().Rows <= mostRows))
            {
                rows += full.Peek().Rows;
                taken.Add(full.Dequeue());
                octets -= chunkOctets;
            }

            if (full.Count == 0 && filling is { Rows: > 0 } rest && rows + rest.Rows <= Math.Max(mostRows, rest.Rows))
            {
                taken.Add(rest);
                filling = null;
            }

            return taken;
        }
    }
}
