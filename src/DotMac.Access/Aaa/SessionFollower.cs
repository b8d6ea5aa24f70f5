using DotMac.Access.Aaa.Accounting;
using DotMac.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Aaa;

/// <summary>
/// Makes Simultaneous-Use count over all nodes: hears which tenant's sessions were written (<c>NOTIFY radacct_changed</c>) and reads the rows
/// that changed, so that a session which began or ended on another node is known here within two seconds. A node alone reads nothing: its
/// own acknowledged records are counted already. After the database was away everything that is open is read anew.
/// </summary>
internal sealed class SessionFollower(
    LiveSessions sessions,
    Journal journal,
    Databases databases,
    TimeProvider clock,
    ILogger<SessionFollower> log
) : BackgroundService
{
    private const int MostRows = 5_000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    /// <summary>Rows are read again this far back: a writer's time is taken before its commit.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(3);
    private readonly HashSet<Guid> notified = [];
    private readonly Dictionary<Guid, DateTimeOffset> cursors = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning("Sessions of other nodes are not heard of while the database is away: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
            }
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        connection.Notification += (_, message) =>
        {
            if (Guid.TryParse(message.Payload, out var tenant))
            {
                notified.Add(tenant);
            }
        };
        await using (var listen = new NpgsqlCommand("LISTEN radacct_changed", connection))
        {
            await listen.ExecuteNonQueryAsync(ct);
        }

        var began = await NowAsync(connection, ct);
        cursors.Clear();
        await sessions.LoadAsync(ct);
        while (true)
        {
            await connection.WaitAsync(TimeSpan.FromSeconds(30), ct);
            if (notified.Count == 0)
            {
                continue;
            }

            await Task.Delay(Pace, clock, ct);
            var tenants = notified.ToList();
            notified.Clear();
            if (!await IsAnotherNodeActiveAsync(connection, ct))
            {
                continue;
            }

            foreach (var tenant in tenants)
            {
                while (await ReadAsync(connection, tenant, began, ct) == MostRows)
                { /* the next page */
                }
            }
        }
    }

    private async Task<int> ReadAsync(NpgsqlConnection connection, Guid tenant, DateTimeOffset began, CancellationToken ct)
    {
        // A node that becomes the second one has missed what the first wrote meanwhile, at the most since the other began.
        var known = cursors.GetValueOrDefault(tenant, began);
        await using var command = new NpgsqlCommand(
            """
            SELECT subscriber_id, acctuniqueid, nas_id, callingstationid, acctupdatetime, acctstoptime IS NOT NULL, changed_at
            FROM radacct WHERE tenant_id = $1 AND changed_at > $2 AND subscriber_id IS NOT NULL ORDER BY changed_at LIMIT $3
            """,
            connection
        );
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue((known - Overlap).UtcDateTime);
        command.Parameters.AddWithValue(MostRows);
        var rows = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows++;
            sessions.Heard(
                tenant,
                reader.GetGuid(0),
                reader.GetString(1),
                reader.GetGuid(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.GetBoolean(5)
            );
            known = reader.GetFieldValue<DateTimeOffset>(6);
        }

        // A full page of rows within the overlap must not be read for ever.
        cursors[tenant] = rows == MostRows ? known + Overlap : known;
        return rows;
    }

    private async Task<bool> IsAnotherNodeActiveAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM journal_positions WHERE journal_id <> $1 AND updated_at > now() - interval '15 minutes')",
            connection
        );
        command.Parameters.AddWithValue(journal.Id);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<DateTimeOffset> NowAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT now()", connection);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!, TimeSpan.Zero);
    }
}
