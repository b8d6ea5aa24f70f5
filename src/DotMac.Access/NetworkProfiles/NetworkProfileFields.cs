using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

/// <summary>What a caller may say about a line. What is absent comes from the defaults of its plan and site, or is none.</summary>
/// <param name="CircuitId">Where the line is (Option 82): printable text, or octets as 0x….</param>
/// <param name="RemoteId">Who stands at its end (Option 82): printable text, or octets as 0x….</param>
/// <param name="Option82Policy">enforce, log or ignore.</param>
/// <param name="ServiceVlan">Outer VLAN, 1 to 4094.</param>
/// <param name="InnerVlan">Customer VLAN of Q-in-Q, 1 to 4094; needs service_vlan; sent only with qinq_enabled.</param>
/// <param name="QinqEnabled">Absent: true when inner_vlan is given.</param>
/// <param name="VlanPool">Pool of the address plan that the VLAN is taken from; so ipv4_pool, ipv6_pool, pd_pool.</param>
/// <param name="Ipv6Prefix">Prefix of the link.</param>
/// <param name="DelegatedIpv6Prefix">Length 48 to 64; its length is then ipv6_pd_size.</param>
/// <param name="Ipv6PdSize">Length of the prefix to delegate, 48 to 64.</param>
/// <param name="Ipv6AssignmentMode">none, slaac, stateful, pd or dual_stack; absent it follows from what the line has.</param>
/// <param name="NasIpv4Pool">Pool on the NAS (Framed-Pool), for a line without static_ipv4; so nas_ipv6_pool, nas_pd_pool.</param>
public sealed record NetworkProfileFields(
    string? CircuitId = null,
    string? RemoteId = null,
    string? Option82Policy = null,
    int? ServiceVlan = null,
    int? InnerVlan = null,
    bool? QinqEnabled = null,
    string? VlanPool = null,
    string? StaticIpv4 = null,
    string? Ipv4Netmask = null,
    string? Ipv4Pool = null,
    string? Ipv6AssignmentMode = null,
    string? StaticIpv6 = null,
    string? Ipv6Prefix = null,
    string? Ipv6Pool = null,
    string? DelegatedIpv6Prefix = null,
    int? Ipv6PdSize = null,
    string? PdPool = null,
    string? NasIpv4Pool = null,
    string? NasIpv6Pool = null,
    string? NasPdPool = null,
    Guid? SiteId = null
)
{
    private const int MostPoolName = 64;

    /// <summary>What the facts would be as a caller says them; reading it back gives the facts again.</summary>
    internal static NetworkProfileFields Of(LineFacts facts) =>
        new(
            facts.CircuitId,
            facts.RemoteId,
            Words.Of(facts.Option82Policy),
            facts.ServiceVlan,
            facts.InnerVlan,
            facts.QinqEnabled,
            facts.VlanPool,
            facts.StaticIpv4?.ToString(),
            facts.Ipv4Netmask?.ToString(),
            facts.Ipv4Pool,
            facts.Ipv6Mode is { } mode ? Words.Of(mode) : null,
            facts.StaticIpv6?.ToString(),
            facts.Ipv6Prefix?.ToString(),
            facts.Ipv6Pool,
            facts.DelegatedIpv6Prefix?.ToString(),
            facts.Ipv6PdSize,
            facts.PdPool,
            facts.NasIpv4Pool,
            facts.NasIpv6Pool,
            facts.NasPdPool,
            facts.SiteId
        );

    /// <summary>Fills what is absent from the defaults of plan and site.</summary>
    internal NetworkProfileFields Over(LineDefaults defaults) =>
        this with
        {
            Option82Policy = Input.Clean(Option82Policy) ?? Words.Of(defaults.Option82Policy),
            QinqEnabled = QinqEnabled ?? (InnerVlan is not null || defaults.QinqEnabled),
            VlanPool = Input.Clean(VlanPool) ?? defaults.VlanPool,
            Ipv4Pool = Input.Clean(Ipv4Pool) ?? defaults.Ipv4Pool,
            Ipv6Pool = Input.Clean(Ipv6Pool) ?? defaults.Ipv6Pool,
            PdPool = Input.Clean(PdPool) ?? defaults.PdPool,
            Ipv6AssignmentMode = Input.Clean(Ipv6AssignmentMode) ?? (defaults.Ipv6Mode is { } mode ? Words.Of(mode) : null),
            Ipv6PdSize = Ipv6PdSize ?? defaults.Ipv6PdSize,
        };

    /// <summary>All faults at once, or the facts.</summary>
    internal Result<LineFacts> Read()
    {
        var faults = new Faults()
            .Range("service_vlan", ServiceVlan, 1, 4094)
            .Range("inner_vlan", InnerVlan, 1, 4094)
            .Check(
                InnerVlan is null || ServiceVlan is not null,
                "inner_vlan",
                "without_vlan",
                "An inner VLAN needs service_vlan, the outer one."
            )
            .Range("ipv6_pd_size", Ipv6PdSize, 48, 64)
            .Text("vlan_pool", VlanPool, 0, MostPoolName)
            .Text("ipv4_pool", Ipv4Pool, 0, MostPoolName)
            .Text("ipv6_pool", Ipv6Pool, 0, MostPoolName)
            .Text("pd_pool", PdPool, 0, MostPoolName)
            .Check(
                Input.Clean(Ipv4Netmask) is null || Input.Clean(StaticIpv4) is not null,
                "ipv4_netmask",
                "without_address",
                "A netmask needs static_ipv4."
            );
        SubscriberFields.CheckAttributeText(faults, "nas_ipv4_pool", NasIpv4Pool);
        SubscriberFields.CheckAttributeText(faults, "nas_ipv6_pool", NasIpv6Pool);
        SubscriberFields.CheckAttributeText(faults, "nas_pd_pool", NasPdPool);
        var mask = LineAddress.Netmask(faults, "ipv4_netmask", Input.Clean(Ipv4Netmask));
        var delegated = LineAddress.Prefix(faults, "delegated_ipv6_prefix", Input.Clean(DelegatedIpv6Prefix), 48, 64);
        var facts = new LineFacts
        {
            CircuitId = SubscriberFields.Id(faults, "circuit_id", Input.Clean(CircuitId), remote: false),
            RemoteId = SubscriberFields.Id(faults, "remote_id", Input.Clean(RemoteId), remote: true),
            Option82Policy =
                SubscriberFields.Word<Option82Policy>(faults, "option82_policy", Input.Clean(Option82Policy))
                ?? Contracts.Access.Option82Policy.Log,
            ServiceVlan = ServiceVlan,
            InnerVlan = InnerVlan,
            QinqEnabled = QinqEnabled ?? InnerVlan is not null,
            VlanPool = Input.Clean(VlanPool),
            StaticIpv4 = LineAddress.HostIpv4(faults, "static_ipv4", Input.Clean(StaticIpv4), mask),
            Ipv4Netmask = mask,
            Ipv4Pool = Input.Clean(Ipv4Pool),
            Ipv6Mode = SubscriberFields.Word<Ipv6Mode>(faults, "ipv6_assignment_mode", Input.Clean(Ipv6AssignmentMode)),
            StaticIpv6 = LineAddress.HostIpv6(faults, "static_ipv6", Input.Clean(StaticIpv6)),
            Ipv6Prefix = LineAddress.Prefix(faults, "ipv6_prefix", Input.Clean(Ipv6Prefix), 16, 128),
            Ipv6Pool = Input.Clean(Ipv6Pool),
            DelegatedIpv6Prefix = delegated,
            Ipv6PdSize = delegated?.PrefixLength ?? Ipv6PdSize ?? 56,
            PdPool = Input.Clean(PdPool),
            NasIpv4Pool = Input.Clean(NasIpv4Pool),
            NasIpv6Pool = Input.Clean(NasIpv6Pool),
            NasPdPool = Input.Clean(NasPdPool),
            SiteId = SiteId,
        };
        return faults.Error is { } error ? error : facts;
    }
}
