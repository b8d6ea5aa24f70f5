using DotMac.Contracts.Access;
using Npgsql;
using NpgsqlTypes;

namespace DotMac.Access.Aaa;

/// <summary>One check of a line's ids.</summary>
/// <param name="Data">Expected and actual ids; with a fault.</param>
internal sealed record LineSeen(
    Guid TenantId,
    Guid SubscriberId,
    Guid? NasId,
    DateTimeOffset At,
    Option82Result Result,
    bool Accepted,
    Option82Policy Policy,
    VerdictData? Data
)
{
    public bool IsFault => Result is Option82Result.Mismatch or Option82Result.Missing;

    public string Code => Result == Option82Result.Missing ? Verdict.LineMissing.Code : Verdict.LineMismatch.Code;
}

/// <summary>The statements behind <see cref="LineRecord"/>.</summary>
internal static class LineRecordRows
{
    /// <summary>Alerts that a subscriber keeps: the newest. Somebody who tries many places cannot fill the table.</summary>
    private const int MostAlerts = 100;

    public static async Task WriteValidationsAsync(NpgsqlConnection connection, List<LineSeen> batch, CancellationToken ct)
    {
        var rows = batch
            .GroupBy(s => (s.TenantId, s.SubscriberId))
            .Select(g => (g.Key, Last: g.MaxBy(s => s.At)!, Faults: g.LongCount(s => s.IsFault)))
            .OrderBy(r => r.Key)
            .ToList();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO line_validations AS v (tenant_id, subscriber_id, last_validated_at, last_result, mismatch_count)
            SELECT * FROM unnest($1, $2, $3, $4, $5)
            ON CONFLICT (tenant_id, subscriber_id) DO UPDATE SET
                last_result = CASE WHEN excluded.last_validated_at >= v.last_validated_at THEN excluded.last_result ELSE v.last_result END,
                last_validated_at = greatest(v.last_validated_at, excluded.last_validated_at),
                mismatch_count = v.mismatch_count + excluded.mismatch_count
            """,
            connection
        );
        command.Parameters.AddWithValue(rows.ConvertAll(r => r.Key.TenantId));
        command.Parameters.AddWithValue(rows.ConvertAll(r => r.Key.SubscriberId));
        command.Parameters.AddWithValue(rows.ConvertAll(r => r.Last.At.UtcDateTime));
        command.Parameters.AddWithValue(rows.ConvertAll(r => (short)r.Last.Result));
        command.Parameters.AddWithValue(rows.ConvertAll(r => r.Faults));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Writes the faults; answers those whose place was not known before.</summary>
    public static async Task<List<LineSeen>> WriteAlertsAsync(NpgsqlConnection connection, List<LineSeen> batch, CancellationToken ct)
    {
        var places = batch
            .Where(s => s.IsFault)
            .GroupBy(s => (s.TenantId, s.SubscriberId, s.Code, s.Data?.ActualCircuitId, s.Data?.ActualRemoteId))
            .Select(g => (First: g.MinBy(s => s.At)!, Last: g.MaxBy(s => s.At)!, Count: g.LongCount(), Id: Guid.CreateVersion7()))
            .OrderBy(p => (p.Last.TenantId, p.Last.SubscriberId))
            .ToList();
        if (places.Count == 0)
        {
            return [];
        }

        await using var command = new NpgsqlCommand(
            """
            INSERT INTO subscriber_alerts AS a (tenant_id, id, subscriber_id, code, policy, accepted, first_at, last_at, count, nas_id,
                expected_circuit_id, actual_circuit_id, expected_remote_id, actual_remote_id)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT (tenant_id, subscriber_id, code, coalesce(actual_circuit_id, ''), coalesce(actual_remote_id, '')) DO UPDATE SET
                policy = excluded.policy, accepted = excluded.accepted, last_at = greatest(a.last_at, excluded.last_at),
                count = a.count + excluded.count, nas_id = excluded.nas_id,
                expected_circuit_id = excluded.expected_circuit_id, expected_remote_id = excluded.expected_remote_id
            RETURNING id
            """,
            connection
        );
        command.Parameters.AddWithValue(places.ConvertAll(p => p.Last.TenantId));
        command.Parameters.AddWithValue(places.ConvertAll(p => p.Id));
        command.Parameters.AddWithValue(places.ConvertAll(p => p.Last.SubscriberId));
        command.Parameters.AddWithValue(places.ConvertAll(p => p.Last.Code));
        command.Parameters.AddWithValue(places.ConvertAll(p => (short)p.Last.Policy));
        command.Parameters.AddWithValue(places.ConvertAll(p => p.Last.Accepted));
        command.Parameters.AddWithValue(places.ConvertAll(p => p.First.At.UtcDateTime));
        command.Parameters.AddWithValue(places.ConvertAll(p => p.Last.At.UtcDateTime));
        command.Parameters.AddWithValue(places.ConvertAll(p => p.Count));
        command.Parameters.Add(
            new() { Value = places.ConvertAll(p => p.Last.NasId), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid }
        );
        foreach (
            var text in new Func<VerdictData?, string?>[]
            {
                d => d?.ExpectedCircuitId,
                d => d?.ActualCircuitId,
                d => d?.ExpectedRemoteId,
                d => d?.ActualRemoteId,
            }
        )
        {
            command.Parameters.Add(
                new() { Value = places.ConvertAll(p => text(p.Last.Data)), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
            );
        }

        var written = new HashSet<Guid>();
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                written.Add(reader.GetGuid(0));
            }
        }

        // An update answers the row's own id, not the one made here.
        var unknown = places.FindAll(p => written.Contains(p.Id)).ConvertAll(p => p.Last);
        await TrimAsync(connection, unknown, ct);
        return unknown;
    }

    public static async Task SweepAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("DELETE FROM subscriber_alerts WHERE last_at < $1", connection);
        command.Parameters.AddWithValue(before.UtcDateTime);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task TrimAsync(NpgsqlConnection connection, List<LineSeen> grown, CancellationToken ct)
    {
        if (grown.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            """
            DELETE FROM subscriber_alerts a USING (
                SELECT tenant_id, id, row_number() OVER (PARTITION BY tenant_id, subscriber_id ORDER BY last_at DESC, id DESC) AS place
                FROM subscriber_alerts JOIN (SELECT DISTINCT * FROM unnest($1, $2)) AS grown (t, s) ON tenant_id = t AND subscriber_id = s
            ) AS ranked
            WHERE a.tenant_id = ranked.tenant_id AND a.id = ranked.id AND ranked.place > $3
            """,
            connection
        );
        command.Parameters.AddWithValue(grown.ConvertAll(g => g.TenantId));
        command.Parameters.AddWithValue(grown.ConvertAll(g => g.SubscriberId));
        command.Parameters.AddWithValue((long)MostAlerts);
        await command.ExecuteNonQueryAsync(ct);
    }
}
