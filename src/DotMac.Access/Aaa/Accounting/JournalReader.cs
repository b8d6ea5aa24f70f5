namespace DotMac.Access.Aaa.Accounting;

/// <summary>Reads the journal behind its writer, never beyond what is durable.</summary>
internal static class JournalReader
{
    private const int ChunkBytes = 4 * 1024 * 1024;

    /// <summary>The oldest place that is still there.</summary>
    public static JournalPosition First(Journal journal) => new(JournalSegments.Numbers(journal.Folder).DefaultIfEmpty(1).Min(), 0);

    /// <summary>At most <paramref name="most"/> records from a position, and the position behind them.</summary>
    public static async Task<(List<ReadOnlyMemory<byte>> Payloads, JournalPosition Next)> ReadAsync(
        Journal journal,
        JournalPosition from,
        int most,
        CancellationToken ct
    )
    {
        var durable = journal.Durable;
        var payloads = new List<ReadOnlyMemory<byte>>();
        var at = from;
        while (payloads.Count < most && at.CompareTo(durable) < 0)
        {
            var bytes = await ChunkAsync(journal, at, durable, ct);
            var read = 0;
            while (payloads.Count < most && JournalSegments.TryRead(bytes[read..], out var payload, out var length))
            {
                payloads.Add(payload);
                read += length;
            }

            at = at with { Offset = at.Offset + read };
            if (read == 0)
            {
                if (bytes.Length > 0 || (at.Segment != durable.Segment && !File.Exists(JournalSegments.PathOf(journal.Folder, at.Segment))))
                {
                    throw new InvalidDataException($"Segment {at.Segment} of the accounting journal is damaged at octet {at.Offset}.");
                }

                if (at.Segment == durable.Segment)
                {
                    break;
                }

                // The end of a segment that is no longer written to.
                at = new JournalPosition(at.Segment + 1, 0);
            }
        }

        return (payloads, at);
    }

    /// <summary>Removes the segments that lie wholly before a committed position.</summary>
    public static void DeleteBefore(Journal journal, JournalPosition committed)
    {
        foreach (var number in JournalSegments.Numbers(journal.Folder).Where(n => n < committed.Segment).ToList())
        {
            File.Delete(JournalSegments.PathOf(journal.Folder, number));
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ChunkAsync(
        Journal journal,
        JournalPosition at,
        JournalPosition durable,
        CancellationToken ct
    )
    {
        var path = JournalSegments.PathOf(journal.Folder, at.Segment);
        if (!File.Exists(path))
        {
            return default;
        }

        await using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 1,
            useAsync: true
        );
        var end = at.Segment == durable.Segment ? durable.Offset : file.Length;
        var bytes = new byte[Math.Clamp(end - at.Offset, 0, ChunkBytes)];
        file.Position = at.Offset;
        var read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return bytes.AsMemory(0, read);
    }
}
