using System.Net;
using System.Net.Sockets;
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
        await using var app = Composition.Build(settings, roles, installation.DataFolder, databases, extra?.Register);
        await Composition.PrepareAsync(app.Services, settings, extra?.FirstTenant, stop);
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
        var taken = new List<string>();
        Probe(taken, "DOTMAC_HTTP_PORT", settings.HttpBind, settings.HttpPort, SocketType.Stream, "8081");
        if (roles.HasFlag(NodeRoles.Aaa))
        {
            Probe(taken, "DOTMAC_RADIUS_AUTH_PORT", settings.RadiusBind, settings.RadiusAuthPort, SocketType.Dgram, "11812");
            Probe(taken, "DOTMAC_RADIUS_ACCT_PORT", settings.RadiusBind, settings.RadiusAcctPort, SocketType.Dgram, "11813");
        }

        if (taken.Count > 0)
        {
            throw new StartRefusal(string.Join('\n', taken));
        }
    }

    private static void Probe(List<string> taken, string key, IPAddress bind, int port, SocketType type, string other)
    {
        try
        {
            using var socket = new Socket(bind.AddressFamily, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
            if (bind.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            if (type == SocketType.Stream)
            {
                // A server stopped a moment ago leaves connections in TIME_WAIT; they do not hold the port against Kestrel either.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            socket.Bind(new IPEndPoint(bind, port));
            if (type == SocketType.Stream)
            {
                socket.Listen();
            }
        }
        catch (SocketException e)
        {
            taken.Add(
                e.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse =>
                        $"{key}: port {port} is in use by another program. Stop that program, or set another port, e.g. {other}.",
                    SocketError.AccessDenied => $"{key}: this account may not open port {port}. Set a port above 1023, e.g. {other}.",
                    _ => $"{key}: port {port} cannot be opened on {bind} ({e.Message}). Set an address of this machine.",
                }
            );
        }
    }
}
