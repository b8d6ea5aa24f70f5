using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Aaa.Accounting;

/// <summary>
/// The append-only accounting journal of this node. A record counts as acknowledged only after <c>fsync</c>: one writer gathers what
/// arrived while the last flush ran and flushes it at once (group commit), then tells each record's owner.
/// </summary>
/// <remarks>
/// Segments of at most <see cref="SegmentBytes"/> octets, named by their number; a record is length, CRC-32C, payload
/// (<see cref="JournalRecord"/>). A torn tail left by a crash was never acknowledged and is cut off at the next start.
/// </remarks>
internal sealed class Journal : IAsyncDisposable
{
    public const int SegmentBytes = 64 * 1024 * 1024;
    private const int QueueLength = 65_536;
    private const int BatchRecords = 4_096;

    private readonly string folder;
    private readonly ILogger log;
    private readonly Channel<Pending> queue = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true }
    );
    private readonly ArrayBufferWriter<byte> buffer = new(1 << 20);
    private readonly Task writing;
    private FileStream segment;
    private JournalPosition end;

    /// <summary>Boxed: two words that the projector must not read half old, half new.</summary>
    private volatile StrongBox<JournalPosition> durableEnd = new();

    private Journal(string folder, Guid id, FileStream segment, JournalPosition end, ILogger log)
    {
        this.folder = folder;
        this.segment = segment;
        this.end = end;
        this.log = log;
        Id = id;
        Durable = end;
        writing = Task.Run(WriteAsync);
    }

    /// <summary>Names this journal in <c>journal_positions</c>.</summary>
    public Guid Id { get; }

    /// <summary>Why the last write failed; null while the journal can be written.</summary>
    public string? Failure { get; private set; }

    /// <summary>Everything before this is on disk. Read by the projector.</summary>
    public JournalPosition Durable
    {
        get => durableEnd.Value;
        private set => durableEnd = new StrongBox<JournalPosition>(value);
    }

    /// <summary>Completes (and starts anew) whenever <see cref="Durable"/> has moved.</summary>
    public SemaphoreSlim Moved { get; } = new(0, 1);

    public string Folder => folder;

    /// <summary>Opens the journal of a folder, cutting off what a crash left half written.</summary>
    public static Journal Open(string folder, ILogger log)
    {
        Directory.CreateDirectory(folder);
        var idFile = Path.Combine(folder, "journal.id");
        if (!File.Exists(idFile))
        {
            var fresh = idFile + ".new";
            File.WriteAllText(fresh, Guid.CreateVersion7().ToString());
            File.Move(fresh, idFile);
        }

        var id = Guid.Parse(File.ReadAllText(idFile));
        var last = JournalSegments.Numbers(folder).DefaultIfEmpty(1).Max();
        var stream = new FileStream(JournalSegments.PathOf(folder, last), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1);
        var valid = JournalSegments.ValidLength(stream);
        if (valid < stream.Length)
        {
            log.LogWarning("Journal segment {Segment}: {Octets} octets of an unacknowledged record cut off", last, stream.Length - valid);
            stream.SetLength(valid);
        }

        // What a killed process had written need not be on the disk yet; from here on it counts as durable.
        stream.Flush(flushToDisk: true);
        stream.Position = valid;
        return new Journal(folder, id, stream, new JournalPosition(last, valid), log);
    }

    /// <summary>Queues a record; <paramref name="done"/> is called on the writer with true once it is on disk, with false if it never will be.</summary>
    /// <returns>False when the queue is full: the caller stays silent and the NAS sends again.</returns>
    public bool TryAppend(byte[] payload, Action<bool> done) => queue.Writer.TryWrite(new Pending(payload, done));

    private async Task WriteAsync()
    {
        var batch = new List<Pending>(BatchRecords);
        while (await queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            buffer.ResetWrittenCount();
            while (batch.Count < BatchRecords && queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
                JournalSegments.Frame(buffer, pending.Payload);
            }

            var durable = await TryFlushAsync();
            foreach (var pending in batch)
            {
                Tell(pending, durable);
            }
        }
    }

    private async Task<bool> TryFlushAsync()
    {
        try
        {
            if (end.Offset > 0 && end.Offset + buffer.WrittenCount > SegmentBytes)
            {
                await NextSegmentAsync();
            }

            // Always at the end of what is known to be good: a failed write is overwritten by the next one.
            segment.Position = end.Offset;
            await segment.WriteAsync(buffer.WrittenMemory);
            segment.Flush(flushToDisk: true);
            end = end with { Offset = end.Offset + buffer.WrittenCount };
            Durable = end;
            Signal();
            if (Failure is not null)
            {
                Failure = null;
                log.LogWarning("The accounting journal is written again");
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Failure is null)
            {
                log.LogError("The accounting journal cannot be written, accounting is not acknowledged: {Reason}", e.Message);
            }

            Failure = e.Message;
            await LetGoAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            return false;
        }
    }

    /// <summary>On a full disk the journal's own segment may be what fills it: closed, it goes when the database has it.</summary>
    private async Task LetGoAsync()
    {
        if (end.Offset == 0)
        {
            return;
        }

        try
        {
            await NextSegmentAsync();
            Durable = end;
            Signal();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        { /* not even an empty file fits: the segment stays, and the next write tries again */
        }
    }

    private async Task NextSegmentAsync()
    {
        // What a failed write left behind the good end must not be taken for records.
        segment.SetLength(end.Offset);
        segment.Flush(flushToDisk: true);
        var next = new FileStream(
            JournalSegments.PathOf(folder, end.Segment + 1),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.Read,
            bufferSize: 1
        );
        await segment.DisposeAsync();
        segment = next;
        end = new JournalPosition(end.Segment + 1, 0);
    }

    private void Signal()
    {
        if (Moved.CurrentCount == 0)
        {
            try
            {
                Moved.Release();
            }
            catch (SemaphoreFullException)
            { /* the projector has already been told */
            }
        }
    }

    private void Tell(Pending pending, bool durable)
    {
        try
        {
            pending.Done(durable);
        }
        catch (Exception e)
        {
            log.LogError(e, "Acknowledging an accounting record failed");
        }
    }

    /// <summary>Takes no more records, flushes what is queued, closes.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writing;
        await segment.DisposeAsync();
    }

    private readonly record struct Pending(byte[] Payload, Action<bool> Done);
}

/// <summary>A place in the journal: segment number and octets into it.</summary>
internal readonly record struct JournalPosition(long Segment, long Offset) : IComparable<JournalPosition>
{
    public int CompareTo(JournalPosition other) =>
        Segment != other.Segment ? Segment.CompareTo(other.Segment) : Offset.CompareTo(other.Offset);
}
