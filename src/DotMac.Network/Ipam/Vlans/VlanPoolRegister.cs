using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Network.Ipam.Pools;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>What a caller may say about a VLAN pool. Its numbers stay as they were made.</summary>
/// <param name="IsQinq">Pairs of service and customer VLAN instead of single VLANs.</param>
/// <param name="ServiceFirst">1–4094.</param>
/// <param name="InnerFirst">1–4094; only with Q-in-Q.</param>
/// <param name="LinesPerVlan">How many lines share one single VLAN, 1–4094.</param>
/// <param name="IsDefault">Serves lines that name no pool, at its site or everywhere.</param>
/// <param name="QuarantineSeconds">How long a number rests after a line gave it back.</param>
/// <param name="WarnPercent">From which utilisation on it is reported as nearly full.</param>
public sealed record VlanPoolFields(
    string? Name = null,
    bool? IsQinq = null,
    int? ServiceFirst = null,
    int? ServiceLast = null,
    int? InnerFirst = null,
    int? InnerLast = null,
    int? LinesPerVlan = null,
    Guid? GroupId = null,
    Guid? SiteId = null,
    string? Status = null,
    bool? IsDefault = null,
    int? QuarantineSeconds = null,
    int? WarnPercent = null,
    string? Description = null
)
{
    internal VlanPoolFields Cleaned() =>
        this with
        {
            Name = Filters.Clean(Name),
            IsQinq = IsQinq ?? false,
            InnerFirst = IsQinq is true ? InnerFirst ?? 1 : InnerFirst,
            InnerLast = IsQinq is true ? InnerLast ?? 4094 : InnerLast,
            LinesPerVlan = LinesPerVlan ?? 1,
            Status = Filters.Clean(Status) ?? "active",
            IsDefault = IsDefault ?? false,
            QuarantineSeconds = QuarantineSeconds ?? 0,
            WarnPercent = WarnPercent ?? 90,
            Description = Filters.Clean(Description),
        };

    internal Faults Faults(VlanPool? now) =>
        new Faults()
            .Text("name", Name, 1, 100)
            .Text("description", Description, 0, 500)
            .Check(ServiceFirst is not null, "service_first", "required", "This must be given.")
            .Check(ServiceLast is not null, "service_last", "required", "This must be given.")
            .Range("service_first", ServiceFirst, 1, 4094)
            .Range("service_last", ServiceLast, ServiceFirst ?? 1, 4094)
            .Range("inner_first", InnerFirst, 1, 4094)
            .Range("inner_last", InnerLast, InnerFirst ?? 1, 4094)
            .Check(IsQinq is true || (InnerFirst ?? InnerLast) is null, "inner_first", "without_qinq", "Inner VLANs need Q-in-Q.")
            .Range("lines_per_vlan", LinesPerVlan, 1, 4094)
            .Check(IsQinq is not true || LinesPerVlan == 1, "lines_per_vlan", "with_qinq", "With Q-in-Q each line has its own pair.")
            .Check(
                Words.Read<PoolStatus>(Status) is { } status && status != PoolStatus.Depleted,
                "status",
                "unknown",
                "One of active, reserved, maintenance."
            )
            .Range("quarantine_seconds", QuarantineSeconds, 0, 31_536_000)
            .Range("warn_percent", WarnPercent, 1, 100)
            .Check(
                now is null
                    || (
                        (now.IsQinq, (int)now.ServiceFirst, (int)now.ServiceLast, (int)now.LinesPerVlan)
                            == (IsQinq, ServiceFirst, ServiceLast, LinesPerVlan)
                        && now.InnerFirst == InnerFirst
                        && now.InnerLast == InnerLast
                        && now.SiteId == SiteId
                    ),
                "service_first",
                "fixed",
                "A pool's numbers and site stay as they are. Make another pool."
            );
}

/// <summary>A VLAN pool as the API shows it.</summary>
/// <param name="Total">How many lines it can serve.</param>
/// <param name="UtilizationPercent">What is not available, of the total.</param>
public sealed record VlanPoolView(
    Guid Id,
    string Name,
    Guid? GroupId,
    string? Group,
    Guid? SiteId,
    string? Site,
    bool IsQinq,
    short ServiceFirst,
    short ServiceLast,
    short? InnerFirst,
    short? InnerLast,
    short LinesPerVlan,
    PoolStatus Status,
    bool IsDefault,
    int QuarantineSeconds,
    short WarnPercent,
    string? Description,
    long Total,
    long Used,
    long Resting,
    long SetAside,
    long Available,
    double UtilizationPercent,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    internal static readonly Listing Listing = new(
        string.Concat(
            """
            SELECT p.id, p.name, p.group_id, g.name AS group, p.site_id, s.name AS site, p.is_qinq, p.service_first, p.service_last, p.inner_first,
                p.inner_last, p.lines_per_vlan, CASE WHEN p.status = 1 AND n.available <= 0 THEN 0 ELSE p.status END::int AS status, p.is_default,
                p.quarantine_seconds, p.warn_percent, p.description, n.total, n.used, n.resting, n.set_aside, n.available, n.utilization_percent,
                p.created_at, p.updated_at, p.version
            FROM ipam_vlan_pools p LEFT JOIN ipam_vlan_groups g ON g.tenant_id = p.tenant_id AND g.id = p.group_id
            LEFT JOIN sites s ON s.tenant_id = p.tenant_id AND s.id = p.site_id

            """,
            PoolCount.Join
        ),
        "p.id",
        "name",
        new("name", "lower(p.name)", SortType.Text),
        new("site", "lower(s.name)", SortType.Text, Sparse: true),
        new("utilization_percent", "n.utilization_percent", SortType.Real),
        new("created_at", "p.created_at", SortType.Time)
    );
}

