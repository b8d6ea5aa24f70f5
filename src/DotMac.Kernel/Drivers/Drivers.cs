using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Kernel.Drivers;

/// <summary>One driver of one role, as registered.</summary>
/// <param name="Service">Name of the role in the API: <c>ipam</c>, <c>pon</c>, <c>acs</c>, <c>monitoring</c>, <c>automation</c>, <c>billing</c>.</param>
/// <param name="Name">Name of the driver: <c>built-in</c>, <c>simulated</c>, <c>none</c>.</param>
public sealed record DriverKind(Type Role, string Service, string Name, bool IsDefault);

/// <summary>The drivers that the current tenant has chosen, one for each role; kept for the length of the scope.</summary>
public sealed class Drivers(IServiceProvider services, IEnumerable<DriverKind> kinds)
{
    private readonly Dictionary<Type, object> chosen = [];

    /// <summary>The tenant's driver of a role; its first asking in a scope needs the unit of work open.</summary>
    public ValueTask<TRole> ForAsync<TRole>(CancellationToken ct)
        where TRole : class
    {
        ct.ThrowIfCancellationRequested();
        if (chosen.TryGetValue(typeof(TRole), out var known))
        {
            return ValueTask.FromResult((TRole)known);
        }

        var kind = kinds.Single(k => k.Role == typeof(TRole) && k.IsDefault);
        var driver = services.GetRequiredKeyedService<TRole>(kind.Name);
        chosen[typeof(TRole)] = driver;
        return ValueTask.FromResult(driver);
    }
}

public static class DriverRegistration
{
    /// <summary>Registers a driver of a role under its name; exactly one of a role is the default of a new tenant.</summary>
    public static IServiceCollection AddDriver<TRole, TDriver>(
        this IServiceCollection services,
        string service,
        string name,
        bool isDefault = false
    )
        where TRole : class
        where TDriver : class, TRole
    {
        services.AddKeyedScoped<TRole, TDriver>(name);
        services.AddSingleton(new DriverKind(typeof(TRole), service, name, isDefault));
        return services;
    }
}
