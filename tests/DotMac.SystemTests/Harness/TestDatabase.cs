using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Data.Migrations;
using Npgsql;

namespace DotMac.SystemTests.Harness;

/// <summary>A migrated database of one test class, copied from the template in a blink; as a class fixture or by <see cref="CreateAsync"/>.</summary>
public sealed class TestDatabase : IAsyncLifetime, IAsyncDisposable
{
    private PostgresCluster? cluster;
    private Databases? databases;

    public string Name { get; private set; } = "";

    /// <summary>Puts it on a server of its own instead of the shared one; before <see cref="InitializeAsync"/>.</summary>
    public void PutOn(PostgresCluster own) => cluster = own;

    /// <summary>Connection string of the owner (a superuser here): for arranging and looking, never for what is tested.</summary>
    public string Owner { get; private set; } = "";

    /// <summary>The three restricted roles, as the platform uses them.</summary>
    public Databases Databases =>
        databases ??= new Databases(
            ConnectionString(DatabaseRoles.App),
            ConnectionString(DatabaseRoles.Aaa),
            ConnectionString(DatabaseRoles.Platform)
        );

    public static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        return database;
    }

    public async Task InitializeAsync()
    {
        cluster ??= await PostgresCluster.SharedAsync();
        Name = await cluster.CreateMigratedAsync();
        Owner = cluster.ConnectionString(Name);
    }

    /// <summary>As one of <see cref="DatabaseRoles"/>' roles.</summary>
    public string ConnectionString(string role) => new DatabaseRoles(Owner, default).ConnectionString(role, 10);

    /// <summary>Runs a statement as the owner.</summary>
    public async Task<int> ExecuteAsync(string sql, object? values = null)
    {
        await using var connection = new NpgsqlConnection(Owner);
        return await connection.ExecuteAsync(sql, values);
    }

    /// <summary>Reads rows as the owner.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? values = null)
    {
        await using var connection = new NpgsqlConnection(Owner);
        return (await connection.QueryAsync<T>(sql, values)).ToList();
    }

    public async Task<T?> ScalarAsync<T>(string sql, object? values = null)
    {
        await using var connection = new NpgsqlConnection(Owner);
        return await connection.ExecuteScalarAsync<T>(sql, values);
    }

    public async Task DisposeAsync()
    {
        if (databases is not null)
        {
            await databases.DisposeAsync();
        }

        if (cluster is not null)
        {
            await cluster.ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
        }
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());
}
