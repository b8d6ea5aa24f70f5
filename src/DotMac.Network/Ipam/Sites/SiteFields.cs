using System.Text.RegularExpressions;
using DotMac.Kernel.Results;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Sites;

/// <summary>What a caller may say about a site.</summary>
/// <param name="Slug">Made from the name when it is left out.</param>
/// <param name="ParentId">The region, or the site that it is a part of.</param>
/// <param name="Status"><c>planned</c>, <c>active</c> (when left out) or <c>retired</c>.</param>
/// <param name="Latitude">Degrees, WGS 84, north positive.</param>
/// <param name="Longitude">Degrees, WGS 84, east positive.</param>
/// <param name="TimeZone">IANA name.</param>
public sealed partial record SiteFields(
    string? Name = null,
    string? Slug = null,
    Guid? ParentId = null,
    string? Status = null,
    string? Facility = null,
    string? PhysicalAddress = null,
    double? Latitude = null,
    double? Longitude = null,
    string? TimeZone = null,
    long? Asn = null,
    string? Description = null
)
{
    internal SiteFields Cleaned()
    {
        var name = Filters.Clean(Name);
        return this with
        {
            Name = name,
            Slug =
                Filters.Clean(Slug)?.ToLowerInvariant()
                ?? (name is null ? null : NotOfSlugs().Replace(name.ToLowerInvariant(), "-").Trim('-')),
            Status = Filters.Clean(Status) ?? "active",
            Facility = Filters.Clean(Facility),
            PhysicalAddress = Filters.Clean(PhysicalAddress),
            TimeZone = Filters.Clean(TimeZone),
            Description = Filters.Clean(Description),
        };
    }

    internal Faults Faults() =>
        new Faults()
            .Text("name", Name, 1, 100)
            .Text("slug", Slug, 1, 100)
            .Matches("slug", Slug, SlugShape(), "Lower-case letters, digits and dashes.")
            .Check(Words.Read<SiteStatus>(Status) is not null, "status", "unknown", $"One of {Words.All<SiteStatus>()}.")
            .Text("facility", Facility, 0, 100)
            .Text("physical_address", PhysicalAddress, 0, 300)
            .Text("description", Description, 0, 500)
            .Check(Latitude is null or (>= -90 and <= 90), "latitude", "out_of_range", "From -90 to 90 degrees.")
            .Check(Longitude is null or (>= -180 and <= 180), "longitude", "out_of_range", "From -180 to 180 degrees.")
            .Check(
                Latitude is null == Longitude is null,
                Latitude is null ? "latitude" : "longitude",
                "required",
                "Give both coordinates or none."
            )
            .Check(
                TimeZone is null || TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _),
                "time_zone",
                "unknown",
                "An IANA time zone."
            )
            .Range("asn", Asn, 1, uint.MaxValue);

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NotOfSlugs();

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex SlugShape();
}
