using DotMac.Kernel.Audit;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Sites;

/// <summary>How a site stands. Stored numbers only grow.</summary>
public enum SiteStatus
{
    Planned = 0,
    Active = 1,
    Retired = 2,
}

/// <summary>A place of the network, or a region that places lie in.</summary>
internal sealed class Site : IPlanEntity
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>For addresses of pages and for files: lower case, digits and dashes.</summary>
    public string Slug { get; set; } = "";
    public string Name { get; set; } = "";
    public Guid? ParentId { get; set; }
    public SiteStatus Status { get; set; } = SiteStatus.Active;
    public string? Facility { get; set; }
    public string? PhysicalAddress { get; set; }

    /// <summary>Degrees, WGS 84, north positive.</summary>
    public double? Latitude { get; set; }

    /// <summary>Degrees, WGS 84, east positive.</summary>
    public double? Longitude { get; set; }
    public string? TimeZone { get; set; }
    public long? Asn { get; set; }
    public string? Description { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;
}
