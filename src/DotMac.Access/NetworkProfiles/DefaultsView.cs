using DotMac.Contracts.Access;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Defaults as the API shows them; null says nothing.</summary>
public sealed record DefaultsView(
    Guid Id,
    Guid? BandwidthProfileId,
    string? BandwidthProfileName,
    Guid? SiteId,
    string? VlanPool,
    string? Ipv4Pool,
    string? Ipv6Pool,
    string? PdPool,
    string? Ipv6AssignmentMode,
    string? Option82Policy,
    bool? QinqEnabled,
    int? Ipv6PdSize,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    internal static DefaultsView Of(ProfileDefaults d, string? plan)
    {
        var f = DefaultsFields.Of(d);
        return new(
            d.Id,
            f.BandwidthProfileId,
            plan,
            f.SiteId,
            f.VlanPool,
            f.Ipv4Pool,
            f.Ipv6Pool,
            f.PdPool,
            f.Ipv6AssignmentMode,
            f.Option82Policy,
            f.QinqEnabled,
            f.Ipv6PdSize,
            d.UpdatedAt,
            d.Version
        );
    }
}

/// <summary>What a line of that plan at that site would get; each value from the most specific defaults that have one.</summary>
public sealed record ResolvedDefaults(
    string? VlanPool,
    string? Ipv4Pool,
    string? Ipv6Pool,
    string? PdPool,
    string? Ipv6AssignmentMode,
    string Option82Policy,
    bool QinqEnabled,
    int Ipv6PdSize
)
{
    internal static ResolvedDefaults Of(LineDefaults d) =>
        new(
            d.VlanPool,
            d.Ipv4Pool,
            d.Ipv6Pool,
            d.PdPool,
            d.Ipv6Mode is { } mode ? Words.Of(mode) : null,
            Words.Of(d.Option82Policy),
            d.QinqEnabled,
            d.Ipv6PdSize
        );
}

internal static class DefaultsErrors
{
    public static readonly Error NotFound = Error.NotFound("network_profile_defaults.not_found", "There are no such defaults.");

    public static readonly Error Changed = Error.Changed("network_profile_defaults.changed");

    /// <summary>What the constraints of the table refuse.</summary>
    public static readonly (string Constraint, Error Error)[] Conflicts =
    [
        (
            "network_profile_defaults_place_key",
            Error.Conflict("network_profile_defaults.exists", "There are defaults for this plan and site already. Change those.")
        ),
        (
            "network_profile_defaults_plan_fkey",
            new Faults().Add("bandwidth_profile_id", "not_found", "There is no such bandwidth profile.").Error!
        ),
    ];
}
