using System.Net;
using DotMac.Host.Cluster;
using DotMac.Host.Health;
using DotMac.Host.Settings;
using DotMac.Kernel.Data;
using DotMac.Kernel.Data.Migrations;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DotMac.Host;

/// <summary>One running process of the platform, from the data folder's lock to the last connection.</summary>
internal static class Node
{
    /// <summary>Runs until a signal; answers the exit code.</summary>
    /// <exception cref="StartRefusal">Something the operator can mend.</exception>
    public static async Task<int> RunAsync(
        HostSettings settings,
        NodeRoles roles,
        bool migrate,
        CancellationToken stop,
        NodeExtra? extra = null
    )
    {
        await using var installation = await Installation.OpenAsync(settings, () => RefuseTakenPorts(settings, roles), stop);
        if (migrate)
        {
            foreach (var migration in await installation.PrepareAsync(stop))
            {
                Console.WriteLine($"Applied {migration.FileName}");
            }
        }

        await using var databases = new Databases(
            installation.Roles.ConnectionString(DatabaseRoles.App, 60),
            installation.Roles.ConnectionString(DatabaseRoles.Aaa, 30),
            installation.Roles.ConnectionString(DatabaseRoles.Platform, 20)
        );
        var away = !migrate && await IsAwayAsync(databases, roles, installation.DataFolder, stop);
        await using var app = Composition.Build(settings, roles, installation.DataFolder, databases, extra?.Register);
        if (!away)
        {
            await Composition.PrepareAsync(app.Services, settings, extra?.FirstTenant, stop);
        }

        if (extra?.OnPrepared is { } prepared)
        {
            await prepared(app.Services, stop);
        }

        await app.StartAsync(stop);
        await ReadyAsync(app.Services, stop);
        Console.WriteLine(ReadyLine(settings, roles, installation.DataFolder));
        if (extra?.Greeting is { } greeting)
        {
            Console.WriteLine(greeting);
        }

        await app.WaitForShutdownAsync(stop);
        return ExitCodes.Ok;
    }

    /// <summary>
    /// Whether RADIUS is served without the database for now: it does not answer, and a snapshot image is there (so the installation was
    /// prepared before). A database that answers must have this build's schema.
    /// </summary>
    private static async Task<bool> IsAwayAsync(Databases databases, NodeRoles roles, string dataFolder, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            if (await new Migrator(Installation.Migrations).FaultAsync(databases.Platform, patience.Token) is { } fault)
            {
                throw new StartRefusal($"{fault} Run: dotmac migrate");
            }

            return false;
        }
        catch (Exception e)
            when (e is Npgsql.NpgsqlException or OperationCanceledException or TimeoutException
                && !stop.IsCancellationRequested
                && roles.HasFlag(NodeRoles.Aaa)
                && File.Exists(Path.Combine(dataFolder, "snapshot", "aaa.image"))
            )
        {
            Console.WriteLine($"The database does not answer ({e.Message}): RADIUS is served from the snapshot image until it does.");
            return true;
        }
    }

    /// <summary>Returns when every readiness check holds: "Ready" is said when it is so, not when it is hoped for.</summary>
    private static async Task ReadyAsync(IServiceProvider services, CancellationToken stop)
    {
        var health = services.GetRequiredService<HealthCheckService>();
        while ((await health.CheckHealthAsync(check => check.Tags.Contains(HealthEndpoints.Ready), stop)).Status == HealthStatus.Unhealthy)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), stop);
        }
    }

    private static string ReadyLine(HostSettings settings, NodeRoles roles, string dataFolder)
    {
        var any = settings.HttpBind.Equals(IPAddress.Any) || settings.HttpBind.Equals(IPAddress.IPv6Any);
        var address = new IPEndPoint(any ? IPAddress.Loopback : settings.HttpBind, settings.HttpPort);
        var radius = roles.HasFlag(NodeRoles.Aaa) ? $"RADIUS {settings.RadiusAuthPort}/{settings.RadiusAcctPort} udp, " : "";
        return $"Ready  http://{address}  ({radius}data {dataFolder})";
    }

    /// <summary>A taken port is said before anything is started; a port lost after this look still stops the start.</summary>
    private static void RefuseTakenPorts(HostSettings settings, NodeRoles roles)
    {
        var taken = PortProbe
            .All(settings, roles)
            .Where(port => port.Fault is not null)
            .Select(port => $"{port.What.Split(':')[0]}: {port.Fault}")
            .ToList();
        if (taken.Count > 0)
        {
            throw new StartRefusal(string.Join('\n', taken));
        }
    }
}
