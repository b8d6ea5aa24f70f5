using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Kernel.Drivers;

/// <summary>One driver of one role, as registered.</summary>
/// <param name="Service">Name of the role in the API: <c>ipam</c>, <c>pon</c>, <c>acs</c>, <c>monitoring</c>, <c>automation</c>, <c>billing</c>.</param>
/// <param name="Name">Name of the driver: <c>built-in</c>, <c>simulated</c>, <c>none</c>.</param>
public sealed record DriverKind(Type Role, string Service, string Name, bool IsDefault)
{
    /// <summary>What a tenant sets for it.</summary>
    public IReadOnlyList<DriverSetting> Settings { get; init; } = [];
}

/// <summary>One thing that a driver wants to be told.</summary>
/// <param name="Label">For people.</param>
/// <param name="IsSecret">Kept sealed, and never shown again.</param>
public sealed record DriverSetting(string Name, string Label, bool IsRequired = false, bool IsSecret = false);

/// <summary>What a tenant has set for a driver: open settings, and credentials apart.</summary>
public sealed record DriverConfiguration(IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> Credentials)
{
    internal static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>(StringComparer.Ordinal);

    public static readonly DriverConfiguration Empty = new(Nothing, Nothing);
}

/// <summary>A driver that can try out its settings before they are kept. Called with no transaction open.</summary>
public interface IDriverCheck
{
    /// <summary>Null when the system answered as it should; else a sentence that says what to look at, and no secret.</summary>
    Task<string?> CheckAsync(DriverConfiguration proposed, CancellationToken ct);
}

public static class DriverRegistration
{
    /// <summary>Registers a driver of a role under its name; exactly one of a role is the default of a new tenant.</summary>
    public static IServiceCollection AddDriver<TRole, TDriver>(
        this IServiceCollection services,
        string service,
        string name,
        bool isDefault = false,
        params DriverSetting[] settings
    )
        where TRole : class
        where TDriver : class, TRole
    {
        services.AddKeyedScoped<TRole, TDriver>(name);
        services.AddSingleton(new DriverKind(typeof(TRole), service, name, isDefault) { Settings = settings });
        return services;
    }
}
