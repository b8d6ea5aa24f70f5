using System.CommandLine;
using System.Globalization;
using Dapper;
using DotMac.Access.FreeRadius;
using DotMac.Access.FreeRadius.Config;
using DotMac.Host.Cluster;
using DotMac.Host.Settings;
using DotMac.Kernel.Data;
using DotMac.Kernel.Data.Migrations;
using DotMac.Kernel.UseCases;
using DotMac.Platform.Identity;
using Npgsql;

namespace DotMac.Host.Commands;

/// <summary>What belongs to a FreeRADIUS beside the platform: its configuration, and the tables it reads.</summary>
internal static class FreeRadiusCommand
{
    private const string CallerName = "dotmac freeradius";

    public static Command Create() =>
        new("freeradius", "FreeRADIUS in front of the platform: write its configuration, compare and mend the tables it reads.")
        {
            FreeRadiusConfigOptions.Create(ConfigAsync),
            CreateReconcile(),
        };

    private static Command CreateReconcile()
    {
        var tenant = new Option<string?>("--tenant")
        {
            Description = "Slug of the tenant; all that use the projection when it is left out.",
        };
        var check = new Option<bool>("--check") { Description = "Tell what differs and change nothing; exit code 1 when something does." };
        var command = new Command("reconcile", "Compare radcheck, radreply and nas with what they stand for, and mend what differs.")
        {
            tenant,
            check,
        };
        command.SetAction(
            (parsed, _) => Cli.RunAsync((settings, ct) => ReconcileAsync(settings, parsed.GetValue(tenant), parsed.GetValue(check), ct))
        );
        return command;
    }

