using DotMac.Access.Aaa.Snapshot;
using Npgsql;

namespace DotMac.Access.FreeRadius;

/// <summary>One row as it stands in radcheck or radreply.</summary>
internal sealed record StoredRow(string Username, string Attribute, string Op, string Value);

/// <summary>radcheck or radreply of one tenant: compared login by login, and written whole login by login, so that the order of ids stays the order of rows.</summary>
internal sealed class ProjectedTable(NpgsqlConnection connection, Guid tenant, bool isCheck)
{
    private readonly string name = isCheck ? "radcheck" : "radreply";

    /// <summary>Compares what stands for these subscribers with what should, and mends it when asked to.</summary>
    public async Task SettleAsync(
        IReadOnlyCollection<Guid> subscribers,
        IReadOnlyDictionary<Guid, (Login Login, List<ProjectedRow> Rows)> wanted,
        DriftReport report,
        bool repair,
        CancellationToken ct
    )
    {
        var stored = await ReadAsync(subscribers, ct);
        var wrong = new List<Guid>();
        foreach (var id in subscribers)
        {
            var should = wanted.TryGetValue(id, out var w)
                ? w.Rows.ConvertAll(r => new StoredRow(
                    FreeRadiusText.SqlName(w.Login.Username),
                    r.Attribute,
                    r.Op,
                    FreeRadiusText.Value(r.Value)
                ))
                : [];
            var stands = stored.GetValueOrDefault(id, []);
            if (should.SequenceEqual(stands))
            {
                continue;
            }

            wrong.Add(id);
            var problem =
                stands.Count == 0 ? "missing"
                : should.Count == 0 ? "surplus"
                : "different";
            var attributes = should.Except(stands).Concat(stands.Except(should)).Select(r => r.Attribute);
            report.Add(name, (should.FirstOrDefault() ?? stands[0]).Username, id, problem, attributes);
        }

        if (repair && wrong.Count > 0)
        {
            await DeleteAsync(wrong, ct);
            await InsertAsync(
                wrong.Where(wanted.ContainsKey).SelectMany(id => wanted[id].Rows.Select(r => (wanted[id].Login, Row: r))).ToList(),
                ct
            );
        }
    }

    /// <summary>Subscribers that have rows here, whether they should or not.</summary>
    public async Task<HashSet<Guid>> SubscribersAsync(CancellationToken ct)
    {
        await using var command = Command(
            isCheck
                ? "SELECT DISTINCT subscriber_id FROM freeradius.radcheck WHERE tenant_id = $1"
                : "SELECT DISTINCT subscriber_id FROM freeradius.radreply WHERE tenant_id = $1"
        );
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new HashSet<Guid>();
        while (await reader.ReadAsync(ct))
        {
            found.Add(reader.GetGuid(0));
        }

        return found;
    }

    private async Task<Dictionary<Guid, List<StoredRow>>> ReadAsync(IEnumerable<Guid> subscribers, CancellationToken ct)
    {
        await using var command = Command(
            isCheck
                ? "SELECT subscriber_id, username, attribute, op, value FROM freeradius.radcheck WHERE tenant_id = $1 AND subscriber_id = ANY($2) ORDER BY id"
                : "SELECT subscriber_id, username, attribute, op, value FROM freeradius.radreply WHERE tenant_id = $1 AND subscriber_id = ANY($2) ORDER BY id"
        );
        command.Parameters.AddWithValue(subscribers.ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<Guid, List<StoredRow>>();
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetGuid(0);
            if (!found.TryGetValue(id, out var rows))
            {
                found[id] = rows = [];
            }

            rows.Add(new StoredRow(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
        }

        return found;
    }

    private async Task DeleteAsync(List<Guid> subscribers, CancellationToken ct)
    {
        await using var command = Command(
            isCheck
                ? "DELETE FROM freeradius.radcheck WHERE tenant_id = $1 AND subscriber_id = ANY($2)"
                : "DELETE FROM freeradius.radreply WHERE tenant_id = $1 AND subscriber_id = ANY($2)"
        );
        command.Parameters.AddWithValue(subscribers.ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task InsertAsync(List<(Login Login, ProjectedRow Row)> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var command = Command(
            isCheck
                ? """
                INSERT INTO freeradius.radcheck (tenant_id, subscriber_id, username, attribute, op, value)
                SELECT $1, s, u, a, o, v FROM unnest($2, $3, $4, $5, $6) WITH ORDINALITY AS r (s, u, a, o, v, n) ORDER BY n
                """
                : """
                INSERT INTO freeradius.radreply (tenant_id, subscriber_id, username, attribute, op, value)
                SELECT $1, s, u, a, o, v FROM unnest($2, $3, $4, $5, $6) WITH ORDINALITY AS r (s, u, a, o, v, n) ORDER BY n
                """
        );
        command.Parameters.AddWithValue(rows.ConvertAll(r => r.Login.SubscriberId));
        command.Parameters.AddWithValue(rows.ConvertAll(r => FreeRadiusText.SqlName(r.Login.Username)));
        command.Parameters.AddWithValue(rows.ConvertAll(r => r.Row.Attribute));
        command.Parameters.AddWithValue(rows.ConvertAll(r => r.Row.Op));
        command.Parameters.AddWithValue(rows.ConvertAll(r => FreeRadiusText.Value(r.Row.Value)));
        await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Command(string sql)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue(tenant);
        return command;
    }
}
