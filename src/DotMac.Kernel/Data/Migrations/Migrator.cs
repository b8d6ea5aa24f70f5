using System.Globalization;
using Npgsql;

namespace DotMac.Kernel.Data.Migrations;

/// <summary>Brings a database to the schema this build was made for.</summary>
/// <remarks>
/// <para><b>Effects:</b> each file runs in a transaction of its own together with its row in <c>schema_migrations</c>; one process at a time
/// (advisory lock), so many nodes may start at once. Running it again does nothing.</para>
/// <para><b>Errors:</b> <see cref="MigrationRefused"/> when an applied file was changed, is missing, or its SQL fails; nothing of the
/// refused file remains.</para>
/// </remarks>
public sealed class Migrator(IReadOnlyList<Migration> migrations)
{
    /// <summary>Any constant will do, as long as nothing else in this database uses it.</summary>
    private const long LockKey = 0x646F746D61630001;

    /// <summary>Applies what is missing; answers the files applied now.</summary>
    /// <param name="owner">Connection string of the role that owns the schema.</param>
    /// <exception cref="MigrationRefused">Named file and reason.</exception>
    public async Task<IReadOnlyList<Migration>> MigrateAsync(string owner, CancellationToken ct)
    {
        // No pooling: the session lock must end with the connection, whatever happens.
        var settings = new NpgsqlConnectionStringBuilder(owner) { Pooling = false, CommandTimeout = 0 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(ct);
        await RunAsync(connection, "SELECT pg_advisory_lock($1)", ct, LockKey);
        await RunAsync(
            connection,
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version integer PRIMARY KEY,
                name text NOT NULL,
                sha256 text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """,
            ct
        );
        await GrantReadAsync(connection, ct);
        var applied = await AppliedAsync(connection, ct);
        if (Drift(migrations, applied) is { } drift)
        {
            throw new MigrationRefused(drift);
        }

        var pending = migrations.Where(migration => !applied.ContainsKey(migration.Version)).ToList();
        foreach (var migration in pending)
        {
            await ApplyAsync(connection, migration, ct);
        }

        return pending;
    }

    /// <summary>Null when the database has exactly this build's schema or a newer one that contains it; else what is missing or wrong.</summary>
    /// <param name="reader">Any role of <see cref="DatabaseRoles"/>.</param>
    public async Task<string?> FaultAsync(NpgsqlDataSource reader, CancellationToken ct)
    {
        await using var connection = await reader.OpenConnectionAsync(ct);
        Dictionary<int, (string Name, string Sha256)> applied;
        try
        {
            applied = await AppliedAsync(connection, ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege)
        {
            return "The schema was never migrated.";
        }

        var missing = migrations.FirstOrDefault(migration => !applied.ContainsKey(migration.Version));
        return missing is not null ? $"{missing.FileName} is not applied."
            : migrations.FirstOrDefault(m => !string.Equals(applied[m.Version].Sha256, m.Sha256, StringComparison.Ordinal)) is { } changed
                ? $"{changed.FileName} differs from what was applied."
            : null;
    }

    /// <summary>The pure decision: null when every applied row still has its file, unchanged.</summary>
    internal static string? Drift(IReadOnlyList<Migration> migrations, IReadOnlyDictionary<int, (string Name, string Sha256)> applied)
    {
        var known = migrations.ToDictionary(migration => migration.Version);
        foreach (var (version, row) in applied.OrderBy(pair => pair.Key))
        {
            var file = $"{version.ToString("0000", CultureInfo.InvariantCulture)}_{row.Name}.sql";
            if (!known.TryGetValue(version, out var migration))
            {
                return $"db/{file} was applied to this database but is not part of this build. Start a build that has it: this one is older.";
            }

            if (!string.Equals(migration.Sha256, row.Sha256, StringComparison.Ordinal))
            {
                return $"db/{migration.FileName} was changed after it was applied to this database (as {file}). "
                    + "Restore the file as it was and put the change into a new one.";
            }
        }

        return null;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await using (var script = new NpgsqlCommand(migration.Sql, connection, transaction))
            {
                await script.ExecuteNonQueryAsync(ct);
            }

            await RunAsync(
                connection,
                "INSERT INTO schema_migrations (version, name, sha256) VALUES ($1, $2, $3)",
                ct,
                migration.Version,
                migration.Name,
                migration.Sha256
            );
            await transaction.CommitAsync(ct);
        }
        catch (PostgresException e)
        {
            var line = e.Position > 0 ? $" (line {LineOf(migration.Sql, e.Position).ToString(CultureInfo.InvariantCulture)})" : "";
            throw new MigrationRefused(
                $"db/{migration.FileName}{line} failed: {e.MessageText} [{e.SqlState}]. {e.Detail} {e.Hint}".TrimEnd(),
                e
            );
        }
    }

    private static int LineOf(string sql, int position) => 1 + sql.AsSpan(0, Math.Min(position - 1, sql.Length)).Count('\n');

    private static async Task<Dictionary<int, (string Name, string Sha256)>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT version, name, sha256 FROM schema_migrations", connection);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var applied = new Dictionary<int, (string, string)>();
        while (await rows.ReadAsync(ct))
        {
            applied.Add(rows.GetInt32(0), (rows.GetString(1), rows.GetString(2)));
        }

        return applied;
    }

    private static Task GrantReadAsync(NpgsqlConnection connection, CancellationToken ct) =>
        RunAsync(connection, "GRANT SELECT ON schema_migrations TO dotmac_app, dotmac_aaa, dotmac_platform", ct);

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>The schema cannot be brought up to date; the message names the file and the mend.</summary>
public sealed class MigrationRefused : Exception
{
    public MigrationRefused()
        : this("The migration was refused.") { }

    public MigrationRefused(string message)
        : base(message) { }

    public MigrationRefused(string message, Exception inner)
        : base(message, inner) { }
}