    private static async Task<int> ReconcileAsync(HostSettings settings, string? slug, bool check, CancellationToken ct)
    {
        await using var installation = await Installation.JoinAsync(settings, ct);
        await using var databases = Open(installation);
        await using var app = Composition.Build(settings, NodeRoles.None, installation.DataFolder, databases);
        var found = 0;
        foreach (var (id, name) in await TenantsAsync(databases, slug, ct))
        {
            var drift = check
                ? await RunAsync<GetFreeRadiusDrift.Command, Drift>(app.Services, id, new(), ct)
                : await RunAsync<RepairFreeRadius.Command, Drift>(app.Services, id, new(), ct);
            found += drift.Total;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}: {drift.Logins} logins compared, {drift.Total} differ{(drift.Repaired ? "ed, mended" : "")}"
                )
            );
            foreach (var item in drift.Items)
            {
                Console.WriteLine($"  {item.Table} {item.Name}: {item.Problem} ({string.Join(", ", item.Attributes)})");
            }
        }

        return check && found > 0 ? ExitCodes.Failure : ExitCodes.Ok;
    }

    private static async Task<int> ConfigAsync(HostSettings settings, FreeRadiusConfigOptions asked, CancellationToken ct)
    {
        await using var installation = await Installation.JoinAsync(settings, ct);
        await using var databases = Open(installation);
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        var tenant =
            await connection.QuerySingleOrDefaultAsync<Guid?>("SELECT tenant_id FROM tenants WHERE slug = @Tenant", new { asked.Tenant })
            ?? throw new StartRefusal($"--tenant: there is no tenant \"{asked.Tenant}\".", ExitCodes.Usage);
        var options =
            asked.Way == FreeRadiusWay.Rest
                ? asked.ToDirectory(settings) with
                {
                    Secret = asked.ApiKey ?? await NewKeyAsync(settings, installation, databases, tenant, ct),
                }
                : await WithDatabaseAsync(asked.ToDirectory(settings), installation, databases, tenant, ct);
        foreach (var file in ConfigDirectory.Write(options))
        {
            Console.WriteLine(Path.Combine(options.Folder, file));
        }

        Console.WriteLine($"Check it: freeradius -CX -d {options.Folder}");
        return ExitCodes.Ok;
    }

    private static async Task<string> NewKeyAsync(
        HostSettings settings,
        Installation installation,
        Databases databases,
        Guid tenant,
        CancellationToken ct
    )
    {
        await using var app = Composition.Build(settings, NodeRoles.None, installation.DataFolder, databases);
        var at = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var name = string.Create(CultureInfo.InvariantCulture, $"freeradius {at:yyyy-MM-dd HH:mm:ss.fff}");
        var command = new CreateApiKey.Command(name, ["isp.radius.write"], ExpiresAt: null);
        var made = await RunAsync<CreateApiKey.Command, CreateApiKey.Response>(app.Services, tenant, command, ct);
        Console.WriteLine($"Made the API key \"{name}\" ({made.Prefix}); delete those of directories that are no longer used.");
        return made.Key;
    }

    /// <summary>The tenant's login role: made when it is absent, let into the tenant's schema, and signed in with here.</summary>
    private static async Task<ConfigDirectoryOptions> WithDatabaseAsync(
        ConfigDirectoryOptions options,
        Installation installation,
        Databases databases,
        Guid tenant,
        CancellationToken ct
    )
    {
        (string Schema, string Role)? names;
        await using (var connection = await databases.Aaa.OpenConnectionAsync(ct))
        {
            names = await connection.QuerySingleOrDefaultAsync<(string, string)?>(
                "SELECT schema_name, role_name FROM freeradius.settings WHERE tenant_id = @tenant AND enabled",
                new { tenant }
            );
        }

        if (names is not var (schema, role))
        {
            throw new StartRefusal(
                "The projection for FreeRADIUS's SQL module is off for this tenant, because it holds clear passwords. Switch it on first: "
                    + "PUT /api/v1/radius/freeradius {\"enabled\":true}"
            );
        }

        await installation.Roles.EnsureAsync([role], ct);
        await using (var owner = new NpgsqlConnection(installation.Owner))
        {
            await owner.ExecuteAsync("CALL freeradius.admit(@schema, @role)", new { schema, role });
        }

        var login = new NpgsqlConnectionStringBuilder(installation.Roles.ConnectionString(role, 1));
        return options with
        {
            DatabaseHost = login.Host!,
            DatabasePort = login.Port,
            DatabaseName = login.Database!,
            DatabaseRole = role,
            Secret = login.Password!,
        };
    }

    private static async Task<List<(Guid Id, string Slug)>> TenantsAsync(Databases databases, string? slug, CancellationToken ct)
    {
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        var found = await connection.QueryAsync<(Guid, string)>(
            new CommandDefinition(
                """
                SELECT t.tenant_id, t.slug FROM tenants t JOIN freeradius.settings s ON s.tenant_id = t.tenant_id
                WHERE s.enabled AND (@slug::text IS NULL OR t.slug = @slug) ORDER BY t.slug
                """,
                new { slug },
                cancellationToken: ct
            )
        );
        return found.ToList() is { Count: > 0 } tenants || slug is null
            ? found.ToList()
            : throw new StartRefusal($"--tenant: \"{slug}\" is no tenant that has the projection switched on.", ExitCodes.Usage);
    }

    private static async Task<TResponse> RunAsync<TCommand, TResponse>(
        IServiceProvider services,
        Guid tenant,
        TCommand command,
        CancellationToken ct
    )
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, CallerName);
        var result = await scope.ServiceProvider.GetRequiredService<IHandle<TCommand, TResponse>>().Handle(command, ct);
        return result.Error is { } refusal ? throw new StartRefusal($"{refusal.Code}: {refusal.Message}") : result.Value;
    }

    private static Databases Open(Installation installation) =>
        new(
            installation.Roles.ConnectionString(DatabaseRoles.App, 4),
            installation.Roles.ConnectionString(DatabaseRoles.Aaa, 4),
            installation.Roles.ConnectionString(DatabaseRoles.Platform, 4)
        );
}
