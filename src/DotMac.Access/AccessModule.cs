using DotMac.Kernel.Outbox;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Access;

/// <summary>Who gets online: the group's table of contents, one line per use case.</summary>
public static class AccessModule
{
    public static readonly IReadOnlyList<UseCase> UseCases = [];

    public static readonly IReadOnlyList<EventKind> Events = [];

    /// <summary>What every role needs: the use cases and their entities.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddUseCases(UseCases);
        foreach (var kind in Events)
        {
            services.AddSingleton(kind);
        }

        return services;
    }
}
