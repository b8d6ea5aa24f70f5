using DotMac.Contracts.Access;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>What is changed of a line in service: table of contents.</summary>
internal static class ChangesModule
{
    public static readonly IReadOnlyList<UseCase> UseCases =
    [
        UseCase.Of<ChangePlan.Handler>(ChangePlan.Map),
        UseCase.Of<ChangeNetwork.Handler>(ChangeNetwork.Map),
    ];

    public static readonly IReadOnlyList<EventKind> Events =
    [
        EventKind.Of<SubscriberPlanChanged>("subscriber.plan_changed"),
        EventKind.Of<SubscriberNetworkChanged>("subscriber.network_changed"),
    ];

    public static IServiceCollection AddChanges(this IServiceCollection services) =>
        services
            .AddScoped<NetworkConflicts>()
            .AddSaga(PlanSaga.First)
            .AddSaga(PlanSaga.Second)
            .AddSaga(PlanSaga.Definition)
            .AddSaga(NetworkSaga.First)
            .AddSaga(NetworkSaga.Second)
            .AddSaga(NetworkSaga.Third)
            .AddSaga(NetworkSaga.Fourth)
            .AddSaga(NetworkSaga.Definition);
}