internal sealed class VlanPoolRegister(UnitOfWork work, Known known) : IRegister<VlanPool, VlanPoolFields, VlanPoolView>
{
    public Error NotFound { get; } = Error.NotFound("ipam_vlan_pool.not_found", "There is no such VLAN pool.");

    public Error Changed { get; } = Error.Changed("ipam_vlan_pool.changed");

    public IReadOnlyList<(string, Error)> Conflicts { get; } =
    [
        ("ipam_vlan_pools_name_key", Error.Conflict("ipam_vlan_pool.name_taken", "Another VLAN pool has this name.")),
        ("ipam_vlan_pools_apart", Error.Conflict("ipam_vlan_pool.overlaps", "Another pool of this site hands out some of these numbers.")),
    ];

    public async Task<Result<VlanPoolFields>> CheckAsync(VlanPoolFields given, VlanPool? now, CancellationToken ct)
    {
        var fields = given.Cleaned();
        var faults = fields.Faults(now);
        await known.SiteAsync(faults, fields.SiteId, ct);
        await known.VlanGroupAsync(faults, fields.GroupId, ct);
        return faults.Error is { } error ? error : fields;
    }

    public VlanPool Make(Guid tenantId, Guid id, DateTimeOffset at) =>
        new()
        {
            TenantId = tenantId,
            Id = id,
            CreatedAt = at,
            UpdatedAt = at,
        };

    public void Apply(VlanPoolFields fields, VlanPool pool)
    {
        pool.Name = fields.Name!;
        pool.GroupId = fields.GroupId;
        pool.SiteId = fields.SiteId;
        pool.IsQinq = fields.IsQinq!.Value;
        pool.ServiceFirst = (short)fields.ServiceFirst!.Value;
        pool.ServiceLast = (short)fields.ServiceLast!.Value;
        pool.InnerFirst = (short?)fields.InnerFirst;
        pool.InnerLast = (short?)fields.InnerLast;
        pool.LinesPerVlan = (short)fields.LinesPerVlan!.Value;
        pool.Status = Words.Read<PoolStatus>(fields.Status)!.Value;
        pool.IsDefault = fields.IsDefault!.Value;
        pool.QuarantineSeconds = fields.QuarantineSeconds!.Value;
        pool.WarnPercent = (short)fields.WarnPercent!.Value;
        pool.Description = fields.Description;
    }

    public VlanPoolFields FieldsOf(VlanPool pool) =>
        new(
            pool.Name,
            pool.IsQinq,
            pool.ServiceFirst,
            pool.ServiceLast,
            pool.InnerFirst,
            pool.InnerLast,
            pool.LinesPerVlan,
            pool.GroupId,
            pool.SiteId,
            Words.Of(pool.Status),
            pool.IsDefault,
            pool.QuarantineSeconds,
            pool.WarnPercent,
            pool.Description
        );

    /// <summary>One range per service VLAN; what lines hold of it already, written down before the pool was, is taken from the start.</summary>
    public async Task<Error?> AddedAsync(VlanPool pool, VlanPoolFields fields, CancellationToken ct)
    {
        const string Ranges = """
            INSERT INTO ipam_ranges (tenant_id, pool_id, first, size)
            SELECT @TenantId, @Id, vlan * 4096::bigint + @first, @size FROM generate_series(@ServiceFirst::int, @ServiceLast::int) AS vlan
            """;
        const string Adopt = """
            WITH adopted AS (
                UPDATE ipam_vlan_allocations a SET pool_id = @Id, ordinal = a.service_vlan * 4096::bigint + a.inner_vlan
                WHERE @IsQinq AND a.tenant_id = @TenantId AND a.scope = coalesce(@SiteId, @TenantId) AND a.ended_at IS NULL AND a.pool_id IS NULL
                    AND a.service_vlan BETWEEN @ServiceFirst AND @ServiceLast AND a.inner_vlan BETWEEN @InnerFirst AND @InnerLast
                RETURNING a.ordinal
            ) INSERT INTO ipam_slots (tenant_id, pool_id, ordinal, state) SELECT @TenantId, @Id, ordinal, 1 FROM adopted
            """;
        var values = new
        {
            pool.TenantId,
            pool.Id,
            pool.IsQinq,
            pool.SiteId,
            pool.ServiceFirst,
            pool.ServiceLast,
            pool.InnerFirst,
            pool.InnerLast,
            first = (int)(pool.InnerFirst ?? 0),
            size = pool.IsQinq ? pool.InnerLast - pool.InnerFirst + 1 : pool.LinesPerVlan,
        };
        await work.Connection.ExecuteAsync(new CommandDefinition(Ranges, values, work.Transaction, cancellationToken: ct));
        await work.Connection.ExecuteAsync(new CommandDefinition(Adopt, values, work.Transaction, cancellationToken: ct));
        return null;
    }

    public async Task<Error?> RemovingAsync(VlanPool pool, CancellationToken ct)
    {
        if (await PoolCount.HeldAsync(work, pool.Id, ct) is > 0 and var held)
        {
            return Error.Conflict("ipam_vlan_pool.in_use", $"{held} lines have a VLAN of it. Give them another one first.");
        }

        await PoolCount.ForgetAsync(work, pool.Id, ct);
        return null;
    }

    public Task<VlanPoolView?> ViewAsync(Guid id, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<VlanPoolView>(
            new CommandDefinition(VlanPoolView.Listing.Select + "WHERE p.id = @id", new { id }, work.Transaction, cancellationToken: ct)
        );
}
