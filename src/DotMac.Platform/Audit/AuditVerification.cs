using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using Npgsql;

namespace DotMac.Platform.Audit;

/// <summary>What the check of one tenant's chain found.</summary>
/// <param name="Checked">Entries read.</param>
/// <param name="FirstBadSeq">The first entry that is not as it was written, or is missing; null when all are right.</param>
/// <param name="Head">Hash of the last entry, in hexadecimal. Kept elsewhere, it proves later that nothing before it was rewritten.</param>
public sealed record ChainReport(Guid TenantId, string Tenant, bool Ok, long Checked, long? FirstBadSeq, string Head);

/// <summary>
/// Reads the audit trail from its first entry and computes every hash anew. It finds a changed, removed, inserted or reordered entry and
/// a cut-off end. It cannot find that an owner of the database rewrote a whole chain with its head: for that, keep the heads elsewhere.
/// </summary>
public static class AuditVerification
{
    private const string ReadSql = """
        SELECT seq, at, actor_kind, actor_id, actor_name, action, entity, entity_id, before::text, after::text, ip, request_id, hash
        FROM audit_log WHERE tenant_id = @tenantId ORDER BY seq
        """;

    /// <summary>Every tenant's chain, read as the platform's database role.</summary>
    public static async Task<IReadOnlyList<ChainReport>> VerifyAllAsync(Databases databases, CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        var reports = new List<ChainReport>();
        var tenants = (
            await connection.QueryAsync<TenantRow>(
                new CommandDefinition("SELECT tenant_id AS id, slug FROM tenants ORDER BY slug", cancellationToken: ct)
            )
        ).AsList();
        foreach (var tenant in tenants)
        {
            // One snapshot, so that the head belongs to the entries read.
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
            reports.Add(await VerifyAsync(connection, transaction, tenant.Id, tenant.Slug, ct));
        }

        return reports;
    }

    /// <summary>One tenant's chain, in a transaction that may see it.</summary>
    internal static async Task<ChainReport> VerifyAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        Guid tenantId,
        string slug,
        CancellationToken ct
    )
    {
        // The head first: entries appended after it was read do not matter, they only make the chain longer than it says.
        var head = await connection.QuerySingleOrDefaultAsync<Head>(
            new CommandDefinition(
                "SELECT seq, hash FROM audit_heads WHERE tenant_id = @tenantId",
                new { tenantId },
                transaction,
                cancellationToken: ct
            )
        );
        long count = 0,
            seq = 0;
        byte[] hash = [];
        var atHead = false;
        await using (var command = new NpgsqlCommand(ReadSql, connection, transaction))
        {
            command.Parameters.AddWithValue("tenantId", tenantId);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                var entry = Entry(reader, tenantId);
                hash = entry.HashAfter(hash);
                count++;
                if (entry.Seq != ++seq || !hash.AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(12)))
                {
                    return new ChainReport(tenantId, slug, false, count, seq, Convert.ToHexStringLower(head?.Hash ?? []));
                }

                if (entry.Seq == head?.Seq)
                {
                    atHead = hash.AsSpan().SequenceEqual(head.Hash);
                }
            }
        }

        // A head that no entry reaches: the end was cut off. No head: it was removed, for a tenant's founding is its first entry.
        return new ChainReport(tenantId, slug, atHead, count, atHead ? null : seq + 1, Convert.ToHexStringLower(hash));
    }

    private static AuditEntry Entry(NpgsqlDataReader row, Guid tenantId) =>
        new(
            tenantId,
            row.GetInt64(0),
            row.GetFieldValue<DateTimeOffset>(1),
            row.GetInt16(2),
            row.IsDBNull(3) ? null : row.GetGuid(3),
            row.GetString(4),
            row.GetString(5),
            row.GetString(6),
            row.GetString(7),
            Text(row, 8),
            Text(row, 9),
            Text(row, 10),
            Text(row, 11)
        );

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private sealed class Head
    {
        public long Seq { get; init; }
        public byte[] Hash { get; init; } = [];
    }

    private sealed class TenantRow
    {
        public Guid Id { get; init; }
        public string Slug { get; init; } = "";
    }
}
