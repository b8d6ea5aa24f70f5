using Dapper;
using Npgsql;

namespace DotMac.SystemTests.Tenancy;

/// <summary>One table as PostgreSQL's catalogue describes it.</summary>
public sealed class CatalogueTable
{
    public string Name { get; init; } = "";
    public string Owner { get; init; } = "";
    public bool HasTenant { get; init; }
    public bool IsTenantRequired { get; init; }
    public bool IsPartition { get; init; }
    public bool IsProtected { get; init; }
    public bool IsForced { get; init; }

    /// <summary>Policies of dotmac_app or of everybody, as <c>name|command|using|check</c>.</summary>
    public string[] Policies { get; init; } = [];
}

/// <summary>A column that an inserted row must or may name.</summary>
public sealed class CatalogueColumn
{
    public string TableName { get; init; } = "";
    public string Name { get; init; } = "";
    public string Type { get; init; } = "";
    public bool IsRequired { get; init; }
}

/// <summary>A foreign key, column by column.</summary>
public sealed class CatalogueReference
{
    public string TableName { get; init; } = "";
    public string ColumnName { get; init; } = "";
    public string TargetTable { get; init; } = "";
    public string TargetColumn { get; init; } = "";
}

/// <summary>What is in the schema, read as its owner.</summary>
public sealed class Catalogue
{
    public required IReadOnlyList<CatalogueTable> Tables { get; init; }
    public required ILookup<string, CatalogueColumn> Columns { get; init; }
    public required ILookup<string, CatalogueReference> References { get; init; }

    public static async Task<Catalogue> ReadAsync(NpgsqlConnection owner)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        var tables = await owner.QueryAsync<CatalogueTable>(
            """
            SELECT c.relname AS name, pg_get_userbyid(c.relowner) AS owner, c.relispartition AS is_partition,
                   c.relrowsecurity AS is_protected, c.relforcerowsecurity AS is_forced,
                   a.attname IS NOT NULL AS has_tenant, coalesce(a.attnotnull, false) AS is_tenant_required,
                   ARRAY(SELECT p.polname || '|' || p.polcmd::text || '|' || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || '|'
                                || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
                         FROM pg_policy p
                         WHERE p.polrelid = c.oid AND p.polroles && ARRAY[0::oid, 'dotmac_app'::regrole::oid]) AS policies
            FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            ORDER BY c.relname
            """
        );
        var columns = await owner.QueryAsync<CatalogueColumn>(
            """
            SELECT c.relname AS table_name, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
                   a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS is_required
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            ORDER BY c.relname, a.attnum
            """
        );
        var references = await owner.QueryAsync<CatalogueReference>(
            """
            SELECT c.conrelid::regclass::text AS table_name, a.attname AS column_name,
                   c.confrelid::regclass::text AS target_table, b.attname AS target_column
            FROM pg_constraint c
            CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(own, target)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own
            JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.target
            WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
            """
        );
        return new Catalogue
        {
            Tables = tables.AsList(),
            Columns = columns.ToLookup(c => c.TableName),
            References = references.ToLookup(r => r.TableName),
        };
    }
}
