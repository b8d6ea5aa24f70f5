using DotMac.Kernel.Data;
using Npgsql;
using NpgsqlTypes;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>
/// Writes rows of <c>decisions</c> and their counts, in one transaction. Row security refuses COPY into the table itself, so a batch goes by
/// binary COPY into a temporary table, which costs no log, and from there. Keeps the days' partitions ahead, and drops the old ones.
/// </summary>
internal sealed class DecisionStore(Databases databases)
{
    /// <summary>Days kept; whole days only, so up to one more.</summary>
    public const int KeepDays = 30;
    private const int DaysAhead = 3;

    private const string Batch = """
        CREATE TEMPORARY TABLE IF NOT EXISTS decision_batch (LIKE decisions) ON COMMIT DELETE ROWS
        """;

    private const string Copy = "COPY pg_temp.decision_batch (" + DecisionChunk.Columns + ") FROM STDIN (FORMAT binary)";

    private const string Move =
        "INSERT INTO decisions (" + DecisionChunk.Columns + ") SELECT " + DecisionChunk.Columns + " FROM pg_temp.decision_batch; " + Count;

    private const string Count = """
        INSERT INTO decision_counts AS c (tenant_id, bucket, nas_number, code, count)
        SELECT tenant_id, date_bin('5 minutes', at, '2000-01-01'), nas_number, code, count(*) FROM pg_temp.decision_batch
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (tenant_id, bucket, nas_number, code) DO UPDATE SET count = c.count + excluded.count;
        """;

    public async Task WriteAsync(IReadOnlyList<DecisionChunk> chunks, CancellationToken ct)
    {
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        await ExecuteAsync(connection, Batch, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var copy = await connection.BeginRawBinaryCopyAsync(Copy, ct))
        {
            await copy.WriteAsync(DecisionChunk.Header, ct);
            foreach (var chunk in chunks)
            {
                await copy.WriteAsync(chunk.Octets, ct);
            }

            await copy.WriteAsync(DecisionChunk.Trailer, ct);
        }

        await ExecuteAsync(connection, Move, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Partitions from yesterday to some days ahead; codes that the table does not know yet.</summary>
    public async Task PrepareAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var command = databases.Aaa.CreateCommand(
            """
            INSERT INTO decision_codes (number, code) SELECT * FROM unnest($1, $2)
            ON CONFLICT (number) DO UPDATE SET code = excluded.code WHERE decision_codes.code <> excluded.code
            """
        );
        command.Parameters.AddWithValue(DecisionCodes.Numbers.Values.ToArray());
        command.Parameters.AddWithValue(DecisionCodes.Numbers.Keys.ToArray());
        await command.ExecuteNonQueryAsync(ct);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await using var ensure = databases.Aaa.CreateCommand("SELECT ensure_decision_partitions($1, $2)");
        ensure.Parameters.Add(new() { Value = today.AddDays(-1), NpgsqlDbType = NpgsqlDbType.Date });
        ensure.Parameters.Add(new() { Value = today.AddDays(DaysAhead), NpgsqlDbType = NpgsqlDbType.Date });
        await ensure.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Drops what is older than is kept; answers how many days went.</summary>
    public async Task<int> DropOldAsync(DateTimeOffset now, CancellationToken ct)
    {
        var first = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-KeepDays);
        await using var drop = databases.Aaa.CreateCommand("SELECT drop_decision_partitions($1)");
        drop.Parameters.Add(new() { Value = first, NpgsqlDbType = NpgsqlDbType.Date });
        var days = (int)(await drop.ExecuteScalarAsync(ct))!;
        await using var counts = databases.Aaa.CreateCommand("DELETE FROM decision_counts WHERE bucket < $1");
        counts.Parameters.AddWithValue(first.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        await counts.ExecuteNonQueryAsync(ct);
        return days;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
