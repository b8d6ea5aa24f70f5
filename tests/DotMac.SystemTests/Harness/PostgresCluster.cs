using System.Globalization;
using DotMac.Host.Cluster;
using DotMac.Kernel.Data.Migrations;
using Npgsql;

namespace DotMac.SystemTests.Harness;

/// <summary>A throw-away PostgreSQL server; one is shared by the whole run. Fast instead of durable.</summary>
public sealed class PostgresCluster
{
    public const string Password = "test-owner-password";
    private static readonly Lazy<Task<PostgresCluster>> Once = new(() => StartAsync());
    private readonly Lazy<Task> template;
    private readonly string folder;
    private readonly PostgresBinaries binaries;
    private readonly ServerAccount account;

    private PostgresCluster(string folder, int port, PostgresBinaries binaries, ServerAccount account)
    {
        this.folder = folder;
        Port = port;
        this.binaries = binaries;
        this.account = account;
        template = new Lazy<Task>(CreateTemplateAsync);
    }

    public int Port { get; }

    public static Task<PostgresCluster> SharedAsync() => Once.Value;

    /// <summary>A server for one test alone, for tests that stop it or look at its roles.</summary>
    public static async Task<PostgresCluster> StartAsync()
    {
        var binaries =
            PostgresBinaries.Find()
            ?? throw new InvalidOperationException("PostgreSQL is not installed: apt-get install --no-install-recommends postgresql");
        var account = ServerAccount.Choose();
        var folder = Workspace.NewFolder("pg");
        await account.OwnAsync(folder, default);
        var password = Path.Combine(folder, "pw");
        await File.WriteAllTextAsync(password, Password + "\n");
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var data = Path.Combine(folder, "data");
        await MustAsync(
            account,
            binaries.InitDb,
            "-D",
            data,
            "-U",
            "owner",
            "--auth=scram-sha-256",
            $"--pwfile={password}",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C.UTF-8"
        );
        var cluster = new PostgresCluster(folder, Ports.Tcp(), binaries, account);
        await cluster.StartServerAsync();
        return cluster;
    }

    /// <summary>The owner's connection string of a database in this server.</summary>
    public string ConnectionString(string database) => ConnectionString(database, "owner", Password);

    public string ConnectionString(string database, string role, string password) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Database = database,
            Username = role,
            Password = password,
            Pooling = false,
        }.ConnectionString;

    public async Task StartServerAsync()
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        var options =
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off "
            + "-c full_page_writes=off -c shared_buffers=64MB -c max_connections=300";
        await MustAsync(account, binaries.PgCtl, "start", "-D", Data, "-w", "-s", "-l", Path.Combine(Data, "log"), "-o", options);
    }

    /// <summary>By <c>pg_ctl stop</c>; the mode immediate is a crash.</summary>
    public Task StopServerAsync(string mode = "fast") => MustAsync(account, binaries.PgCtl, "stop", "-D", Data, "-m", mode, "-w", "-s");

    /// <summary>An empty database.</summary>
    public async Task<string> CreateEmptyAsync()
    {
        var name = "e_" + Guid.NewGuid().ToString("N")[..12];
        await ExecuteAsync("postgres", "CREATE DATABASE " + name);
        return name;
    }

    /// <summary>A copy of the migrated template.</summary>
    public async Task<string> CreateMigratedAsync()
    {
        await template.Value;
        var name = "t_" + Guid.NewGuid().ToString("N")[..12];
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE migrated STRATEGY file_copy");
        return name;
    }

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of each row, as text.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await rows.ReadAsync())
        {
            found.Add(Convert.ToString(rows.GetValue(0), CultureInfo.InvariantCulture)!);
        }

        return found;
    }

    /// <summary>Stops the server at once and forgets its data.</summary>
    public async Task RemoveAsync()
    {
        await account.RunAsync(binaries.PgCtl, ["stop", "-D", Data, "-m", "immediate", "-w", "-s"], default);
        Directory.Delete(folder, recursive: true);
    }

    private string Data => Path.Combine(folder, "data");

    private async Task CreateTemplateAsync()
    {
        await ExecuteAsync("postgres", "CREATE DATABASE migrated");
        var owner = ConnectionString("migrated");
        await new DatabaseRoles(owner, default).EnsureAsync(default);
        await new Migrator(Installation.Migrations).MigrateAsync(owner, default);
    }

    private static async Task MustAsync(ServerAccount account, string program, params string[] arguments)
    {
        var (code, output) = await account.RunAsync(program, arguments, default);
        if (code != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}: {output}");
        }
    }
}
