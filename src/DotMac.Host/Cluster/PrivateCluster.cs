using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace DotMac.Host.Cluster;

/// <summary>
/// The PostgreSQL cluster that belongs to one data folder: made on first use, found again after a crash, stopped on an orderly end.
/// Loopback and its own socket only, durable settings, never as root.
/// </summary>
internal sealed class PrivateCluster
{
    private const string Superuser = "dotmac";
    private const string Database = "dotmac";

    /// <summary>The longest path a UNIX socket may have, less the name PostgreSQL appends. Source: unix(7), sun_path.</summary>
    private const int LongestSocketFolder = 107 - 18;

    /// <summary>How long a server may take to come up or go down before it is called broken; recovery after a crash is the longest.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string dataFolder;
    private readonly ServerAccount account;

    public PrivateCluster(string dataFolder)
    {
        this.dataFolder = dataFolder;
        account = ServerAccount.Choose();
    }

    private string Folder => Path.Combine(dataFolder, "postgres");
    private string PasswordFile => Path.Combine(dataFolder, "postgres.password");
    private string OwnConfiguration => Path.Combine(Folder, "dotmac.conf");

    /// <summary>False before the first start.</summary>
    public bool Exists => Directory.Exists(Folder);

    /// <summary>Makes the cluster when absent, starts it when stopped; answers the owner's connection string.</summary>
    /// <exception cref="StartRefusal">It cannot be made or started; the message says the mend.</exception>
    public async Task<string> StartAsync(CancellationToken ct)
    {
        if (await account.FaultAsync(ct) is { } fault)
        {
            throw new StartRefusal(fault);
        }

        RemoveHalfMade();
        var binaries = Directory.Exists(Folder) ? OwnBinaries() : await CreateAsync(ct);
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if (!await IsRunningAsync(binaries, ct))
                {
                    await StartServerAsync(binaries, ct);
                }

                return await EnsureDatabaseAsync(ct);
            }
            catch (Exception e) when (IsPassing(e) && TimeProvider.System.GetElapsedTime(since) < Patience)
            {
                // It was on its way up or, seen alive a moment ago, on its way down: look again.
                await Task.Delay(200, ct);
            }
        }
    }

    /// <summary>The owner's connection string of a cluster that another process has started; null when none runs.</summary>
    public async Task<string?> FindRunningAsync(CancellationToken ct) =>
        Directory.Exists(Folder) && await IsRunningAsync(OwnBinaries(), ct) ? await OwnerAsync(ct) : null;

    /// <summary>Ends every connection, writes everything down and stops.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        var (code, output) = await account.RunAsync(OwnBinaries().PgCtl, ["stop", "-D", Folder, "-m", "fast", "-w", "-t", "60", "-s"], ct);
        if (code != 0 && await IsRunningAsync(OwnBinaries(), ct))
        {
            throw new StartRefusal($"The private PostgreSQL cluster in {Folder} did not stop. {output}");
        }
    }

    private async Task StartServerAsync(PostgresBinaries binaries, CancellationToken ct)
    {
        await ConfigureAsync(ct);
        File.Delete(StartLog);
        var (code, output) = await account.RunAsync(binaries.PgCtl, ["start", "-D", Folder, "-w", "-t", "120", "-s", "-l", StartLog], ct);
        if (code != 0)
        {
            throw new StartRefusal($"The private PostgreSQL cluster in {Folder} did not start. {output}\n{Tail(StartLog)}".TrimEnd());
        }
    }

    private string StartLog => Path.Combine(Folder, "start.log");

    /// <summary>initdb works in a staging folder that is renamed when whole, so a crash never leaves half a cluster under the real name.</summary>
    private async Task<PostgresBinaries> CreateAsync(CancellationToken ct)
    {
        var binaries =
            PostgresBinaries.Find()
            ?? throw new StartRefusal($"PostgreSQL {PostgresBinaries.OldestMajor} or newer is not installed. {PostgresBinaries.Mend}");
        var staging = Path.Combine(dataFolder, $".initdb-{Guid.NewGuid():N}");
        Directory.CreateDirectory(staging, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await account.OwnAsync(staging, ct);
        var pwFile = Path.Combine(staging, "pw");
        SecretFile.Write(pwFile, Password());
        await account.OwnAsync(pwFile, ct);
        var made = Path.Combine(staging, "data");
        var (code, output) = await account.RunAsync(
            binaries.InitDb,
            [
                "-D",
                made,
                "-U",
                Superuser,
                "--auth=scram-sha-256",
                $"--pwfile={pwFile}",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--data-checksums",
            ],
            ct
        );
        if (code != 0)
        {
            Directory.Delete(staging, recursive: true);
            throw new StartRefusal($"The private PostgreSQL cluster could not be made in {dataFolder}. {output}");
        }

        await File.AppendAllTextAsync(Path.Combine(made, "postgresql.conf"), "\ninclude_if_exists 'dotmac.conf'\n", ct);
        Directory.Move(made, Folder);
        Directory.Delete(staging, recursive: true);
        return binaries;
    }

    private void RemoveHalfMade()
    {
        foreach (var left in Directory.EnumerateDirectories(dataFolder, ".initdb-*"))
        {
            Directory.Delete(left, recursive: true);
        }
    }

    private PostgresBinaries OwnBinaries()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "PG_VERSION")).Trim();
        return PostgresBinaries.FindMajor(int.Parse(text, CultureInfo.InvariantCulture))
            ?? throw new StartRefusal(
                $"{Folder} was made by PostgreSQL {text}, which is not installed. Install it with: apt-get install postgresql-{text}."
            );
    }

    private async Task<bool> IsRunningAsync(PostgresBinaries binaries, CancellationToken ct) =>
        (await account.RunAsync(binaries.PgCtl, ["status", "-D", Folder], ct)).Code == 0;

    /// <summary>Keeps the port of the last time unless another program has taken it meanwhile.</summary>
    private async Task ConfigureAsync(CancellationToken ct)
    {
        var remembered = File.Exists(OwnConfiguration)
            ? (await File.ReadAllLinesAsync(OwnConfiguration, ct))
                .Where(line => line.StartsWith("port = ", StringComparison.Ordinal))
                .Select(line => int.Parse(line["port = ".Length..], CultureInfo.InvariantCulture))
                .FirstOrDefault()
            : 0;
        var port = remembered != 0 && FreePort(remembered) != 0 ? remembered : FreePort(0);
        var sockets = Folder.Length <= LongestSocketFolder ? Folder : "";
        await File.WriteAllTextAsync(
            OwnConfiguration,
            $"""
            # Written by dotmac at every start; a change of your own belongs in postgresql.conf below the include line.
            listen_addresses = '127.0.0.1'
            port = {port.ToString(CultureInfo.InvariantCulture)}
            unix_socket_directories = '{sockets.Replace("'", "''", StringComparison.Ordinal)}'
            max_connections = 200
            password_encryption = 'scram-sha-256'
            fsync = on
            synchronous_commit = on
            full_page_writes = on
            logging_collector = on
            log_directory = 'log'
            log_filename = 'postgresql-%a.log'
            log_truncate_on_rotation = on
            log_rotation_age = 1d

            """,
            ct
        );
    }

    /// <summary>Answers the port when it can be had on loopback, 0 when not; asked for 0, any free one.</summary>
    private static int FreePort(int wanted)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, wanted);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private async Task<string> OwnerAsync(CancellationToken ct)
    {
        // Line 4 of postmaster.pid is the port the running server really uses. Source: PostgreSQL, miscadmin.h LOCK_FILE_LINE_PORT.
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, "postmaster.pid"), ct);
        return new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = int.Parse(lines[3].Trim(), CultureInfo.InvariantCulture),
            Database = Database,
            Username = Superuser,
            Password = Password(),
        }.ConnectionString;
    }

    private async Task<string> EnsureDatabaseAsync(CancellationToken ct)
    {
        var owner = await OwnerAsync(ct);
        var maintenance = new NpgsqlConnectionStringBuilder(owner) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
        await connection.OpenAsync(ct);
        await using var find = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = 'dotmac'", connection);
        await using var create = new NpgsqlCommand("CREATE DATABASE dotmac", connection);
        if (await find.ExecuteScalarAsync(ct) is null)
        {
            await create.ExecuteNonQueryAsync(ct);
        }

        return owner;
    }

    /// <summary>
    /// 57P03 "the database system is starting up", nobody listens yet, or processes of a killed server still hold its memory.
    /// </summary>
    private static bool IsPassing(Exception e) =>
        e switch
        {
            PostgresException p => p.SqlState == PostgresErrorCodes.CannotConnectNow,
            NpgsqlException n => n.InnerException is SocketException or IOException,
            StartRefusal r => r.Message.Contains("still in use", StringComparison.Ordinal),
            _ => e is FileNotFoundException,
        };

    private string Password()
    {
        if (File.Exists(PasswordFile))
        {
            return SecretFile.Read(PasswordFile);
        }

        if (Directory.Exists(Folder))
        {
            throw new StartRefusal($"{PasswordFile} is missing, and {Folder} cannot be opened without it. Restore the file from a backup.");
        }

        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        SecretFile.Write(PasswordFile, password);
        return password;
    }

    private static string Tail(string log) => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(10)) : "";
}
