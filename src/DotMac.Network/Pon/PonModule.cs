using DotMac.Contracts.External;
using DotMac.Contracts.Network;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.UseCases;
using DotMac.Network.Pon.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Network.Pon;

/// <summary>The fibre access: table of contents.</summary>
internal static class PonModule
{
    public static readonly IReadOnlyList<UseCase> UseCases =
    [
        UseCase.Of<ListOlts.Handler>(ListOlts.Map),
        UseCase.Of<GetOlt.Handler>(GetOlt.Map),
        UseCase.Of<ListOnus.Handler>(ListOnus.Map),
        UseCase.Of<GetOnu.Handler>(GetOnu.Map),
        UseCase.Of<OperateOnu.Handler>(OperateOnu.Map),
        UseCase.Of<GetOnuOptics.Handler>(GetOnuOptics.Map),
        UseCase.Of<ListDiscoveredOnus.Handler>(ListDiscoveredOnus.Map),
        UseCase.Of<ListPonAlarms.Handler>(ListPonAlarms.Map),
        UseCase.Of<SettlePonAlarm.Handler>(SettlePonAlarm.Map),
        UseCase.Of<ListPonEvents.Handler>(ListPonEvents.Map),
        UseCase.Of<GetPonStatistics.Handler>(GetPonStatistics.Map),
        UseCase.Of<GetPonSettings.Handler>(GetPonSettings.Map),
        UseCase.Of<ChangePonSettings.Handler>(ChangePonSettings.Map),
        UseCase.Of<CreateSimulatedOlt.Handler>(CreateSimulatedOlt.Map),
        UseCase.Of<RestartSimulatedOlt.Handler>(RestartSimulatedOlt.Map),
        UseCase.Of<PutSimulatedOnu.Handler>(PutSimulatedOnu.Map),
        UseCase.Of<TouchSimulatedOnu.Handler>(TouchSimulatedOnu.Map),
    ];

    public static readonly IReadOnlyList<EventKind> Events = [EventKind.Of<OnuDiscovered>("onu.discovered")];

    public static IServiceCollection AddPon(this IServiceCollection services)
    {
        services.AddDriver<IPonController, SimulatedOlt>("pon", SimulatedOlt.Name, isDefault: true);
        services.AddDriver<IPonController, NoPon>("pon", "none");
        services.AddScoped<PonBooks>();
        services.AddScoped<OnuMoves>();
        services.AddScoped<Fibre>();
        services.AddScoped<Round>();
        return services;
    }
}
