using DotMac.Contracts.Access;
using DotMac.Kernel.Audit;

namespace DotMac.Access.NetworkProfiles;

/// <summary>What lines of a plan, of a site, of both, or of neither (the tenant's own) get when nobody says otherwise. Null says nothing.</summary>
internal sealed class ProfileDefaults
{
    public required Guid TenantId { get; init; }

    public required Guid Id { get; init; }

    public Guid? BandwidthProfileId { get; set; }

    public Guid? SiteId { get; set; }

    public string? VlanPool { get; set; }

    public string? Ipv4Pool { get; set; }

    public string? Ipv6Pool { get; set; }

    public string? PdPool { get; set; }

    public Ipv6Mode? Ipv6Mode { get; set; }

    public Option82Policy? Option82Policy { get; set; }

    public bool? QinqEnabled { get; set; }

    public short? Ipv6PdSize { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;

    /// <summary>Of plan and site 3, of a plan 2, of a site 1, of neither 0.</summary>
    public int Precision => (BandwidthProfileId is null ? 0 : 2) + (SiteId is null ? 0 : 1);

    /// <summary>Each value from the most specific defaults that have one: plan and site, plan, site, neither.</summary>
    /// <param name="fitting">Those that fit the line.</param>
    /// <param name="tenantPolicy">Of OPTION82_DEFAULT_POLICY.</param>
    public static LineDefaults Resolve(IEnumerable<ProfileDefaults> fitting, Option82Policy tenantPolicy)
    {
        var ordered = fitting.OrderByDescending(d => d.Precision).ToList();
        return new LineDefaults(
            Text(d => d.VlanPool),
            Text(d => d.Ipv4Pool),
            Text(d => d.Ipv6Pool),
            Text(d => d.PdPool),
            Value(d => d.Ipv6Mode),
            Value(d => d.Option82Policy) ?? tenantPolicy,
            Value(d => d.QinqEnabled) ?? false,
            Value(d => d.Ipv6PdSize) ?? 56
        );

        string? Text(Func<ProfileDefaults, string?> of) => ordered.Select(of).FirstOrDefault(v => v is not null);

        T? Value<T>(Func<ProfileDefaults, T?> of)
            where T : struct => ordered.Select(of).FirstOrDefault(v => v is not null);
    }
}
