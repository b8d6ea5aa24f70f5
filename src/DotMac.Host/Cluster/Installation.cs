using System.Reflection;
using System.Security.Cryptography;
using DotMac.Host.Settings;
using DotMac.Kernel.Data.Migrations;
using Npgsql;

namespace DotMac.Host.Cluster;

/// <summary>One data folder and the database that belongs to it, taken for the length of a command.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly DataFolder? folder;
    private readonly PrivateCluster? toStop;

    private Installation(string dataFolder, DataFolder? folder, PrivateCluster? toStop, string owner)
    {
        DataFolder = dataFolder;
        this.folder = folder;
        this.toStop = toStop;
        Owner = owner;
        Roles = new DatabaseRoles(owner, RoleKey(dataFolder));
    }

    public static IReadOnlyList<Migration> Migrations { get; } = Migration.ReadEmbedded(Assembly.GetExecutingAssembly());

    public string DataFolder { get; }

    /// <summary>Connection string of the role that owns the schema.</summary>
    public string Owner { get; }

    public DatabaseRoles Roles { get; }

    /// <summary>Takes the folder for this process alone and starts the private cluster, unless another server is set.</summary>
    /// <param name="look">What else must be so before anything is started; throws a refusal when it is not.</param>
    /// <exception cref="StartRefusal">Held by another process, or the cluster does not start.</exception>
    public static async Task<Installation> OpenAsync(HostSettings settings, Action look, CancellationToken ct)
    {
        var path = await Cluster.DataFolder.ResolveAsync(settings, ct);
        if (!string.Equals(path, settings.DataFolder, StringComparison.Ordinal))
        {
            await Console.Error.WriteLineAsync(
                $"{settings.DataFolder} cannot be reached by the account postgres: the data is kept in {path} instead (DOTMAC_DATA chooses another place)."
            );
        }

        var taken = Cluster.DataFolder.Take(path);
        try
        {
            look();
            if (settings.Database is { } own)
            {
                return new Installation(path, taken, null, own);
            }

            var cluster = new PrivateCluster(path);
            return new Installation(path, taken, cluster, await cluster.StartAsync(ct));
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>For commands that may run beside a running platform: joins its database, or opens the installation when none runs.</summary>
    public static async Task<Installation> JoinAsync(HostSettings settings, CancellationToken ct)
    {
        var path = await Cluster.DataFolder.ResolveAsync(settings, ct);
        if (settings.Database is { } own)
        {
            Directory.CreateDirectory(path);
            return new Installation(path, null, null, own);
        }

        return await new PrivateCluster(path).FindRunningAsync(ct) is { } owner
            ? new Installation(path, null, null, owner)
            : await OpenAsync(settings, () => { }, ct);
    }

    /// <summary>Makes the roles and applies what is missing of the schema; answers the files applied now.</summary>
    public async Task<IReadOnlyList<Migration>> PrepareAsync(CancellationToken ct)
    {
        await EnsureDatabaseAsync(ct);
        await Roles.EnsureAsync(ct);
        return await new Migrator(Migrations).MigrateAsync(Owner, ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (toStop is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await toStop.StopAsync(CancellationToken.None);
        }

        folder?.Dispose();
    }

    /// <summary>A database that is named but absent is made, when the owner may.</summary>
    private async Task EnsureDatabaseAsync(CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(Owner) { Pooling = false };
        try
        {
            await using var probe = new NpgsqlConnection(settings.ConnectionString);
            await probe.OpenAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            var name = settings.Database!;
            settings.Database = "postgres";
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(ct);
            try
            {
                // CREATE DATABASE takes no parameters: the server itself quotes the name into the statement.
                await using var quote = new NpgsqlCommand("SELECT format('CREATE DATABASE %I', $1)", connection)
                {
                    Parameters = { new() { Value = name } },
                };
                await using var create = new NpgsqlCommand((string)(await quote.ExecuteScalarAsync(ct))!, connection);
                await create.ExecuteNonQueryAsync(ct);
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                throw new StartRefusal(
                    $"DOTMAC_DATABASE: the database \"{name}\" does not exist and \"{settings.Username}\" may not make it. As a superuser run: CREATE DATABASE \"{name}\" OWNER \"{settings.Username}\";",
                    refused
                );
            }
        }
    }

    private static byte[] RoleKey(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "roles.key");
        if (!File.Exists(path))
        {
            SecretFile.Write(path, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }

        return Convert.FromHexString(SecretFile.Read(path));
    }
}
