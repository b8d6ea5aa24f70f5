using Npgsql;

namespace DotMac.Access.FreeRadius;

/// <summary>
/// The next rows of what FreeRADIUS stored: of each tenant its oldest, each tenant the same share, so that one who floods the inbox (or whose
/// NAS came back after a day) keeps nobody else waiting.
/// </summary>
internal static class InboxBatch
{
    /// <summary>No tenant gets less than this in one go, however many there are.</summary>
    private const int LeastShare = 20;

    // One look into the index for each tenant that has this way: an empty queue costs next to nothing.
    private const string Records = """
        SELECT q.tenant_id, q.seq, q.status, q.record
        FROM freeradius.settings s CROSS JOIN LATERAL (
            SELECT tenant_id, seq, status, record::text AS record FROM freeradius.accounting_queue
            WHERE tenant_id = s.tenant_id AND problem IS NULL ORDER BY seq LIMIT $1
        ) q
        ORDER BY q.tenant_id, q.seq
        """;

    private const string Decisions = """
        DELETE FROM freeradius.radpostauth p USING (
            SELECT n.tenant_id, n.id FROM freeradius.settings s CROSS JOIN LATERAL (
                SELECT tenant_id, id FROM freeradius.radpostauth WHERE tenant_id = s.tenant_id ORDER BY id LIMIT $1
            ) n
        ) AS next
        WHERE p.tenant_id = next.tenant_id AND p.id = next.id
        RETURNING p.tenant_id, p.username, coalesce(p.reply, '') = 'Access-Accept'
        """;

    private const string Waiting = """
        SELECT count(*) FROM freeradius.settings s
        WHERE EXISTS (SELECT 1 FROM freeradius.accounting_queue q WHERE q.tenant_id = s.tenant_id AND q.problem IS NULL)
        """;

    private const string Aside = """
        UPDATE freeradius.accounting_queue SET problem = 'No NAS of this tenant has the address ' || coalesce(record ->> 'nasipaddress', '(none)') || '.'
        WHERE seq = ANY($1)
        """;

    public static async Task<IReadOnlyList<(Guid Tenant, long Seq, uint Status, string Row)>> RecordsAsync(
        NpgsqlConnection connection,
        int most,
        CancellationToken ct
    )
    {
        await using var count = new NpgsqlCommand(Waiting, connection);
        var tenants = (long)(await count.ExecuteScalarAsync(ct))!;
        var records = new List<(Guid, long, uint, string)>();
        await using var read = new NpgsqlCommand(Records, connection);
        read.Parameters.AddWithValue(Math.Max(LeastShare, most / Math.Max(1, tenants)));
        await using var reader = await read.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            records.Add((reader.GetGuid(0), reader.GetInt64(1), (uint)reader.GetInt16(2), reader.GetString(3)));
        }

        return records;
    }

    /// <summary>Keeps records whose NAS is not known out of the way; they are tried again later.</summary>
    public static async Task SetAsideAsync(NpgsqlConnection connection, IReadOnlyList<long> records, CancellationToken ct)
    {
        if (records.Count > 0)
        {
            await using var command = new NpgsqlCommand(Aside, connection);
            command.Parameters.AddWithValue(records);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    public static async Task<IReadOnlyList<(Guid Tenant, string Username, bool Accepted)>> TakeDecisionsAsync(
        NpgsqlConnection connection,
        int most,
        CancellationToken ct
    )
    {
        var rows = new List<(Guid, string, bool)>();
        await using var take = new NpgsqlCommand(Decisions, connection);
        take.Parameters.AddWithValue(most);
        await using var reader = await take.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add((reader.GetGuid(0), reader.GetString(1), reader.GetBoolean(2)));
        }

        return rows;
    }
}
