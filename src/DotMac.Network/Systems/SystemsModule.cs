using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Network.Systems;

/// <summary>Which systems a tenant's network is run with.</summary>
internal static class SystemsModule
{
    public static readonly IReadOnlyList<UseCase> UseCases =
    [
        UseCase.Of<ListSystems.Handler>(ListSystems.Map),
        UseCase.Of<GetSystem.Handler>(GetSystem.Map),
        UseCase.Of<ChangeSystem.Handler>(ChangeSystem.Map),
        UseCase.Of<ResetSystem.Handler>(ResetSystem.Map),
    ];

    public static IServiceCollection AddSystems(this IServiceCollection services) =>
        services
            .AddDriver<IAcs, NoAcs>("acs", "none", isDefault: true)
            .AddDriver<IMonitoring, NoMonitoring>("monitoring", "none", isDefault: true)
            .AddDriver<IAutomation, NoAutomation>("automation", "none", isDefault: true);
}
