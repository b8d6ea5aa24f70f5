using Dapper;
using DotMac.Kernel.Data.Migrations;
using DotMac.SystemTests.Harness;
using Npgsql;

namespace DotMac.SystemTests.Tenancy;

/// <summary>
/// Walks every table of the catalogue and tries, as the application's database role pinned to one tenant, to read and write another
/// tenant's rows. Answers what it managed to do: an empty list is the proof.
/// </summary>
public sealed class IsolationWalk(TestDatabase database)
{
    private const string Denied = PostgresErrorCodes.InsufficientPrivilege;

    /// <summary>Tables that belong to no tenant, and why that is right.</summary>
    public static readonly IReadOnlyDictionary<string, string> WithoutTenant = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["schema_migrations"] = "which schema files were applied; only the owner touches it",
        ["signing_keys"] = "keys of the platform's access tokens, sealed; only dotmac_platform reads them",
        ["decision_codes"] = "which number stands for which reason; holds no tenant's fact",
        ["journal_positions"] = "how far each AAA node's accounting journal was projected; holds no tenant's fact",
    };

    /// <summary>Tenant tables that the walk cannot put a row into, and why. Empty, and best kept so.</summary>
    public static readonly IReadOnlyDictionary<string, string> NotSeeded = new Dictionary<string, string>(StringComparer.Ordinal);

    private readonly List<string> faults = [];
    private readonly Guid mine = Guid.CreateVersion7();
    private readonly Guid theirs = Guid.CreateVersion7();

    /// <summary>How many tables were attacked.</summary>
    public int Attacked { get; private set; }

    public async Task<IReadOnlyList<string>> RunAsync()
    {
        await using var owner = new NpgsqlConnection(database.Owner);
        await owner.OpenAsync();
        var catalogue = await Catalogue.ReadAsync(owner);
        foreach (var table in catalogue.Tables)
        {
            CheckForm(table);
        }

        var seeder = new RowSeeder(catalogue);
        foreach (var table in seeder.Order().Where(t => !NotSeeded.ContainsKey(t.Name)))
        {
            await SeedAsync(owner, seeder, table);
        }

        await using var app = new NpgsqlConnection(database.ConnectionString(DatabaseRoles.App));
        await app.OpenAsync();
        foreach (var table in catalogue.Tables.Where(t => t.HasTenant))
        {
            Attacked++;
            // A partition is attacked directly too; a row is put into it through its parent.
            var insert = table.IsPartition ? null : await TrySqlAsync(owner, seeder, table);
            await AttackAsync(app, table, insert, mine);
            await AttackAsync(app, table, insert, null);
        }

        return faults;
    }

    private void CheckForm(CatalogueTable table)
    {
        if (table.Owner is DatabaseRoles.App or DatabaseRoles.Aaa or DatabaseRoles.Platform)
        {
            faults.Add($"{table.Name}: owned by {table.Owner}");
        }

        if (!table.HasTenant)
        {
            if (!WithoutTenant.ContainsKey(table.Name))
            {
                faults.Add($"{table.Name}: has no tenant_id and is not on the list of tables that need none");
            }

            return;
        }

        if (!table.IsTenantRequired)
        {
            faults.Add($"{table.Name}: tenant_id may be null");
        }

        if (!table.IsProtected || !table.IsForced)
        {
            faults.Add($"{table.Name}: row security is not {(table.IsProtected ? "forced" : "enabled")}");
        }

        const string Pinned = "pinned_tenant|*|(tenant_id = current_tenant())|(tenant_id = current_tenant())";
        // A partition is reached through its parent; without a policy of its own it shows nothing when it is named directly.
        if (table.IsPartition && table.Policies.Length == 0)
        {
            return;
        }

        if (table.Policies.Length != 1 || table.Policies[0] != Pinned)
        {
            faults.Add($"{table.Name}: its policies for dotmac_app are not the one of isolate(): {string.Join("; ", table.Policies)}");
        }
    }

    private async Task SeedAsync(NpgsqlConnection owner, RowSeeder seeder, CatalogueTable table)
    {
        try
        {
            await owner.ExecuteAsync(await seeder.InsertSqlAsync(owner, table, mine));
            await owner.ExecuteAsync(await seeder.InsertSqlAsync(owner, table, theirs));
        }
        catch (Exception e) when (e is PostgresException or InvalidOperationException)
        {
            faults.Add($"{table.Name}: no row could be seeded ({e.Message})");
        }
    }

    private async Task<string?> TrySqlAsync(NpgsqlConnection owner, RowSeeder seeder, CatalogueTable table)
    {
        try
        {
            return await seeder.InsertSqlAsync(owner, table, theirs);
        }
        catch (InvalidOperationException)
        {
            return null; // reported when it was seeded
        }
    }

    private async Task AttackAsync(NpgsqlConnection app, CatalogueTable table, string? insert, Guid? pinned)
    {
        var who = pinned is null ? "with no tenant pinned" : "pinned to another tenant";
        if (await TryAsync(app, pinned, $"SELECT count(*) FROM {table.Name} WHERE tenant_id = '{theirs}'") is > 0)
        {
            faults.Add($"{table.Name}: {who}, a tenant's rows can be read");
        }

        if (pinned is null && await TryAsync(app, null, $"SELECT count(*) FROM {table.Name}") is > 0)
        {
            faults.Add($"{table.Name}: rows can be read {who}");
        }

        foreach (var set in await UpdatableAsync(app, table.Name))
        {
            if (await TryAsync(app, pinned, $"UPDATE {table.Name} SET {set} = {set} WHERE tenant_id = '{theirs}'", isWrite: true) is > 0)
            {
                faults.Add($"{table.Name}: {who}, a tenant's rows can be updated");
            }
        }

        if (await TryAsync(app, pinned, $"DELETE FROM {table.Name} WHERE tenant_id = '{theirs}'", isWrite: true) is > 0)
        {
            faults.Add($"{table.Name}: {who}, a tenant's rows can be deleted");
        }

        if (await TryAsync(app, pinned, $"UPDATE {table.Name} SET tenant_id = '{theirs}'", isWrite: true) is > 0)
        {
            faults.Add($"{table.Name}: {who}, rows can be given to another tenant");
        }

        if (insert is not null && await TryAsync(app, pinned, insert, isWrite: true, isInsert: true) is { } inserted)
        {
            faults.Add($"{table.Name}: {who}, the insert of a tenant's row was not refused ({inserted})");
        }
    }

    /// <summary>Rows read or written; null when PostgreSQL refused for want of a right. An insert must be refused for that reason and no other.</summary>
    private async Task<long?> TryAsync(NpgsqlConnection app, Guid? pinned, string sql, bool isWrite = false, bool isInsert = false)
    {
        await using var transaction = await app.BeginTransactionAsync();
        if (pinned is not null)
        {
            await app.ExecuteAsync("SELECT set_config('app.tenant_id', @id, true)", new { id = pinned.ToString() }, transaction);
        }

        try
        {
            return isWrite
                ? await app.ExecuteAsync(sql, transaction: transaction)
                : await app.ExecuteScalarAsync<long>(sql, transaction: transaction);
        }
        catch (PostgresException e) when (e.SqlState == Denied)
        {
            return null;
        }
        catch (PostgresException e) when (isInsert)
        {
            faults.Add($"the insert was refused only by {e.SqlState}: {e.MessageText}");
            return null;
        }
    }

    private static async Task<IReadOnlyList<string>> UpdatableAsync(NpgsqlConnection app, string table) =>
        (
            await app.QueryAsync<string>(
                """
                SELECT a.attname FROM pg_attribute a
                WHERE a.attrelid = @table::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                  AND has_column_privilege(a.attrelid, a.attnum, 'UPDATE') AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
                LIMIT 1
                """,
                new { table }
            )
        ).AsList();
}
