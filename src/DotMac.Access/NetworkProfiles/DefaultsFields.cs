using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

/// <summary>What a caller may say about defaults. What is absent says nothing: less specific defaults decide.</summary>
/// <param name="BandwidthProfileId">For lines of this plan alone.</param>
/// <param name="SiteId">For lines at this site alone.</param>
/// <param name="VlanPool">Pool of the address plan, by name; so the other pools.</param>
/// <param name="Ipv6AssignmentMode">none, slaac, stateful, pd or dual_stack.</param>
/// <param name="Option82Policy">enforce, log or ignore.</param>
/// <param name="Ipv6PdSize">48 to 64.</param>
public sealed record DefaultsFields(
    Guid? BandwidthProfileId = null,
    Guid? SiteId = null,
    string? VlanPool = null,
    string? Ipv4Pool = null,
    string? Ipv6Pool = null,
    string? PdPool = null,
    string? Ipv6AssignmentMode = null,
    string? Option82Policy = null,
    bool? QinqEnabled = null,
    int? Ipv6PdSize = null
)
{
    private const int MostPoolName = 64;

    internal static DefaultsFields Of(ProfileDefaults d) =>
        new(
            d.BandwidthProfileId,
            d.SiteId,
            d.VlanPool,
            d.Ipv4Pool,
            d.Ipv6Pool,
            d.PdPool,
            d.Ipv6Mode is { } mode ? Words.Of(mode) : null,
            d.Option82Policy is { } policy ? Words.Of(policy) : null,
            d.QinqEnabled,
            d.Ipv6PdSize
        );

    /// <summary>Writes to the entity what is right; all faults at once otherwise.</summary>
    internal Error? ApplyTo(ProfileDefaults defaults)
    {
        var faults = new Faults()
            .Range("ipv6_pd_size", Ipv6PdSize, 48, 64)
            .Text("vlan_pool", VlanPool, 0, MostPoolName)
            .Text("ipv4_pool", Ipv4Pool, 0, MostPoolName)
            .Text("ipv6_pool", Ipv6Pool, 0, MostPoolName)
            .Text("pd_pool", PdPool, 0, MostPoolName);
        var mode = SubscriberFields.Word<Ipv6Mode>(faults, "ipv6_assignment_mode", Input.Clean(Ipv6AssignmentMode));
        var policy = SubscriberFields.Word<Option82Policy>(faults, "option82_policy", Input.Clean(Option82Policy));
        if (faults.Error is { } error)
        {
            return error;
        }

        defaults.BandwidthProfileId = BandwidthProfileId;
        defaults.SiteId = SiteId;
        defaults.VlanPool = Input.Clean(VlanPool);
        defaults.Ipv4Pool = Input.Clean(Ipv4Pool);
        defaults.Ipv6Pool = Input.Clean(Ipv6Pool);
        defaults.PdPool = Input.Clean(PdPool);
        defaults.Ipv6Mode = mode;
        defaults.Option82Policy = policy;
        defaults.QinqEnabled = QinqEnabled;
        defaults.Ipv6PdSize = (short?)Ipv6PdSize;
        return null;
    }
}
