using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Kernel.Drivers;

/// <summary>The drivers that the current tenant has chosen, one for each role; kept for the length of the scope.</summary>
public sealed class Drivers(
    IServiceProvider services,
    IEnumerable<DriverKind> kinds,
    UnitOfWork work,
    SecretBox box,
    DriverSettings settings
)
{
    private readonly Dictionary<Type, object> chosen = [];

    /// <summary>The tenant's driver of a role; its first asking in a scope needs the unit of work open.</summary>
    /// <exception cref="InvalidOperationException">The tenant has chosen a driver that this version does not have: nothing may be done in its stead.</exception>
    public async ValueTask<TRole> ForAsync<TRole>(CancellationToken ct)
        where TRole : class
    {
        if (chosen.TryGetValue(typeof(TRole), out var known))
        {
            return (TRole)known;
        }

        var ofRole = kinds.Where(k => k.Role == typeof(TRole)).ToList();
        var service = ofRole[0].Service;
        var choice = (await work.SettledAsync(() => DriverChoices.ReadAsync(work, ct))).Of(service, box);
        var name = choice?.Driver ?? ofRole.Single(k => k.IsDefault).Name;
        if (!ofRole.Exists(k => k.Name == name))
        {
            throw new InvalidOperationException($"This version has no driver {name} for {service}, which the tenant has chosen.");
        }

        settings.Keep(service, choice?.Configuration ?? DriverConfiguration.Empty);
        var driver = services.GetRequiredKeyedService<TRole>(name);
        chosen[typeof(TRole)] = driver;
        return driver;
    }
}

/// <summary>What the tenant has set for the drivers of the current scope. A driver asks here for its own when it is called.</summary>
public sealed class DriverSettings
{
    private readonly Dictionary<string, DriverConfiguration> byService = new(StringComparer.Ordinal);

    public DriverConfiguration Of(string service) => byService.GetValueOrDefault(service, DriverConfiguration.Empty);

    internal void Keep(string service, DriverConfiguration configuration) => byService[service] = configuration;
}

/// <summary>The tenant's choice for one role, as it is kept.</summary>
public sealed record DriverChoice(
    string Driver,
    DriverConfiguration Configuration,
    DateTimeOffset? CheckedAt,
    DateTimeOffset UpdatedAt,
    string UpdatedBy
)
{
    /// <summary>Null: the default.</summary>
    public static async Task<DriverChoice?> ReadAsync(UnitOfWork work, SecretBox box, string service, CancellationToken ct) =>
        (await DriverChoices.ReadAsync(work, ct)).Of(service, box);
}

/// <summary>What a tenant has chosen for its roles; credentials stay sealed until their own role is asked for.</summary>
internal sealed class DriverChoices
{
    private readonly Dictionary<string, Row> byService;

    private DriverChoices(IEnumerable<Row> rows) => byService = rows.ToDictionary(r => r.Service, StringComparer.Ordinal);

    public static async Task<DriverChoices> ReadAsync(UnitOfWork work, CancellationToken ct) =>
        new(
            await work.Connection.QueryAsync<Row>(
                new CommandDefinition(
                    "SELECT service, driver, settings::text AS settings, credentials, checked_at, updated_at, updated_by FROM driver_choices",
                    transaction: work.Transaction,
                    cancellationToken: ct
                )
            )
        );

    /// <summary>Null: the default.</summary>
    public DriverChoice? Of(string service, SecretBox box) =>
        byService.GetValueOrDefault(service) is not { } row
            ? null
            : new DriverChoice(
                row.Driver,
                new DriverConfiguration(
                    Parse(row.Settings),
                    row.Credentials is null
                        ? DriverConfiguration.Nothing
                        : Parse(box.Open(SecretPurpose.DriverCredentials, row.Credentials))
                ),
                row.CheckedAt,
                row.UpdatedAt,
                row.UpdatedBy
            );

    private static Dictionary<string, string> Parse(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;

    private sealed class Row
    {
        public required string Service { get; init; }
        public required string Driver { get; init; }
        public required string Settings { get; init; }
        public byte[]? Credentials { get; init; }
        public DateTimeOffset? CheckedAt { get; init; }
        public DateTimeOffset UpdatedAt { get; init; }
        public required string UpdatedBy { get; init; }
    }
}
