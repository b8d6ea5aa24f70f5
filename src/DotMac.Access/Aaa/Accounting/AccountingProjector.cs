using System.Runtime.CompilerServices;
using DotMac.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Aaa.Accounting;

/// <summary>
/// Carries the journal into the database, in order, exactly once: the sessions and the journal's position commit in one transaction.
/// While the database is away the journal grows; on its return it is drained from where it stood. A record that the database refuses as
/// data is found by halving the batch and set aside in <c>refused.txt</c>, loudly: one such record must not hold up all others.
/// </summary>
internal sealed class AccountingProjector(
    Journal journal,
    Databases databases,
    TouchedUsage touched,
    TimeProvider clock,
    ILogger<AccountingProjector> log
) : BackgroundService
{
    private const int BatchRecords = 8_000;

    /// <summary>One node writes sessions at a time: two nodes may hold records of one session (a NAS that failed over).</summary>
    private const long ProjectionLock = 0x646f746d6163;

    private readonly JournalPosition openedAt = journal.Durable;
    private readonly TaskCompletionSource caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int batchRecords = BatchRecords;
    private JournalPosition? position;
    private Ahead? ahead;
    private volatile StrongBox<DateTimeOffset>? steadySince;
    private volatile StrongBox<JournalPosition>? projectedTo;

    /// <summary>Since when the database has everything this node acknowledged, without a break; null while it has not.</summary>
    public DateTimeOffset? SteadySince => steadySince?.Value;

    /// <summary>Octets of the journal that are not in the database yet.</summary>
    public long BacklogBytes
    {
        get
        {
            var (done, durable) = (projectedTo?.Value ?? JournalReader.First(journal), journal.Durable);
            return done.Segment == durable.Segment
                ? Math.Max(0, durable.Offset - done.Offset)
                : Math.Max(0, JournalSegments.Bytes(journal.Folder, done.Segment, durable.Segment) + durable.Offset - done.Offset);
        }
    }

    /// <summary>Completes when everything that the journal held when this node started is in the database.</summary>
    public Task CaughtUp => caughtUp.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (position is null)
                {
                    await using var connection = await databases.Aaa.OpenConnectionAsync(stoppingToken);
                    position = await StoredPositionAsync(connection, stoppingToken);
                    projectedTo = new StrongBox<JournalPosition>(position.Value);
                }

                if (!await ProjectBatchAsync(stoppingToken))
                {
                    if (position.Value.CompareTo(openedAt) >= 0)
                    {
                        caughtUp.TrySetResult();
                    }

                    steadySince ??= new StrongBox<DateTimeOffset>(clock.GetUtcNow());

                    await journal.Moved.WaitAsync(TimeSpan.FromSeconds(5), stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (PostgresException e) when (IsAboutData(e) && batchRecords > 1)
            {
                batchRecords /= 2;
            }
            catch (PostgresException e) when (IsAboutData(e))
            {
                await TrySetAsideAsync(e.MessageText, stoppingToken);
            }
            catch (Exception e)
            {
                // The batch rolled back whole; where the journal stands is asked anew.
                position = null;
                steadySince = null;
                log.LogWarning("Accounting stays in the journal until the database takes it: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
            }
        }
    }

    /// <summary>Projects what is durable beyond the position, at most one batch; false when there was nothing.</summary>
    private async Task<bool> ProjectBatchAsync(CancellationToken ct)
    {
        var from = position!.Value;
        var (records, next) = await TakeAsync(from, ct);
        if (next == from)
        {
            return false;
        }

        ahead = new Ahead(next, batchRecords, ReadAsync(next, batchRecords, ct));
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await LockAsync(connection, ct);
        if (await StoredPositionAsync(connection, ct) is var stored && stored != from)
        {
            // The database went back behind a commit that it had confirmed (a standby took over, or commits are asynchronous).
            log.LogWarning("The database lost accounting that it had taken: it is projected again from the journal");
            position = stored;
            return true;
        }

        await WriteAsync(new RadacctStore(connection), records, ct);
        await MoveAsync(connection, next, ct);
        foreach (var tenant in records.Select(r => r.TenantId).Distinct())
        {
            await ExecuteAsync(connection, "SELECT pg_notify('radacct_changed', $1)", ct, tenant.ToString());
        }

        await transaction.CommitAsync(ct);
        position = next;
        projectedTo = new StrongBox<JournalPosition>(next);
        batchRecords = Math.Min(BatchRecords, batchRecords * 2);
        AaaMetrics.Projected(records.Count);
        foreach (var record in records)
        {
            if (record.SubscriberId is { } subscriber && record.Status != AcctStatus.Start)
            {
                touched.Add(record.TenantId, subscriber);
            }
        }

        JournalReader.DeleteBefore(journal, next);
        return true;
    }

    /// <summary>The batch at a position: the one read while the last was written, or read now.</summary>
    private async Task<(List<AccountingRecord> Records, JournalPosition Next)> TakeAsync(JournalPosition from, CancellationToken ct)
    {
        var read = ahead;
        ahead = null;
        if (read is not null && read.From == from && read.Most == batchRecords)
        {
            var batch = await read.Batch;
            if (batch.Next != from)
            {
                return batch;
            }
        }

        return await ReadAsync(from, batchRecords, ct);
    }

    private Task<(List<AccountingRecord> Records, JournalPosition Next)> ReadAsync(JournalPosition from, int most, CancellationToken ct) =>
        Task.Run(
            async () =>
            {
                var (payloads, next) = await JournalReader.ReadAsync(journal, from, most, ct);
                return (payloads.Select(p => JournalRecord.Read(p.Span)).OfType<AccountingRecord>().ToList(), next);
            },
            ct
        );

    private sealed record Ahead(JournalPosition From, int Most, Task<(List<AccountingRecord> Records, JournalPosition Next)> Batch);

    /// <summary>Data exceptions and broken constraints (SQLSTATE classes 22 and 23): the same again would fail again.</summary>
    private static bool IsAboutData(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal);

    private async Task TrySetAsideAsync(string reason, CancellationToken ct)
    {
        try
        {
            var (payloads, next) = await JournalReader.ReadAsync(journal, position!.Value, 1, ct);
            var lines = payloads.Select(p => Convert.ToBase64String(p.Span));
            await File.AppendAllLinesAsync(Path.Combine(journal.Folder, "refused.txt"), lines, ct);
            await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
            await MoveAsync(connection, next, ct);
            position = next;
            AaaMetrics.SetAside(payloads.Count);
            log.LogError("The database refuses an accounting record, it is kept in refused.txt of the journal's folder: {Reason}", reason);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            position = null;
            log.LogWarning("A refused accounting record could not be set aside yet: {Reason}", e.Message);
        }
    }

    private Task MoveAsync(NpgsqlConnection connection, JournalPosition next, CancellationToken ct) =>
        ExecuteAsync(
            connection,
            """
            INSERT INTO journal_positions (journal_id, segment, position) VALUES ($1, $2, $3)
            ON CONFLICT (journal_id) DO UPDATE SET segment = excluded.segment, position = excluded.position, updated_at = now()
            """,
            ct,
            journal.Id,
            next.Segment,
            next.Offset
        );

    /// <summary>Writes the records in order. Accounting-On/Off closes what stands in the table, so what came before it is written first.</summary>
    private static async Task WriteAsync(RadacctStore store, List<AccountingRecord> records, CancellationToken ct)
    {
        var pending = new List<AccountingRecord>();
        foreach (var record in records)
        {
            if (record.ConcernsNas)
            {
                await WriteSessionsAsync(store, pending, ct);
                pending.Clear();
                await store.CloseAllAsync(record, ct);
            }
            else
            {
                pending.Add(record);
            }
        }

        await WriteSessionsAsync(store, pending, ct);
    }

    private static async Task WriteSessionsAsync(RadacctStore store, List<AccountingRecord> records, CancellationToken ct)
    {
        if (records.Count == 0)
        {
            return;
        }

        var rows = await store.FindAsync(records, ct);
        var finished = new List<SessionRow>();
        var changed = new HashSet<(Guid, string)>();
        var usage = new Dictionary<UsageKey, Octets>();
        foreach (var record in records)
        {
            var key = (record.TenantId, record.AcctUniqueId);
            var current = rows.GetValueOrDefault(key);
            var (row, up, down) = SessionProjection.Apply(current, record);
            if (row is null)
            {
                continue;
            }

            if (row.RadAcctId == 0 && current is not null && row.StoredStart != current.StoredStart && changed.Contains(key))
            {
                // A session id used again within one batch: the former session is complete, keep it beside the new one.
                finished.Add(current);
            }

            rows[key] = row;
            changed.Add(key);
            if ((up | down) != 0)
            {
                var at = UsageKey.Of(record, row.SubscriberId);
                usage[at] = usage.GetValueOrDefault(at).Plus(up, down);
            }
        }

        var write = finished.Concat(changed.Select(k => rows[k])).ToList();
        await store.InsertAsync(write.FindAll(r => r.RadAcctId == 0), ct);
        await store.UpdateAsync(write.FindAll(r => r.RadAcctId != 0), ct);
        await store.AddUsageAsync(usage, ct);
    }

    private async Task<JournalPosition> StoredPositionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT segment, position FROM journal_positions WHERE journal_id = $1", connection);
        command.Parameters.AddWithValue(journal.Id);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new JournalPosition(reader.GetInt64(0), reader.GetInt64(1)) : JournalReader.First(journal);
    }

    /// <summary>Until the end of the transaction nobody else writes sessions.</summary>
    internal static Task LockAsync(NpgsqlConnection connection, CancellationToken ct) =>
        ExecuteAsync(connection, "SELECT pg_advisory_xact_lock($1)", ct, ProjectionLock);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(ct);
    }
}
