using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel.Data;
using Npgsql;

namespace DotMac.Access.Aaa;

/// <summary>Adds what a NAS did to its totals, to its minute and to its drops, in one round trip.</summary>
internal static class NasActivityRows
{
    public static async Task WriteAsync(
        Databases databases,
        Guid tenant,
        Guid nas,
        NasActivity.Counts seen,
        NasEntry? entry,
        CancellationToken ct
    )
    {
        await using var batch = databases.Aaa.CreateBatch();
        var at = new DateTime(seen.LastSeen, DateTimeKind.Utc);
        Add(
            batch,
            """
            INSERT INTO nas_activity AS a (tenant_id, nas_id, last_seen_at, accepts, rejects, accounting, unsigned_requests, last_unsigned_at, proven_signing)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (tenant_id, nas_id) DO UPDATE SET last_seen_at = greatest(a.last_seen_at, excluded.last_seen_at),
                accepts = a.accepts + excluded.accepts, rejects = a.rejects + excluded.rejects,
                accounting = a.accounting + excluded.accounting, unsigned_requests = a.unsigned_requests + excluded.unsigned_requests,
                last_unsigned_at = greatest(a.last_unsigned_at, excluded.last_unsigned_at),
                proven_signing = a.proven_signing OR excluded.proven_signing
            """,
            tenant,
            nas,
            at,
            seen.Accepts,
            seen.Rejects,
            seen.Accounting,
            seen.Unsigned,
            seen.UnsignedAt == 0 ? DBNull.Value : new DateTime(seen.UnsignedAt, DateTimeKind.Utc),
            entry?.Signing.IsProven == true
        );
        Add(
            batch,
            """
            INSERT INTO nas_minutes AS m (tenant_id, nas_id, minute, accepts, rejects, accounting, unsigned, answer_us, slowest_us)
            VALUES ($1, $2, date_trunc('minute', $3::timestamptz), $4, $5, $6, $7, $8, $9)
            ON CONFLICT (tenant_id, nas_id, minute) DO UPDATE SET accepts = m.accepts + excluded.accepts, rejects = m.rejects + excluded.rejects,
                accounting = m.accounting + excluded.accounting, unsigned = m.unsigned + excluded.unsigned,
                answer_us = m.answer_us + excluded.answer_us, slowest_us = greatest(m.slowest_us, excluded.slowest_us)
            """,
            tenant,
            nas,
            at,
            seen.Accepts,
            seen.Rejects,
            seen.Accounting,
            seen.Unsigned,
            seen.AnswerUs,
            seen.SlowestUs
        );
        foreach (var ((port, reason), count) in seen.Drops)
        {
            Add(
                batch,
                """
                INSERT INTO nas_drops AS d (tenant_id, nas_id, port, reason, count, last_at) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (tenant_id, nas_id, port, reason) DO UPDATE SET count = d.count + excluded.count, last_at = excluded.last_at
                """,
                tenant,
                nas,
                port,
                reason,
                count,
                at
            );
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Minutes of more than a day ago.</summary>
    public static async Task ForgetAsync(Databases databases, CancellationToken ct)
    {
        await using var command = databases.Aaa.CreateCommand("DELETE FROM nas_minutes WHERE minute < now() - interval '1 day'");
        await command.ExecuteNonQueryAsync(ct);
    }

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(
                value == DBNull.Value
                    ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz }
                    : new NpgsqlParameter { Value = value }
            );
        }

        batch.BatchCommands.Add(command);
    }
}
