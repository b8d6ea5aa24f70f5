using DotMac.Kernel.Audit;

namespace DotMac.Access.Profiles;

/// <summary>The rates of a line. Download is towards the user. Rates are kbit/s, burst time seconds, threshold percent of the rate.</summary>
internal sealed class BandwidthProfile
{
    public required Guid TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    public required int DownloadRateKbps { get; set; }

    public required int UploadRateKbps { get; set; }

    public int? DownloadBurstKbps { get; set; }

    public int? UploadBurstKbps { get; set; }

    public short? BurstThresholdPercent { get; set; }

    public short? BurstTimeSeconds { get; set; }

    /// <summary>Queue priority of the line, 1 (first) to 8 (last), as MikroTik counts it.</summary>
    public short? Priority { get; set; }

    /// <summary>Name of a QoS profile on the NAS, for vendors that take a name instead of rates.</summary>
    public string? VendorProfileName { get; set; }

    /// <summary>Its subscribers may sign on at the NAS of these groups alone; empty: at every NAS.</summary>
    public string[] AllowedNasGroups { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;
}
