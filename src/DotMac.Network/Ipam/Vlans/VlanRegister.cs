using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>What a caller may say about a VLAN.</summary>
/// <param name="Vid">1–4094; once within its group and site.</param>
/// <param name="Status"><c>active</c> (when left out), <c>reserved</c> or <c>deprecated</c>.</param>
public sealed record VlanFields(
    int? Vid = null,
    string? Name = null,
    Guid? GroupId = null,
    Guid? SiteId = null,
    string? Status = null,
    string? Role = null,
    string? Description = null
);

/// <summary>A VLAN as the API shows it.</summary>
/// <param name="LineCount">Lines that it carries now, by the plan.</param>
public sealed record VlanView(
    Guid Id,
    short Vid,
    string Name,
    Guid? GroupId,
    string? Group,
    Guid? SiteId,
    string? Site,
    VlanStatus Status,
    string? Role,
    string? Description,
    long LineCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    internal static readonly Listing Listing = new(
        """
        SELECT v.id, v.vid, v.name, v.group_id, g.name AS group, v.site_id, s.name AS site, v.status::int AS status, v.role, v.description,
            (SELECT count(*) FROM ipam_vlan_allocations a WHERE a.tenant_id = v.tenant_id AND a.service_vlan = v.vid AND a.ended_at IS NULL
                AND (v.site_id IS NULL OR a.scope = v.site_id)) AS line_count,
            v.created_at, v.updated_at, v.version
        FROM ipam_vlans v LEFT JOIN ipam_vlan_groups g ON g.tenant_id = v.tenant_id AND g.id = v.group_id
        LEFT JOIN sites s ON s.tenant_id = v.tenant_id AND s.id = v.site_id

        """,
        "v.id",
        "vid",
        new("vid", "v.vid", SortType.Whole),
        new("name", "lower(v.name)", SortType.Text),
        new("group", "lower(g.name)", SortType.Text, Sparse: true),
        new("site", "lower(s.name)", SortType.Text, Sparse: true),
        new("created_at", "v.created_at", SortType.Time)
    );
}

internal sealed class VlanRegister(UnitOfWork work, Known known) : IRegister<Vlan, VlanFields, VlanView>
{
    public Error NotFound { get; } = Error.NotFound("ipam_vlan.not_found", "There is no such VLAN.");

    public Error Changed { get; } = Error.Changed("ipam_vlan.changed");

    public IReadOnlyList<(string, Error)> Conflicts { get; } =
    [
        ("ipam_vlans_vid_key", Error.Conflict("ipam_vlan.vid_taken", "This number stands in the group and site already.")),
        ("ipam_prefixes_vlan_fkey", Error.Conflict("ipam_vlan.in_use", "Prefixes are on it. Move them first.")),
    ];

    public async Task<Result<VlanFields>> CheckAsync(VlanFields given, Vlan? now, CancellationToken ct)
    {
        var fields = given with
        {
            Name = Filters.Clean(given.Name),
            Status = Filters.Clean(given.Status) ?? "active",
            Role = Filters.Clean(given.Role),
            Description = Filters.Clean(given.Description),
        };
        var faults = new Faults()
            .Check(fields.Vid is not null, "vid", "required", "This must be given.")
            .Range("vid", fields.Vid, 1, 4094)
            .Text("name", fields.Name, 1, 100)
            .Text("role", fields.Role, 0, 50)
            .Text("description", fields.Description, 0, 500)
            .Check(Words.Read<VlanStatus>(fields.Status) is not null, "status", "unknown", $"One of {Words.All<VlanStatus>()}.");
        await known.SiteAsync(faults, fields.SiteId, ct);
        await known.VlanGroupAsync(faults, fields.GroupId, ct);
        return faults.Error is { } error ? error : fields;
    }

    public Vlan Make(Guid tenantId, Guid id, DateTimeOffset at) =>
        new()
        {
            TenantId = tenantId,
            Id = id,
            CreatedAt = at,
            UpdatedAt = at,
        };

    public void Apply(VlanFields fields, Vlan vlan)
    {
        vlan.Vid = (short)fields.Vid!.Value;
        vlan.Name = fields.Name!;
        vlan.GroupId = fields.GroupId;
        vlan.SiteId = fields.SiteId;
        vlan.Status = Words.Read<VlanStatus>(fields.Status)!.Value;
        vlan.Role = fields.Role;
        vlan.Description = fields.Description;
    }

    public VlanFields FieldsOf(Vlan vlan) =>
        new(vlan.Vid, vlan.Name, vlan.GroupId, vlan.SiteId, Words.Of(vlan.Status), vlan.Role, vlan.Description);

    public Task<VlanView?> ViewAsync(Guid id, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<VlanView>(
            new CommandDefinition(VlanView.Listing.Select + "WHERE v.id = @id", new { id }, work.Transaction, cancellationToken: ct)
        );
}
