using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam;
using DotMac.Network.Pon;
using DotMac.Network.Pon.Simulator;
using DotMac.Network.Systems;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Network;

/// <summary>What the service runs over: the group's table of contents, one line per use case.</summary>
public static class NetworkModule
{
    public static readonly IReadOnlyList<UseCase> UseCases = [.. IpamModule.UseCases, .. PonModule.UseCases, .. SystemsModule.UseCases];

    public static readonly IReadOnlyList<EventKind> Events = [.. PonModule.Events];

    /// <summary>What every role needs: the use cases, their entities, the built-in drivers.</summary>
    public static IServiceCollection AddNetwork(this IServiceCollection services)
    {
        services.AddUseCases(UseCases);
        services.AddTenantContext<NetworkDb>(options => new NetworkDb(options));
        services.AddIpam();
        services.AddPon();
        services.AddSystems();
        foreach (var kind in Events)
        {
            services.AddSingleton(kind);
        }

        return services;
    }

    /// <summary>What nobody waits for: the simulated plant goes on.</summary>
    public static IServiceCollection AddNetworkWorker(this IServiceCollection services) =>
        services.AddIpamWorker().AddHostedService<SimulatorRounds>();
}
