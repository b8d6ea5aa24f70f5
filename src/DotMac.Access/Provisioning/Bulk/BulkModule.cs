using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>One operation for many subscribers: table of contents.</summary>
internal static class BulkModule
{
    public static readonly IReadOnlyList<UseCase> UseCases =
    [
        UseCase.Of<PreviewBulk.Handler>(PreviewBulk.Map),
        UseCase.Of<StartBulk.Handler>(StartBulk.Map),
        UseCase.Of<ListBulk.Handler>(ListBulk.Map),
        UseCase.Of<GetBulk.Handler>(GetBulk.Map),
        UseCase.Of<ListBulkItems.Handler>(ListBulkItems.Map),
        UseCase.Of<SteerBulk.Handler>(SteerBulk.Map),
        UseCase.Of<UndoBulk.Handler>(UndoBulk.Map),
        UseCase.Of<StreamBulk.Handler>(StreamBulk.Map),
    ];

    public static IServiceCollection AddBulk(this IServiceCollection services) =>
        services.AddScoped<BulkJobs>().AddScoped<BulkStarter>().AddScoped<BulkRunner>();
}
