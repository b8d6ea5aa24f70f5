using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>What a caller may say about a VLAN group.</summary>
public sealed record VlanGroupFields(string? Name = null, Guid? SiteId = null, string? Description = null);

/// <summary>A VLAN group as the API shows it.</summary>
public sealed record VlanGroupView(
    Guid Id,
    string Name,
    Guid? SiteId,
    string? Site,
    string? Description,
    long VlanCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    internal static readonly Listing Listing = new(
        """
        SELECT g.id, g.name, g.site_id, s.name AS site, g.description,
            (SELECT count(*) FROM ipam_vlans v WHERE v.tenant_id = g.tenant_id AND v.group_id = g.id) AS vlan_count,
            g.created_at, g.updated_at, g.version
        FROM ipam_vlan_groups g LEFT JOIN sites s ON s.tenant_id = g.tenant_id AND s.id = g.site_id

        """,
        "g.id",
        "name",
        new("name", "lower(g.name)", SortType.Text),
        new("site", "lower(s.name)", SortType.Text, Sparse: true),
        new("created_at", "g.created_at", SortType.Time)
    );
}

internal sealed class VlanGroupRegister(UnitOfWork work, Known known) : IRegister<VlanGroup, VlanGroupFields, VlanGroupView>
{
    private static readonly Error InUse = Error.Conflict("ipam_vlan_group.in_use", "VLANs or pools are in it. Move them first.");

    public Error NotFound { get; } = Error.NotFound("ipam_vlan_group.not_found", "There is no such VLAN group.");

    public Error Changed { get; } = Error.Changed("ipam_vlan_group.changed");

    public IReadOnlyList<(string, Error)> Conflicts { get; } =
    [
        ("ipam_vlan_groups_name_key", Error.Conflict("ipam_vlan_group.name_taken", "Another VLAN group has this name.")),
        ("ipam_vlans_group_fkey", InUse),
        ("ipam_vlan_pools_group_fkey", InUse),
    ];

    public async Task<Result<VlanGroupFields>> CheckAsync(VlanGroupFields given, VlanGroup? now, CancellationToken ct)
    {
        var fields = given with { Name = Filters.Clean(given.Name), Description = Filters.Clean(given.Description) };
        var faults = new Faults().Text("name", fields.Name, 1, 100).Text("description", fields.Description, 0, 500);
        await known.SiteAsync(faults, fields.SiteId, ct);
        return faults.Error is { } error ? error : fields;
    }

    public VlanGroup Make(Guid tenantId, Guid id, DateTimeOffset at) =>
        new()
        {
            TenantId = tenantId,
            Id = id,
            CreatedAt = at,
            UpdatedAt = at,
        };

    public void Apply(VlanGroupFields fields, VlanGroup group)
    {
        group.Name = fields.Name!;
        group.SiteId = fields.SiteId;
        group.Description = fields.Description;
    }

    public VlanGroupFields FieldsOf(VlanGroup group) => new(group.Name, group.SiteId, group.Description);

    public Task<VlanGroupView?> ViewAsync(Guid id, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<VlanGroupView>(
            new CommandDefinition(VlanGroupView.Listing.Select + "WHERE g.id = @id", new { id }, work.Transaction, cancellationToken: ct)
        );
}
