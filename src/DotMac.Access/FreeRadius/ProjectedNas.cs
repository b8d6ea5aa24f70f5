using System.Net.Sockets;
using System.Text;
using DotMac.Access.Aaa.Snapshot;
using Npgsql;

namespace DotMac.Access.FreeRadius;

/// <summary>The stock <c>nas</c> table of one tenant. FreeRADIUS knows a NAS by its address alone.</summary>
internal sealed class ProjectedNas(NpgsqlConnection connection, Guid tenant)
{
    private sealed record Row(Guid NasId, string NasName, string ShortName, string Secret, string RequireMa);

    public async Task SettleAsync(IEnumerable<NasEntry> entries, DriftReport report, bool repair, CancellationToken ct)
    {
        var should = Rows(entries).ToDictionary(r => r.NasName, StringComparer.Ordinal);
        var stands = (await ReadAsync(ct)).ToLookup(r => r.NasName, StringComparer.Ordinal);
        foreach (var name in should.Keys.Union(stands.Select(s => s.Key), StringComparer.Ordinal).ToList())
        {
            var wanted = should.GetValueOrDefault(name);
            if (wanted is not null && stands[name].SequenceEqual([wanted]))
            {
                continue;
            }

            var problem =
                wanted is null ? "surplus"
                : stands.Contains(name) ? "different"
                : "missing";
            report.Add("nas", name, (wanted ?? stands[name].First()).NasId, problem, ["nas"]);
            if (repair)
            {
                await ReplaceAsync(name, wanted, ct);
            }
        }
    }

    /// <summary>Of several NAS behind one address one can be told: the one without an identifier, else the first by name.</summary>
    private static IEnumerable<Row> Rows(IEnumerable<NasEntry> entries) =>
        entries
            .Where(n => n.Enabled)
            .GroupBy(n => n.Source)
            .Select(g => g.OrderBy(n => n.NasIdentifier is not null).ThenBy(n => n.Shortname, StringComparer.Ordinal).First())
            .Select(n => new Row(n.Id, Name(n), n.Shortname, Encoding.UTF8.GetString(n.Secret), n.RequiresSignature ? "yes" : "no"));

    private static string Name(NasEntry nas)
    {
        var whole = nas.Source.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return nas.Source.PrefixLength == whole ? nas.Source.BaseAddress.ToString() : nas.Source.ToString();
    }

    private async Task<List<Row>> ReadAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT nas_id, nasname, shortname, secret, require_ma FROM freeradius.nas WHERE tenant_id = $1 ORDER BY id",
            connection
        );
        command.Parameters.AddWithValue(tenant);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<Row>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new Row(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
        }

        return rows;
    }

    private async Task ReplaceAsync(string name, Row? row, CancellationToken ct)
    {
        await using var delete = new NpgsqlCommand("DELETE FROM freeradius.nas WHERE tenant_id = $1 AND nasname = $2", connection);
        delete.Parameters.AddWithValue(tenant);
        delete.Parameters.AddWithValue(name);
        await delete.ExecuteNonQueryAsync(ct);
        if (row is null)
        {
            return;
        }

        await using var insert = new NpgsqlCommand(
            "INSERT INTO freeradius.nas (tenant_id, nas_id, nasname, shortname, type, secret, require_ma) VALUES ($1, $2, $3, $4, 'other', $5, $6)",
            connection
        );
        insert.Parameters.AddWithValue(tenant);
        insert.Parameters.AddWithValue(row.NasId);
        insert.Parameters.AddWithValue(row.NasName);
        insert.Parameters.AddWithValue(row.ShortName);
        insert.Parameters.AddWithValue(row.Secret);
        insert.Parameters.AddWithValue(row.RequireMa);
        await insert.ExecuteNonQueryAsync(ct);
    }
}
