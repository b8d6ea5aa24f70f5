using System.Globalization;
using System.Net;
using DotMac.Bench.Load;
using DotMac.Kernel.Secrets;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using NpgsqlTypes;

namespace DotMac.Bench.Servers;

/// <summary>
/// The published executable with all its roles on the run's PostgreSQL. Its subscribers are copied into its table while it is down, sealed
/// with its own keys as the API would seal them; it reads them at its second start.
/// </summary>
internal static class DotMacServer
{
    public const string Key = "dotmac";
    private const int MikrotikVendor = 1;

    public static Task<Server> StartAsync(Workshop workshop, PostgreSql postgres, BenchOptions options) =>
        StartAsync(workshop, postgres, options, options.Port, Key, options.Users);

    /// <param name="port">The first of three: HTTP, authentication, accounting.</param>
    /// <param name="key">Names the server, its database and its folder.</param>
    public static async Task<Server> StartAsync(
        Workshop workshop,
        PostgreSql postgres,
        BenchOptions options,
        int port,
        string key,
        int users
    )
    {
        await postgres.CreateDatabaseAsync(key);
        var data = workshop.NewFolder(key);
        var (auth, acct) = (port + 1, port + 2);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTMAC_DATA"] = data,
            ["DOTMAC_DATABASE"] = postgres.ConnectionString(key),
            ["DOTMAC_HTTP_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["DOTMAC_RADIUS_BIND"] = "127.0.0.1",
            ["DOTMAC_RADIUS_AUTH_PORT"] = auth.ToString(CultureInfo.InvariantCulture),
            ["DOTMAC_RADIUS_ACCT_PORT"] = acct.ToString(CultureInfo.InvariantCulture),
        };
        var patience = TimeSpan.FromMinutes(5);
        var process = workshop.Start(key, options.Executable, ["up"], environment);
        await workshop.WaitForAsync(key, process, "Ready  http", patience);
        await workshop.StopAsync(key, process);
        await FillAsync(postgres, key, Path.Combine(data, "keys"), users);
        process = workshop.Start(key, options.Executable, ["up"], environment);
        await workshop.WaitForAsync(key, process, "Ready  http", patience);
        return new Server(
            key,
            key,
            new IPEndPoint(IPAddress.Loopback, auth),
            new IPEndPoint(IPAddress.Loopback, acct),
            process.Id,
            UsesDatabase: true,
            Signs: true
        )
        {
            StoredAsync = () => postgres.CountAsync(key, "SELECT count(*) FROM radacct"),
            LoggedAsync = () => postgres.CountAsync(key, "SELECT count(*) FROM radpostauth"),
        };
    }

    private static async Task FillAsync(PostgreSql postgres, string database, string keys, int users)
    {
        var box = new SecretBox(DataProtectionProvider.Create(new DirectoryInfo(keys), builder => builder.SetApplicationName("dotmac")));
        await using var connection = await postgres.OpenAsync(database);
        await using var find = new NpgsqlCommand("SELECT tenant_id FROM tenants WHERE slug = 'default'", connection);
        var tenant = (Guid)(await find.ExecuteScalarAsync())!;
        var profile = Guid.CreateVersion7();
        await using var command = new NpgsqlCommand(
            """
            WITH profile AS (
                INSERT INTO radius_bandwidth_profiles (tenant_id, id, name, download_rate_kbps, upload_rate_kbps) VALUES ($1, $2, 'bench', 100000, 20000)
            )
            INSERT INTO nas (tenant_id, id, nasname, shortname, vendor, secret) VALUES ($1, $3, '127.0.0.1/32', 'bench', $4, $5)
            """,
            connection
        );
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(profile);
        command.Parameters.AddWithValue(Guid.CreateVersion7());
        command.Parameters.AddWithValue((short)MikrotikVendor);
        command.Parameters.AddWithValue(box.Seal(SecretPurpose.NasSecret, Population.Secret));
        await command.ExecuteNonQueryAsync();
        await using (
            var rows = await connection.BeginBinaryImportAsync(
                "COPY subscribers (tenant_id, id, subscriber_number, username, password, bandwidth_profile_id, framed_ipv4_address) FROM STDIN (FORMAT BINARY)"
            )
        )
        {
            for (var user = 0; user < users; user++)
            {
                await rows.StartRowAsync();
                await rows.WriteAsync(tenant, NpgsqlDbType.Uuid);
                await rows.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
                await rows.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"B-{user:0000000}"), NpgsqlDbType.Text);
                await rows.WriteAsync(Population.Username(user), NpgsqlDbType.Text);
                await rows.WriteAsync(box.Seal(SecretPurpose.SubscriberPassword, Population.Password(user)), NpgsqlDbType.Bytea);
                await rows.WriteAsync(profile, NpgsqlDbType.Uuid);
                await rows.WriteAsync(IPAddress.Parse(Population.Address(user)), NpgsqlDbType.Inet);
            }

            await rows.CompleteAsync();
        }

        await using var analyze = new NpgsqlCommand("ANALYZE subscribers", connection);
        await analyze.ExecuteNonQueryAsync();
    }
}
