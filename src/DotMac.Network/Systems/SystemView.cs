using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;

namespace DotMac.Network.Systems;

/// <summary>One role of an outside system, and what the tenant has chosen for it.</summary>
/// <param name="Driver">built-in, simulated, none …</param>
/// <param name="IsDefault">The tenant has chosen nothing.</param>
/// <param name="IsSimulated">What it shows is made up.</param>
/// <param name="CredentialsSet">Names of the credentials that are kept; their values are never shown.</param>
/// <param name="CheckedAt">When the driver's own check last found the settings right; null when it has none.</param>
public sealed record SystemView(
    string Service,
    string Driver,
    bool IsDefault,
    bool IsSimulated,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyList<string> CredentialsSet,
    DateTimeOffset? CheckedAt,
    DateTimeOffset? UpdatedAt,
    string? UpdatedBy,
    IReadOnlyList<SystemView.DriverView> Drivers
)
{
    /// <summary>One driver that may be chosen.</summary>
    public sealed record DriverView(string Name, bool IsDefault, IReadOnlyList<DriverSetting> Settings);

    internal static readonly Error Unknown = Error.NotFound("oss.service_unknown", "There is no such role of a network system.");

    internal static async Task<SystemView?> ReadAsync(
        UnitOfWork work,
        SecretBox box,
        IEnumerable<DriverKind> kinds,
        string service,
        CancellationToken ct
    )
    {
        var drivers = kinds.Where(k => k.Service == service).ToList();
        if (drivers.Count == 0)
        {
            return null;
        }

        var choice = await DriverChoice.ReadAsync(work, box, service, ct);
        var driver = choice?.Driver ?? drivers.Single(d => d.IsDefault).Name;
        return new SystemView(
            service,
            driver,
            choice is null,
            driver == "simulated",
            choice?.Configuration.Settings ?? new Dictionary<string, string>(StringComparer.Ordinal),
            [.. (choice?.Configuration.Credentials.Keys ?? []).Order(StringComparer.Ordinal)],
            choice?.CheckedAt,
            choice?.UpdatedAt,
            choice?.UpdatedBy,
            [
                .. drivers
                    .OrderByDescending(d => d.IsDefault)
                    .ThenBy(d => d.Name, StringComparer.Ordinal)
                    .Select(d => new DriverView(d.Name, d.IsDefault, d.Settings)),
            ]
        );
    }
}
