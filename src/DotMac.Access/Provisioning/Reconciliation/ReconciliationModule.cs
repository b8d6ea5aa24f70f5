using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>What is wanted against what was applied against what is seen: table of contents.</summary>
internal static class ReconciliationModule
{
    public static readonly IReadOnlyList<UseCase> UseCases =
    [
        UseCase.Of<ListFindings.Handler>(ListFindings.Map),
        UseCase.Of<GetFinding.Handler>(GetFinding.Map),
        UseCase.Of<RepairFinding.Handler>(RepairFinding.Map),
        UseCase.Of<RepairFindings.Handler>(RepairFindings.Map),
        UseCase.Of<GetRepairs.Handler>(GetRepairs.Map),
        UseCase.Of<IgnoreFinding.Handler>(IgnoreFinding.Map),
        UseCase.Of<RunReconciliation.Handler>(RunReconciliation.Map),
        UseCase.Of<ListReconciliations.Handler>(ListReconciliations.Map),
        UseCase.Of<GetReconciliationSettings.Handler>(GetReconciliationSettings.Map),
        UseCase.Of<ChangeReconciliationSettings.Handler>(ChangeReconciliationSettings.Map),
    ];

    public static IServiceCollection AddReconciliation(this IServiceCollection services)
    {
        services.AddSaga(RepairSaga.Definition);
        services.AddScoped<PictureReader>();
        services.AddScoped<FindingBook>();
        services.AddScoped<FindingRepairs>();
        services.AddScoped<Reconciler>();
        return services;
    }

    public static IServiceCollection AddReconciliationWorker(this IServiceCollection services) =>
        services.AddHostedService<ReconciliationWatch>();
}
