using System.Text.RegularExpressions;
using DotMac.Kernel.Results;

namespace DotMac.Platform.Tenants;

/// <summary>The settings of a tenant. <c>status</c>: trial, active, suspended, cancelled.</summary>
public sealed record TenantResponse(
    Guid Id,
    string Slug,
    string Name,
    string Status,
    string TimeZone,
    string Currency,
    string Locale,
    DateTimeOffset CreatedAt,
    int Version
)
{
    internal static TenantResponse Of(Tenant t) =>
        new(t.TenantId, t.Slug, t.Name, t.Status.ToString().ToLowerInvariant(), t.TimeZone, t.Currency, t.Locale, t.CreatedAt, t.Version);

    /// <summary>Reads a status by its name; the stored number is not a name.</summary>
    internal static bool TryRead(string? name, out TenantStatus status) =>
        Enum.TryParse(name, ignoreCase: true, out status) && status.ToString().Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What the settings of a tenant may be.</summary>
internal static partial class TenantChecks
{
    public static Faults Name(this Faults faults, string? name) => faults.Text("name", name, 1, 120);

    public static Faults TimeZone(this Faults faults, string? zone) =>
        faults.Check(
            zone is null || TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _),
            "time_zone",
            "unknown",
            "An IANA name, e.g. Africa/Lagos."
        );

    public static Faults Currency(this Faults faults, string? currency) =>
        faults.Matches("currency", currency, CurrencyCode(), "An ISO 4217 code, e.g. NGN.");

    public static Faults Locale(this Faults faults, string? locale) =>
        faults.Matches("locale", locale, LanguageTag(), "A BCP 47 tag, e.g. en or pt-BR.");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$", RegexOptions.None, 100)]
    public static partial Regex Slug();

    [GeneratedRegex("^[A-Z]{3}$", RegexOptions.None, 100)]
    private static partial Regex CurrencyCode();

    [GeneratedRegex("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex LanguageTag();
}
