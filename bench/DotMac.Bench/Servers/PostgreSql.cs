using System.Globalization;
using Npgsql;

namespace DotMac.Bench.Servers;

/// <summary>A PostgreSQL server of the run's own with its stock, durable settings; a database for each server measured.</summary>
internal sealed class PostgreSql
{
    public const string User = "bench";
    public const string Password = "bench-password";
    private readonly string bin;
    private readonly string data;

    private PostgreSql(string bin, string data, int port)
    {
        this.bin = bin;
        this.data = data;
        Port = port;
    }

    public int Port { get; }

    public int ProcessId { get; private set; }

    public static async Task<PostgreSql> StartAsync(Workshop workshop, int port)
    {
        var installed =
            Directory
                .EnumerateDirectories("/usr/lib/postgresql")
                .Where(d => File.Exists(Path.Combine(d, "bin", "initdb")))
                .MaxBy(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture))
            ?? throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql");
        var folder = workshop.NewFolder("postgres");
        var password = Path.Combine(folder, "pw");
        await File.WriteAllTextAsync(password, Password);
        if (Environment.IsPrivilegedProcess)
        {
            await Workshop.RunAsync("chown", "-R", "postgres:postgres", folder);
        }

        var server = new PostgreSql(Path.Combine(installed, "bin"), Path.Combine(folder, "data"), port);
        await server.AsAccountAsync(
            "initdb",
            "-D",
            server.data,
            "-U",
            User,
            "-A",
            "scram-sha-256",
            $"--pwfile={password}",
            "-E",
            "UTF8",
            "--locale=C.UTF-8"
        );
        var options = string.Create(
            CultureInfo.InvariantCulture,
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"
        );
        await server.AsAccountAsync(
            "pg_ctl",
            "start",
            "-D",
            server.data,
            "-w",
            "-s",
            "-l",
            Path.Combine(server.data, "log"),
            "-o",
            options
        );
        server.ProcessId = int.Parse(
            (await File.ReadAllLinesAsync(Path.Combine(server.data, "postmaster.pid")))[0],
            CultureInfo.InvariantCulture
        );
        return server;
    }

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Database = database,
            Username = User,
            Password = Password,
            Pooling = false,
        }.ConnectionString;

    public async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        return connection;
    }

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task CreateDatabaseAsync(string name)
    {
        await using var connection = await OpenAsync("postgres");
        await using var quote = new NpgsqlCommand("SELECT format('CREATE DATABASE %I', $1)", connection);
        quote.Parameters.AddWithValue(name);
        await ExecuteAsync("postgres", (string)(await quote.ExecuteScalarAsync())!);
    }

    public async Task<long> CountAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until no other client has a query running, for half a second on end: what one server left behind must not slow the next.</summary>
    public async Task SettleAsync()
    {
        await using var connection = await OpenAsync("postgres");
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()",
            connection
        );
        for (var quiet = 0; quiet < 10; quiet++)
        {
            await Task.Delay(50);
            if (Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) > 0)
            {
                quiet = 0;
            }
        }
    }

    public Task StopAsync() => AsAccountAsync("pg_ctl", "stop", "-D", data, "-m", "fast", "-w", "-s");

    private Task<string> AsAccountAsync(string program, params string[] arguments)
    {
        // The server that pg_ctl leaves behind must not hold our pipes open.
        string[] quiet =
        [
            "sh",
            "-c",
            "exec \"$@\" >\"$0\" 2>&1 </dev/null",
            Path.Combine(Path.GetDirectoryName(data)!, "out"),
            Path.Combine(bin, program),
            .. arguments,
        ];
        return Environment.IsPrivilegedProcess
            ? Workshop.RunAsync("runuser", ["-u", "postgres", "--", .. quiet])
            : Workshop.RunAsync(quiet[0], quiet[1..]);
    }
}
