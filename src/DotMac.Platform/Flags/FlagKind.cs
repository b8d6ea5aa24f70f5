using DotMac.Contracts.Platform;

namespace DotMac.Platform.Flags;

/// <summary>One flag that there is.</summary>
/// <param name="Choices">The values it can have; the first is that of a new installation.</param>
/// <param name="Description">What it does while it is on, for people.</param>
/// <param name="WhenOff">What happens otherwise.</param>
internal sealed record FlagKind(string Name, IReadOnlyList<string> Choices, string Description, string WhenOff)
{
    private static readonly string[] Switch = ["on", "off"];

    public static readonly IReadOnlyList<FlagKind> All =
    [
        Of(
            TenantFlag.NetworkProfileConsumption,
            "RADIUS answers with the line's network profile: VLANs, own addresses, IPv6, Option 82.",
            "Lines get their rates, limits, NAS pools and routes alone."
        ),
        Of(
            TenantFlag.StaticIpBypass,
            "A static address is taken as it stands; the address plan is told, not asked.",
            "The address plan must hold the static address, or it is refused."
        ),
        Of(
            TenantFlag.QinqProvisioning,
            "The customer VLAN inside the service VLAN is provisioned and sent.",
            "The service VLAN is sent alone."
        ),
        Of(
            TenantFlag.Option82Enforcement,
            "A line with policy enforce is rejected when it signs on from elsewhere.",
            "It is accepted, counted and shown as an alert, as with policy log."
        ),
        new(
            TenantFlags.Option82DefaultPolicyName,
            ["log", "enforce", "ignore"],
            "The Option 82 policy of new lines for which nobody names one.",
            "Lines that are there keep theirs."
        ),
        Of(TenantFlag.Ipv6Pd, "Delegated IPv6 prefixes are allocated and sent.", "They are neither allocated nor sent."),
        Of(
            TenantFlag.VlanCoaUpdates,
            "A changed VLAN is told to the NAS of live sessions at once.",
            "It holds from the next sign-on; VLAN changes of live sessions are refused."
        ),
    ];

    public static FlagKind? Find(string name) => All.FirstOrDefault(k => string.Equals(k.Name, name, StringComparison.OrdinalIgnoreCase));

    private static FlagKind Of(TenantFlag flag, string description, string whenOff) =>
        new(TenantFlags.NameOf(flag), Switch, description, whenOff);
}
