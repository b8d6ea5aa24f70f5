using DotMac.Access.Provisioning.Billing;
using DotMac.Access.Provisioning.Deprovision;
using DotMac.Access.Provisioning.Provision;
using DotMac.Access.Provisioning.Runs;
using DotMac.Access.Provisioning.Services;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Access.Provisioning;

/// <summary>From an order to a service and back: table of contents.</summary>
internal static class ProvisioningModule
{
    public static readonly IReadOnlyList<UseCase> UseCases =
    [
        UseCase.Of<ProvisionSubscriber.Handler>(ProvisionSubscriber.Map),
        UseCase.Of<DeprovisionSubscriber.Handler>(DeprovisionSubscriber.Map),
        UseCase.Of<PreviewProvisioning.Handler>(PreviewProvisioning.Map),
        UseCase.Of<ListServices.Handler>(ListServices.Map),
        UseCase.Of<GetServiceInstance.Handler>(GetServiceInstance.Map),
        UseCase.Of<ListServiceEvents.Handler>(ListServiceEvents.Map),
    ];

    public static readonly IReadOnlyList<EventKind> Events =
    [
        EventKind.Of<SubscriberActivated>("subscriber.activated"),
        EventKind.Of<SubscriberTerminated>("subscriber.terminated"),
    ];

    public static IServiceCollection AddProvisioning(this IServiceCollection services)
    {
        services.AddSaga(ProvisionSaga.First);
        services.AddSaga(ProvisionSaga.Definition);
        services.AddSaga(DeprovisionSaga.First);
        services.AddSaga(DeprovisionSaga.Second);
        services.AddSaga(DeprovisionSaga.Definition);
        services.AddScoped<ServiceLog>();
        services.AddScoped<ProvisionCheck>();
        services.AddScoped<RunGrants>();
        services.AddSingleton<Rehearsal>();
        services.AddSingleton<RunProgress>();
        services.AddDriver<IServiceBilling, ChargeBook>("billing", "built-in", isDefault: true);
        return services;
    }
}
