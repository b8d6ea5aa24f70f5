using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DotMac.Kernel.Sagas;

/// <summary>The definitions that this node knows, by name and version. Starting takes the newest, going on takes the run's own.</summary>
public sealed class SagaRegistry
{
    private readonly Dictionary<(string Name, int Version), SagaDefinition> known = [];

    public SagaRegistry(IEnumerable<SagaDefinition> definitions)
    {
        foreach (var definition in definitions)
        {
            if (
                definition.Steps.Count == 0
                || definition.Steps.DistinctBy(s => s.Name, StringComparer.Ordinal).Count() != definition.Steps.Count
            )
            {
                throw new InvalidOperationException($"{definition.Name} v{definition.Version}: its steps need names, each another one.");
            }

            if (!known.TryAdd((definition.Name, definition.Version), definition))
            {
                throw new InvalidOperationException($"{definition.Name} v{definition.Version} is registered twice.");
            }
        }
    }

    public IEnumerable<SagaDefinition> All => known.Values;

    public SagaDefinition? Find(string name, int version) => known.GetValueOrDefault((name, version));

    public SagaDefinition Newest(string name) =>
        known.Values.Where(d => string.Equals(d.Name, name, StringComparison.Ordinal)).MaxBy(d => d.Version)
        ?? throw new InvalidOperationException($"No saga {name} is registered.");
}

public static class SagaRegistration
{
    /// <summary>Makes a definition known, and its actions resolvable. Older versions stay registered while runs of them are unfinished.</summary>
    public static IServiceCollection AddSaga(this IServiceCollection services, SagaDefinition definition)
    {
        services.AddSingleton(definition);
        foreach (var step in definition.Steps)
        {
            services.TryAddTransient(step.Action);
        }

        return services;
    }

    /// <summary>What the role worker does: takes runs that are due and carries them on.</summary>
    public static IServiceCollection AddSagaWorker(this IServiceCollection services) => services.AddHostedService<SagaWorker>();

    internal static IServiceCollection AddSagas(this IServiceCollection services)
    {
        services.TryAddSingleton(new SagaOptions());
        services.AddSingleton<SagaRegistry>();
        services.AddSingleton<RunQueue>();
        services.AddSingleton<RunExecutor>();
        services.AddScoped<ISagaRuns, StartedRuns>();
        return services;
    }
}
