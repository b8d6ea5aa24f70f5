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
        var records = new List<(Guid Tenant, long Seq, uint Status, string Row)>();
        await using (
            var read = new NpgsqlCommand(
                "SELECT tenant_id, seq, status, record::text FROM freeradius.accounting_queue WHERE problem IS NULL ORDER BY seq LIMIT $1",
                connection
            )
        )
        {
            read.Parameters.AddWithValue(BatchRecords);
            await using var reader = await read.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                records.Add((reader.GetGuid(0), reader.GetInt64(1), (uint)reader.GetInt16(2), reader.GetString(3)));
            }
        }

        // Queued one after the other, so that the journal has them in their order; waited for together.
        var kept = new List<(long Seq, Task<bool> Durable)>();
        foreach (var (tenant, seq, status, text) in records)
        {
            using var json = JsonDocument.Parse(text);
            var row = new AccountingRow(json.RootElement);
            if (row.NasAddress is not { } address || NasOf(tenant, address) is not { } nas)
            {
                await SetAsideAsync(connection, seq, $"No NAS of this tenant has the address {row.NasAddress}.", ct);
                continue;
            }

            var subscriber = snapshot.Find(tenant, row.Username ?? "")?.SubscriberId;
            var origin = new PacketOrigin(clock.GetUtcNow(), tenant, nas.Id, subscriber, address);
            kept.Add((seq, door.KeepAsync(nas, origin, row.ToPacket(status), ct)));
        }

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
        return durable.Count;
    }

    /// <summary>By its address; of a tenant with a single NAS it is that one, whatever address it gives itself.</summary>
    private NasEntry? NasOf(Guid tenant, System.Net.IPAddress address) => door.NasAt(tenant, address) ?? door.OnlyNasOf(tenant);

    private static async Task SetAsideAsync(NpgsqlConnection connection, long seq, string problem, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("UPDATE freeradius.accounting_queue SET problem = $2 WHERE seq = $1", connection);
        command.Parameters.AddWithValue(seq);
        command.Parameters.AddWithValue(problem);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Post-auth rows become decisions. They are only ever read once: of those taken when a process is killed some are lost.</summary>
    private async Task<int> TakeDecisionsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var take = new NpgsqlCommand(
            """
            DELETE FROM freeradius.radpostauth p USING (SELECT tenant_id, id FROM freeradius.radpostauth ORDER BY id LIMIT $1) AS next
            WHERE p.tenant_id = next.tenant_id AND p.id = next.id
            RETURNING p.tenant_id, p.username, coalesce(p.reply, '') = 'Access-Accept'
            """,
            connection
        );
        take.Parameters.AddWithValue(BatchRecords);
        await using var reader = await take.ExecuteReaderAsync(ct);
        var count = 0;
        while (await reader.ReadAsync(ct))
        {
            door.Note(reader.GetGuid(0), FreeRadiusText.FromSql(reader.GetString(1))!, reader.GetBoolean(2));
            count++;
        }

        return count;
    }

    private static async Task<bool> LockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
        command.Parameters.AddWithValue(WorkLock);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}
