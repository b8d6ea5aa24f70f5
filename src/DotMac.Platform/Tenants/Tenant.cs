namespace DotMac.Platform.Tenants;

/// <summary>Stored as its number: only grows.</summary>
internal enum TenantStatus : short
{
    Trial = 0,
    Active = 1,

    /// <summary>Management is closed; the subscribers' internet access is not touched.</summary>
    Suspended = 2,
    Cancelled = 3,
}

/// <summary>An ISP on this platform.</summary>
internal sealed class Tenant
{
    public required Guid TenantId { get; init; }
    public required string Slug { get; init; }
    public required string Name { get; set; }
    public TenantStatus Status { get; set; } = TenantStatus.Active;

    /// <summary>IANA name.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>ISO 4217.</summary>
    public string Currency { get; set; } = "USD";

    /// <summary>BCP 47.</summary>
    public string Locale { get; set; } = "en";
    public DateTimeOffset CreatedAt { get; init; }
    public int Version { get; set; } = 1;
}
