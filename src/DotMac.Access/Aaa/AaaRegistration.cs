using DotMac.Access.Aaa.Accounting;
using DotMac.Access.Aaa.Proxy;
using DotMac.Access.Aaa.Snapshot;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Aaa;

public static class AaaRegistration
{
    /// <summary>The RADIUS server: snapshot, listeners, journal and its projection. Its health check is named <c>radius</c> and decides readiness.</summary>
    public static IServiceCollection AddAaaRole(this IServiceCollection services, AaaOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<AaaSnapshot>();
        services.AddSingleton<SnapshotRows>();
        services.AddSingleton<UpstreamRows>();
        services.AddSingleton<LiveSessions>();
        services.AddSingleton(provider => Journal.Open(options.JournalFolder, provider.GetRequiredService<ILogger<Journal>>()));
        services.AddSingleton<AccessJudge>();
        services.AddSingleton(new RejectGate(options.RejectsPerMinute));
        services.AddSingleton<AuthenticationHandler>();
        services.AddSingleton<AccountingHandler>();
        services.AddSingleton<RadSecDoor>();
        services.AddSingleton<SnapshotImage>();
        services.AddHostedSingleton<SnapshotFeed>();
        services.AddHostedSingleton<SnapshotKeeper>();
        services.AddHostedSingleton<SessionFollower>();
        services.AddHostedSingleton<DelayedReplies>();
        services.AddHostedSingleton<DecisionLog>();
        services.AddHostedSingleton<NasActivity>();
        services.AddHostedSingleton<UpstreamProxy>();
        services.AddHostedSingleton<UpstreamHealthLog>();
        services.AddSingleton<ProxiedAccounting>();
        services.AddHostedSingleton<LineRecord>();
        services.AddHostedSingleton<ActiveByVlan>();
        services.AddHostedSingleton<AccountingProjector>();
        services.AddHostedSingleton<JournalHealth>();
        services.AddHostedSingleton<GhostReaper>();
        services.AddHostedSingleton<AccountingRetention>();
        // Last: at the start it waits for the snapshot that the others bring.
        services.AddHostedSingleton<AaaRole>();
        services.AddHealthChecks().AddCheck<AaaRole>("radius", tags: ["ready"]).AddCheck<JournalHealth>("journal", tags: ["ready"]);
        return services;
    }

    private static void AddHostedSingleton<T>(this IServiceCollection services)
        where T : class, Microsoft.Extensions.Hosting.IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
