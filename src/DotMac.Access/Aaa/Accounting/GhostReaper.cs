using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Aaa.Accounting;

/// <summary>
/// Ends sessions that nobody reported for three Interim intervals (a NAS that crashed, a lost Stop) as <c>Lost-Carrier</c>. The end is
/// presumed: what the NAS says of the session later overrules it. One node at a time does it, and never between two steps of a projection.
/// </summary>
/// <remarks>
/// Silence is counted from the moment a record of the session was last written, and only while this node's journal is in the database: after
/// an outage the NAS first get time to report (<see cref="AaaOptions.GhostGrace"/>). The stop time is the last record's time and one interval
/// more, by when the next report was due.
/// </remarks>
internal sealed class GhostReaper(
    AccountingProjector projector,
    AaaOptions options,
    Databases databases,
    TimeProvider clock,
    ILogger<GhostReaper> log
) : BackgroundService
{
    private const int Most = 10_000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <summary>Sessions ended in this run, at most <see cref="Most"/>.</summary>
    internal async Task<int> ReapAsync(CancellationToken ct)
    {
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        var (tenants, starts, numbers, intervals) = await SilentAsync(connection, ct);
        if (tenants.Count == 0)
        {
            return 0;
        }

        await using var transaction = await connection.BeginTransactionAsync(ct);
        await AccountingProjector.LockAsync(connection, ct);
        await using var command = new NpgsqlCommand(
            """
            WITH ended AS (
                UPDATE radacct r SET presumed_stop = true, acctterminatecause = 'Lost-Carrier', upload_bps = 0, download_bps = 0,
                    acctstoptime = least(greatest(r.acctstarttime, r.acctupdatetime + s.seconds * interval '1 second'), now()),
                    changed_at = clock_timestamp()
                FROM unnest($1, $2, $3, $4) AS s (tenant, started, number, seconds)
                WHERE r.tenant_id = s.tenant AND r.acctstarttime = s.started AND r.radacctid = s.number AND r.acctstoptime IS NULL
                    AND r.changed_at < now() - 3 * s.seconds * interval '1 second'
                RETURNING r.tenant_id
            ),
            counted AS (SELECT tenant_id, count(*) AS ended FROM ended GROUP BY tenant_id)
            SELECT sum(ended)::int, count(pg_notify('radacct_changed', tenant_id::text)) FROM counted
            """,
            connection
        );
        command.Parameters.AddWithValue(tenants.ToArray());
        command.Parameters.AddWithValue(starts.ToArray());
        command.Parameters.AddWithValue(numbers.ToArray());
        command.Parameters.AddWithValue(intervals.ToArray());
        var ended = await command.ExecuteScalarAsync(ct) as int? ?? 0;
        await transaction.CommitAsync(ct);
        AaaMetrics.Reaped(ended);
        log.LogInformation("{Sessions} sessions ended as Lost-Carrier: not a word of them for three intervals", ended);
        return ended;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                if (projector.SteadySince is { } since && clock.GetUtcNow() - since >= options.GhostGrace)
                {
                    while (await ReapAsync(stoppingToken) == Most) { }
                }
            }
            catch (Exception e) when (UnexpectedErrors.IsDatabaseLoss(e) || e is PostgresException)
            {
                log.LogWarning("Silent sessions stay open until the database answers again: {Reason}", e.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static async Task<(List<Guid>, List<DateTime>, List<long>, List<int>)> SilentAsync(
        NpgsqlConnection connection,
        CancellationToken ct
    )
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT r.tenant_id, r.acctstarttime, r.radacctid, i.seconds
            FROM radacct r LEFT JOIN subscribers s ON s.tenant_id = r.tenant_id AND s.id = r.subscriber_id
            CROSS JOIN LATERAL (SELECT coalesce(s.acct_interim_interval, $1) AS seconds) i
            WHERE r.acctstoptime IS NULL AND r.changed_at < now() - 3 * i.seconds * interval '1 second'
            LIMIT $2
            """,
            connection
        );
        command.Parameters.AddWithValue(ReplyAttributes.DefaultInterimSeconds);
        command.Parameters.AddWithValue(Most);
        var (tenants, starts, numbers, intervals) = (new List<Guid>(), new List<DateTime>(), new List<long>(), new List<int>());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            tenants.Add(reader.GetGuid(0));
            starts.Add(reader.GetDateTime(1));
            numbers.Add(reader.GetInt64(2));
            intervals.Add(reader.GetInt32(3));
        }

        return (tenants, starts, numbers, intervals);
    }
}
