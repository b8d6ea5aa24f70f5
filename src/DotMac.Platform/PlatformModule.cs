using DotMac.Kernel.Outbox;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Platform;

/// <summary>Whose system it is: the group's table of contents, one line per use case.</summary>
public static class PlatformModule
{
    public static readonly IReadOnlyList<UseCase> UseCases = [];

    public static readonly IReadOnlyList<EventKind> Events = [];

    /// <summary>What every role needs: the use cases and their entities.</summary>
    public static IServiceCollection AddPlatform(this IServiceCollection services)
    {
        services.AddUseCases(UseCases);
        foreach (var kind in Events)
        {
            services.AddSingleton(kind);
        }

        return services;
    }
}
