using DotMac.Access;
using DotMac.Access.Aaa;
using DotMac.Access.FreeRadius;
using DotMac.Host.Health;
using DotMac.Host.OpenApi;
using DotMac.Host.Settings;
using DotMac.Host.Telemetry;
using DotMac.Host.Web;
using DotMac.Kernel;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.OutgoingHttp;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using DotMac.Network;
using DotMac.Platform;
using DotMac.Platform.Identity;
using DotMac.Platform.Tenants;
using DotMac.Radius.Dictionaries;
using Microsoft.AspNetCore.DataProtection;

namespace DotMac.Host;

/// <summary>The composition root: which parts one process is made of. One line per group in each of the three methods.</summary>
internal static class Composition
{
    /// <summary>The whole process, not started.</summary>
    public static WebApplication Build(
        HostSettings settings,
        NodeRoles roles,
        string dataFolder,
        Databases databases,
        Action<IServiceCollection>? adjust = null
    )
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "dotmac" }
        );
        // Settings come from HostSettings alone; nothing may slip in by the framework's own variables and files.
        builder.Configuration.Sources.Clear();
        builder.AddLogs(settings);
        builder.AddHttp(settings);
        var services = builder.Services;
        services.Configure<HostOptions>(options =>
        {
            // The whole end, with the cluster's, stays below five seconds. All parts stop together: a client that holds a half-sent request
            // open must not eat up the time in which the others write down what they have.
            options.ShutdownTimeout = TimeSpan.FromSeconds(2.5);
            options.ServicesStopConcurrently = true;
        });
        services.AddSingleton(databases);
        services.AddDataProtection().SetApplicationName("dotmac").PersistKeysToFileSystem(KeysFolder(settings, dataFolder));
        services.AddTelemetry(settings);
        services.AddPlatformHealth(roles);
        services.AddJsonFormat();
        services.AddDescription();
        AddGroups(services, settings, roles, dataFolder);
        adjust?.Invoke(services);

        var app = builder.Build();
        app.UseHttp(withConsole: roles.HasFlag(NodeRoles.Web));
        app.UsePlatformAuthentication();
        if (roles.HasFlag(NodeRoles.Web))
        {
            MapGroups(app);
            app.MapDescription();
            app.MapDocs();
            app.MapConsole();
        }
        else if (roles.HasFlag(NodeRoles.Aaa))
        {
            app.MapGroup("/api/v1").MapUseCases("Access", AccessModule.ForFreeRadius);
        }

        app.MapHealth();
        app.MapMetrics();
        return app;
    }

    /// <summary>What must be so before the first listener opens: the first tenant and its administrator, for example.</summary>
    /// <exception cref="StartRefusal">The administrator that the settings name cannot be made.</exception>
    public static async Task PrepareAsync(IServiceProvider services, HostSettings settings, FirstTenant? firstTenant, CancellationToken ct)
    {
        var first = await FirstStart.EnsureAsync(
            services,
            firstTenant ?? FirstTenant.Default,
            settings.AdminEmail,
            settings.AdminPassword,
            ct
        );
        if (first.Error is { } refusal)
        {
            var faults = string.Join(' ', (refusal.Faults ?? []).Select(f => $"{f.Field}: {f.Message}"));
            throw new StartRefusal($"DOTMAC_ADMIN_EMAIL, DOTMAC_ADMIN_PASSWORD: {refusal.Message} {faults}");
        }

        if (first.Value.Password is { } password)
        {
            Console.WriteLine(
                $"First administrator  {first.Value.Email}  password {password}  (shown this once; change it after signing in)"
            );
        }
    }

    private static DirectoryInfo KeysFolder(HostSettings settings, string dataFolder) =>
        Directory.CreateDirectory(
            settings.KeysFolder ?? Path.Combine(dataFolder, "keys"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );

    private static void AddGroups(IServiceCollection services, HostSettings settings, NodeRoles roles, string dataFolder)
    {
        if (settings.Dictionary is { } dictionary)
        {
            RadiusDictionary.Extend(dictionary);
        }

        services.AddSingleton(new OutgoingOptions { Allowed = settings.OutgoingAllow });
        services.AddKernel();
        services.AddPlatform(options => options.Multiply(settings.AuthRateFactor));
        services.AddAccess();
        services.AddNetwork();
        if (roles.HasFlag(NodeRoles.Worker))
        {
            services.AddHostedService<OutboxDispatcher>();
            services.AddSagaWorker();
            services.AddPlatformWorker();
            services.AddAccessWorker();
            services.AddNetworkWorker();
        }

        if (roles.HasFlag(NodeRoles.Aaa))
        {
            services.AddAccessWatch();
            services.AddAaaRole(
                new AaaOptions
                {
                    Bind = settings.RadiusBind,
                    AuthPort = settings.RadiusAuthPort,
                    AcctPort = settings.RadiusAcctPort,
                    RadSec = settings.RadSec,
                    JournalFolder = settings.JournalFolder ?? Path.Combine(dataFolder, "journal"),
                    JournalWarnBytes = settings.JournalWarnMib * 1_048_576L,
                    RejectsPerMinute = settings.RadiusRejectsPerMinute,
                    SnapshotFolder = Path.Combine(dataFolder, "snapshot"),
                    GhostGrace = TimeSpan.FromSeconds(settings.GhostGraceSeconds),
                }
            );
            services.AddFreeRadius();
        }
    }

    private static void MapGroups(WebApplication app)
    {
        app.MapJsonWebKeys();
        var api = app.MapGroup("/api/v1");
        api.MapUseCases("Platform", PlatformModule.UseCases);
        api.MapUseCases("Access", AccessModule.UseCases);
        api.MapUseCases("Network", NetworkModule.UseCases);
    }
}
