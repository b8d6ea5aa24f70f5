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
    /// <summary>Batches of the projection read at once; one names up to 8,000 sessions.</summary>
    private const int MostBatches = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    /// <summary>Rows are read again this far back: a writer's time is taken before its commit.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(3);

    /// <summary>Longer than this ago, radacct_changes may have forgotten (it keeps ten minutes).</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(8);
    private readonly HashSet<Guid> notified = [];

    /// <summary>Tenants whose changes were not read, because this node was alone.</summary>
    private readonly HashSet<Guid> missed = [];
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
        missed.Clear();
        await sessions.LoadAsync(ct);
        while (true)
        {
            await connection.WaitAsync(TimeSpan.FromSeconds(30), ct);
            if (notified.Count == 0)
            {
                continue;
            }

            await Task.Delay(Pace, clock, ct);
            if (!await IsAnotherNodeActiveAsync(connection, ct))
            {
                missed.UnionWith(notified);
                notified.Clear();
                continue;
            }

            // A node that becomes the second one has missed what the first wrote meanwhile, at the most since this one began.
            foreach (var tenant in missed)
            {
                await CatchUpAsync(connection, tenant, began, ct);
            }

            missed.Clear();
            var tenants = notified.ToList();
            notified.Clear();
            foreach (var tenant in tenants)
            {
                while (await ReadAsync(connection, tenant, began, ct) == MostBatches)
                { /* the next page */
                }
            }
        }
    }

    private const string Columns = """
        SELECT r.subscriber_id, r.acctuniqueid, r.nas_id, r.callingstationid, r.acctupdatetime, r.acctstoptime IS NOT NULL
        FROM radacct r

        """;

    /// <summary>From the sessions themselves, where the list of changes does not reach back: once, without an index.</summary>
    private async Task CatchUpAsync(NpgsqlConnection connection, Guid tenant, DateTimeOffset began, CancellationToken ct)
    {
        var known = cursors.GetValueOrDefault(tenant, began);
        var now = await NowAsync(connection, ct);
        if (now - known < Kept)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            Columns
                + "WHERE r.tenant_id = $1 AND r.changed_at > $2 AND r.acctstarttime > $2 - interval '7 days' AND r.subscriber_id IS NOT NULL",
            connection
        );
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue((known - Overlap).UtcDateTime);
        await HearAsync(command, tenant, ct);
        cursors[tenant] = now;
    }

    /// <summary>How many batches were read.</summary>
    private async Task<int> ReadAsync(NpgsqlConnection connection, Guid tenant, DateTimeOffset began, CancellationToken ct)
    {
        var known = cursors.GetValueOrDefault(tenant, began);
        var (started, numbers) = (new List<DateTime>(), new List<long>());
        var batches = 0;
        await using (
            var find = new NpgsqlCommand(
                "SELECT changed_at, started, numbers FROM radacct_changes WHERE tenant_id = $1 AND changed_at > $2 ORDER BY changed_at, id LIMIT $3",
                connection
            )
        )
        {
            find.Parameters.AddWithValue(tenant);
            find.Parameters.AddWithValue((known - Overlap).UtcDateTime);
            find.Parameters.AddWithValue(MostBatches);
            await using var reader = await find.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                batches++;
                known = reader.GetFieldValue<DateTimeOffset>(0);
                started.AddRange(reader.GetFieldValue<DateTime[]>(1));
                numbers.AddRange(reader.GetFieldValue<long[]>(2));
            }
        }

        if (batches == 0)
        {
            return 0;
        }

        await using var command = new NpgsqlCommand(
            Columns
                + """
                JOIN unnest($2, $3) AS changed (started, number) ON r.acctstarttime = changed.started AND r.radacctid = changed.number
                WHERE r.tenant_id = $1 AND r.acctstarttime BETWEEN $4 AND $5 AND r.subscriber_id IS NOT NULL
                """,
            connection
        );
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(started);
        command.Parameters.AddWithValue(numbers);
        // Spares the planner every month in which none of them began.
        command.Parameters.AddWithValue(started.Min());
        command.Parameters.AddWithValue(started.Max());
        await HearAsync(command, tenant, ct);

        // A full page of batches within the overlap must not be read for ever.
        cursors[tenant] = batches == MostBatches ? known + Overlap : known;
        return batches;
    }

    private async Task HearAsync(NpgsqlCommand command, Guid tenant, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            sessions.Heard(
                tenant,
                reader.GetGuid(0),
                reader.GetString(1),
                reader.GetGuid(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.GetBoolean(5)
            );
        }
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
