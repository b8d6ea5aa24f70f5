using System.Globalization;
using Dapper;
using Npgsql;

namespace DotMac.SystemTests.Tenancy;

/// <summary>Makes one row of every tenant table for a tenant, from the catalogue alone: new tables are covered without a line here.</summary>
public sealed class RowSeeder(Catalogue catalogue)
{
    /// <summary>Columns whose checks want more than any value of their type, as SQL.</summary>
    private static readonly Dictionary<string, string> Special = new(StringComparer.Ordinal)
    {
        ["tenants.slug"] = "'t' || substr(md5(random()::text), 1, 12)",
        ["pon_onus.serial"] = "'TEST' || upper(substr(md5(random()::text), 1, 8))",
        ["pon_onus.admin"] = "0",
        ["pon_simulated_onus.serial"] = "'TEST' || upper(substr(md5(random()::text), 1, 8))",
        ["nas.nasname"] = "('10.' || floor(random() * 250) || '.' || floor(random() * 250) || '.0/24')::cidr",
    };

    private static int number;

    /// <summary>The tables that hold tenants' rows, parents before those that refer to them; partitions are filled through their parents.</summary>
    public IReadOnlyList<CatalogueTable> Order()
    {
        var left = catalogue.Tables.Where(t => t.HasTenant && !t.IsPartition).ToList();
        var ordered = new List<CatalogueTable>();
        while (left.Count > 0)
        {
            var ready = left.Where(t =>
                    catalogue.References[t.Name].All(r => r.TargetTable == t.Name || left.TrueForAll(l => l.Name != r.TargetTable))
                )
                .ToList();
            if (ready.Count == 0)
            {
                throw new InvalidOperationException("Circular references: " + string.Join(", ", left.Select(t => t.Name)));
            }

            ordered.AddRange(ready);
            left.RemoveAll(ready.Contains);
        }

        return ordered;
    }

    /// <summary>An INSERT of one row for the tenant; what other rows it refers to must be there.</summary>
    /// <param name="owner">Reads the rows referred to.</param>
    public async Task<string> InsertSqlAsync(NpgsqlConnection owner, CatalogueTable table, Guid tenant)
    {
        var names = new List<string>();
        var values = new List<string>();
        var references = catalogue.References[table.Name].ToLookup(r => r.ColumnName);
        foreach (var column in catalogue.Columns[table.Name].Where(c => c.IsRequired || c.Name == "tenant_id"))
        {
            names.Add(column.Name);
            values.Add(
                column.Name == "tenant_id" ? $"'{tenant}'"
                : references[column.Name].FirstOrDefault(r => r.TargetTable != table.Name) is { } reference
                    ? await ReferredAsync(owner, reference, tenant)
                : Value(column)
            );
        }

        return $"INSERT INTO {table.Name} ({string.Join(", ", names)}) VALUES ({string.Join(", ", values)})";
    }

    private static async Task<string> ReferredAsync(NpgsqlConnection owner, CatalogueReference reference, Guid tenant)
    {
        var found = await owner.ExecuteScalarAsync<string>(
            $"SELECT quote_literal({reference.TargetColumn}) FROM {reference.TargetTable} WHERE tenant_id = '{tenant}' LIMIT 1"
        );
        return found ?? throw new InvalidOperationException($"No row of {reference.TargetTable} to refer to.");
    }

    private static string Value(CatalogueColumn column)
    {
        var n = Interlocked.Increment(ref number).ToString(CultureInfo.InvariantCulture);
        if (Special.TryGetValue($"{column.TableName}.{column.Name}", out var sql))
        {
            return sql;
        }

        var type = column.Type;
        return type switch
        {
            "uuid" => "gen_random_uuid()",
            "text" or "citext" => $"'x{n}'",
            "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision" => "1",
            "boolean" => "true",
            "bytea" => $"'value {n}'::bytea",
            "timestamp with time zone" => "now()",
            "date" => "current_date",
            "interval" => "interval '1 hour'",
            "inet" => "'192.0.2.1'::inet",
            "cidr" => "'192.0.2.0/24'::cidr",
            "macaddr" => "'02:00:00:00:00:01'::macaddr",
            "json" or "jsonb" => "'{}'",
            _ when type.EndsWith("[]", StringComparison.Ordinal) => $"'{{}}'::{type}",
            _ when type.StartsWith("numeric", StringComparison.Ordinal) => "1",
            _ when type.StartsWith("character", StringComparison.Ordinal) => "'x'",
            _ => throw new InvalidOperationException($"{column.TableName}.{column.Name}: no value is known for the type {type}."),
        };
    }
}
