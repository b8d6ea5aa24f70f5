using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Vrfs;

/// <summary>What a caller may say about a VRF.</summary>
/// <param name="Rd">Route distinguisher, as <c>64500:1</c> or <c>192.0.2.1:1</c>; at most 21 characters.</param>
public sealed record VrfFields(string? Name = null, string? Rd = null, string? Description = null);

/// <summary>A VRF as the API shows it. Within it no two addresses overlap.</summary>
public sealed record VrfView(
    Guid Id,
    string Name,
    string? Rd,
    string? Description,
    long PrefixCount,
    long PoolCount,
    long AddressCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    internal static readonly Listing Listing = new(
        """
        SELECT v.id, v.name, v.rd, v.description, (SELECT count(*) FROM ipam_prefixes p WHERE p.tenant_id = v.tenant_id AND p.vrf_id = v.id) AS prefix_count,
            (SELECT count(*) FROM ipam_pools p WHERE p.tenant_id = v.tenant_id AND p.vrf_id = v.id) AS pool_count,
            (SELECT count(*) FROM ipam_allocations a WHERE a.space = v.id AND a.ended_at IS NULL) AS address_count,
            v.created_at, v.updated_at, v.version
        FROM ipam_vrfs v

        """,
        "v.id",
        "name",
        new("name", "lower(v.name)", SortType.Text),
        new("rd", "v.rd", SortType.Text, Sparse: true),
        new("created_at", "v.created_at", SortType.Time)
    );
}

internal sealed class VrfRegister(UnitOfWork work) : IRegister<Vrf, VrfFields, VrfView>
{
    private static readonly Error InUse = Error.Conflict("ipam_vrf.in_use", "Prefixes, pools or addresses are in it. Remove them first.");

    public Error NotFound { get; } = Error.NotFound("ipam_vrf.not_found", "There is no such VRF.");

    public Error Changed { get; } = Error.Changed("ipam_vrf.changed");

    public IReadOnlyList<(string, Error)> Conflicts { get; } =
    [
        ("ipam_vrfs_name_key", Error.Conflict("ipam_vrf.name_taken", "Another VRF has this name. Choose another one.")),
        ("ipam_vrfs_rd_key", Error.Conflict("ipam_vrf.rd_taken", "Another VRF has this route distinguisher.")),
        ("ipam_prefixes_vrf_fkey", InUse),
        ("ipam_pools_vrf_fkey", InUse),
    ];

    public Task<Result<VrfFields>> CheckAsync(VrfFields given, Vrf? now, CancellationToken ct)
    {
        var fields = given with
        {
            Name = Filters.Clean(given.Name),
            Rd = Filters.Clean(given.Rd),
            Description = Filters.Clean(given.Description),
        };
        var faults = new Faults()
            .Text("name", fields.Name, 1, 100)
            .Text("description", fields.Description, 0, 500)
            .Text("rd", fields.Rd, 0, 21)
            .Check(fields.Rd?.Contains(':', StringComparison.Ordinal) != false, "rd", "bad_format", "As 64500:1 or 192.0.2.1:1.");
        return Task.FromResult(faults.Error is { } error ? (Result<VrfFields>)error : fields);
    }

    public Vrf Make(Guid tenantId, Guid id, DateTimeOffset at) =>
        new()
        {
            TenantId = tenantId,
            Id = id,
            CreatedAt = at,
            UpdatedAt = at,
        };

    public void Apply(VrfFields fields, Vrf vrf)
    {
        vrf.Name = fields.Name!;
        vrf.Rd = fields.Rd;
        vrf.Description = fields.Description;
    }

    public VrfFields FieldsOf(Vrf vrf) => new(vrf.Name, vrf.Rd, vrf.Description);

    public async Task<Error?> RemovingAsync(Vrf vrf, CancellationToken ct) =>
        (await ViewAsync(vrf.Id, ct))?.AddressCount is > 0 ? InUse : null;

    public Task<VrfView?> ViewAsync(Guid id, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<VrfView>(
            new CommandDefinition(VrfView.Listing.Select + "WHERE v.id = @id", new { id }, work.Transaction, cancellationToken: ct)
        );
}
