using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Sites;

/// <summary>A site as the API shows it.</summary>
public sealed record SiteView(
    Guid Id,
    string Slug,
    string Name,
    Guid? ParentId,
    string? Parent,
    SiteStatus Status,
    string? Facility,
    string? PhysicalAddress,
    double? Latitude,
    double? Longitude,
    string? TimeZone,
    long? Asn,
    string? Description,
    long PrefixCount,
    long PoolCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    internal static readonly Listing Listing = new(
        """
        SELECT s.id, s.slug, s.name, s.parent_id, r.name AS parent, s.status::int AS status, s.facility, s.physical_address, s.latitude, s.longitude, s.time_zone,
            s.asn, s.description, (SELECT count(*) FROM ipam_prefixes p WHERE p.tenant_id = s.tenant_id AND p.site_id = s.id) AS prefix_count,
            (SELECT count(*) FROM ipam_pools p WHERE p.tenant_id = s.tenant_id AND p.site_id = s.id) AS pool_count,
            s.created_at, s.updated_at, s.version
        FROM sites s LEFT JOIN sites r ON r.tenant_id = s.tenant_id AND r.id = s.parent_id

        """,
        "s.id",
        "name",
        new("name", "lower(s.name)", SortType.Text),
        new("slug", "s.slug", SortType.Text),
        new("parent", "lower(r.name)", SortType.Text, Sparse: true),
        new("created_at", "s.created_at", SortType.Time)
    );
}

internal sealed class SiteRegister(UnitOfWork work) : IRegister<Site, SiteFields, SiteView>
{
    private static readonly Error InUse = Error.Conflict(
        "site.in_use",
        "Prefixes, pools, VLANs or other sites belong to it. Move them first."
    );

    public Error NotFound { get; } = Error.NotFound("site.not_found", "There is no such site.");

    public Error Changed { get; } = Error.Changed("site.changed");

    public IReadOnlyList<(string, Error)> Conflicts { get; } =
    [
        ("sites_slug_key", Error.Conflict("site.slug_taken", "Another site has this slug. Choose another one.")),
        ("sites_parent_fkey", InUse),
        ("ipam_prefixes_site_fkey", InUse),
        ("ipam_pools_site_fkey", InUse),
        ("ipam_vlans_site_fkey", InUse),
        ("ipam_vlan_groups_site_fkey", InUse),
        ("ipam_vlan_pools_site_fkey", InUse),
    ];

    public async Task<Result<SiteFields>> CheckAsync(SiteFields given, Site? now, CancellationToken ct)
    {
        var fields = given.Cleaned();
        var faults = fields.Faults();
        if (fields.ParentId is { } parent && parent != now?.ParentId)
        {
            // Up from the parent, the site itself must not come.
            const string Up = """
                WITH RECURSIVE up AS (
                    SELECT id, parent_id FROM sites WHERE tenant_id = current_tenant() AND id = @parent
                    UNION SELECT s.id, s.parent_id FROM sites s JOIN up ON s.id = up.parent_id WHERE s.tenant_id = current_tenant()
                ) SELECT id FROM up
                """;
            var above = (
                await work.Connection.QueryAsync<Guid>(new CommandDefinition(Up, new { parent }, work.Transaction, cancellationToken: ct))
            ).ToList();
            faults.Check(above.Count > 0, "parent_id", "not_found", "There is no such site.");
            faults.Check(now is null || !above.Contains(now.Id), "parent_id", "circular", "A site cannot lie within itself.");
        }

        return faults.Error is { } error ? error : fields;
    }

    public Site Make(Guid tenantId, Guid id, DateTimeOffset at) =>
        new()
        {
            TenantId = tenantId,
            Id = id,
            CreatedAt = at,
            UpdatedAt = at,
        };

    public void Apply(SiteFields fields, Site site)
    {
        site.Name = fields.Name!;
        site.Slug = fields.Slug!;
        site.ParentId = fields.ParentId;
        site.Status = Words.Read<SiteStatus>(fields.Status)!.Value;
        site.Facility = fields.Facility;
        site.PhysicalAddress = fields.PhysicalAddress;
        site.Latitude = fields.Latitude;
        site.Longitude = fields.Longitude;
        site.TimeZone = fields.TimeZone;
        site.Asn = fields.Asn;
        site.Description = fields.Description;
    }

    public SiteFields FieldsOf(Site site) =>
        new(
            site.Name,
            site.Slug,
            site.ParentId,
            Words.Of(site.Status),
            site.Facility,
            site.PhysicalAddress,
            site.Latitude,
            site.Longitude,
            site.TimeZone,
            site.Asn,
            site.Description
        );

    public Task<SiteView?> ViewAsync(Guid id, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<SiteView>(
            new CommandDefinition(SiteView.Listing.Select + "WHERE s.id = @id", new { id }, work.Transaction, cancellationToken: ct)
        );
}
