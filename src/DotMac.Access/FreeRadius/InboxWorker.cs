using System.Text.Json;
using DotMac.Access.Aaa.Accounting;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.FreeRadius;

/// <summary>
/// Takes over what FreeRADIUS's SQL module stored: accounting into this node's journal, from where it goes the way of every record, and
/// post-auth rows into the decisions. A record leaves the queue when the journal has it on disk; between the two a crash repeats it, and a
/// repeated record counts once. One node works at a time.
/// </summary>
internal sealed class InboxWorker(Databases databases, AaaSnapshot snapshot, RestDoor door, TimeProvider clock, ILogger<InboxWorker> log)
    : BackgroundService
{
    private const long WorkLock = 0x6672696e626f78;
    private const int BatchRecords = 500;
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CleanEvery = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WorkAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning("What FreeRADIUS stored waits for the database: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
            }
        }
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        while (!snapshot.IsLoaded || !await LockAsync(connection, ct))
        {
            await Task.Delay(TimeSpan.FromSeconds(snapshot.IsLoaded ? 5 : 0.2), clock, ct);
        }

        try
        {
            long? cleanedAt = null;
            while (true)
            {
                if (cleanedAt is not { } last || clock.GetElapsedTime(last) >= CleanEvery)
                {
                    await InboxCleaning.RunAsync(connection, ct);
                    cleanedAt = clock.GetTimestamp();
                }

                var moved = await TakeAccountingAsync(connection, ct) + await TakeDecisionsAsync(connection, ct);
                if (moved == 0)
                {
                    await Task.Delay(Idle, clock, ct);
                }
            }
        }
        finally
        {
            await NpgsqlConnectionEnd.CloseAsync(connection);
        }
    }

    private async Task<int> TakeAccountingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var records = await InboxBatch.RecordsAsync(connection, BatchRecords, ct);
        var homeless = new List<long>();
        // Queued one after the other, so that the journal has them in their order; waited for together.
        var kept = new List<(long Seq, Task<bool> Durable)>();
        foreach (var (tenant, seq, status, text) in records)
        {
            using var json = JsonDocument.Parse(text);
            var row = new AccountingRow(json.RootElement);
            if (row.NasAddress is not { } address || NasOf(tenant, address) is not { } nas)
            {
                homeless.Add(seq);
                continue;
            }

            var subscriber = snapshot.Find(tenant, row.Username ?? "")?.SubscriberId;
            var origin = new PacketOrigin(clock.GetUtcNow(), tenant, nas.Id, subscriber, address);
            kept.Add((seq, door.KeepAsync(nas, origin, row.ToPacket(status), ct)));
        }

        await InboxBatch.SetAsideAsync(connection, homeless, ct);
        var durable = new List<long>();
        foreach (var (seq, isDurable) in kept)
        {
            if (await isDurable)
            {
                durable.Add(seq);
            }
        }

        await using var delete = new NpgsqlCommand("DELETE FROM freeradius.accounting_queue WHERE seq = ANY($1)", connection);
        delete.Parameters.AddWithValue(durable);
        await delete.ExecuteNonQueryAsync(ct);
        return durable.Count + homeless.Count;
    }

    /// <summary>By its address; of a tenant with a single NAS it is that one, whatever address it gives itself.</summary>
    private NasEntry? NasOf(Guid tenant, System.Net.IPAddress address) => door.NasAt(tenant, address) ?? door.OnlyNasOf(tenant);

    /// <summary>Post-auth rows become decisions. They are only ever read once: of those taken when a process is killed some are lost.</summary>
    private async Task<int> TakeDecisionsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var rows = await InboxBatch.TakeDecisionsAsync(connection, BatchRecords, ct);
        foreach (var (tenant, username, accepted) in rows)
        {
            door.Note(tenant, FreeRadiusText.FromSql(username)!, accepted);
        }

        return rows.Count;
    }

    private static async Task<bool> LockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
        command.Parameters.AddWithValue(WorkLock);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}
