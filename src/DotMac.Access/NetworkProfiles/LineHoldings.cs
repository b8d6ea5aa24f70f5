using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;

namespace DotMac.Access.NetworkProfiles;

/// <summary>How what the address plan holds stands on a line: put on, taken off, found. Pure; the one place where it is said.</summary>
internal static class LineHoldings
{
    /// <summary>
    /// The line with it. Of the link, an address and a prefix may stand together; what is left of the old beside the new must belong to it,
    /// or RADIUS would go on sending what is another's.
    /// </summary>
    public static LineFacts With(this LineFacts line, HeldAddress held)
    {
        if (line.Has(held))
        {
            return line;
        }

        var (network, address) = (held.Network, held.Network.BaseAddress);
        return held.Kind switch
        {
            AddressKind.Ipv4 => line with { StaticIpv4 = address, Ipv4Netmask = null },
            AddressKind.Ipv6 when network.PrefixLength == 128 => line with
            {
                StaticIpv6 = address,
                Ipv6Prefix = line.Ipv6Prefix is { } prefix && prefix.Contains(address) ? prefix : null,
            },
            AddressKind.Ipv6 => line with
            {
                Ipv6Prefix = network,
                StaticIpv6 = line.StaticIpv6 is { } own && network.Contains(own) ? own : null,
            },
            _ => line with { DelegatedIpv6Prefix = network, Ipv6PdSize = network.PrefixLength },
        };
    }

    /// <summary>The line without it; one that has something else stays as it is.</summary>
    public static LineFacts Without(this LineFacts line, HeldAddress held) =>
        !line.Has(held)
            ? line
            : held.Kind switch
            {
                AddressKind.Ipv4 => line with { StaticIpv4 = null, Ipv4Netmask = null },
                AddressKind.Ipv6 when held.Network.PrefixLength == 128 => line with { StaticIpv6 = null },
                AddressKind.Ipv6 => line with { Ipv6Prefix = null },
                _ => line with { DelegatedIpv6Prefix = null },
            };

    public static bool Has(this LineFacts line, HeldAddress held) =>
        held.Kind switch
        {
            AddressKind.Ipv4 => held.Network.BaseAddress.Equals(line.StaticIpv4),
            AddressKind.Ipv6 when held.Network.PrefixLength == 128 => held.Network.BaseAddress.Equals(line.StaticIpv6),
            AddressKind.Ipv6 => held.Network == line.Ipv6Prefix,
            _ => held.Network == line.DelegatedIpv6Prefix,
        };

    public static LineFacts With(this LineFacts line, HeldVlan held) =>
        line with
        {
            ServiceVlan = held.ServiceVlan,
            InnerVlan = held.InnerVlan,
        };

    /// <summary>The VLANs that are sent and provisioned: the inner one where line and tenant use Q-in-Q; otherwise it is only remembered.</summary>
    public static (int? Service, int? Inner) VlansInForce(this LineFacts line, TenantFlags flags) =>
        (line.ServiceVlan, line.QinqEnabled && flags.IsOn(TenantFlag.QinqProvisioning) ? line.InnerVlan : null);

    public static AddressFamilyKind Family(this AddressKind kind) =>
        kind == AddressKind.Ipv4 ? AddressFamilyKind.Ipv4 : AddressFamilyKind.Ipv6;
}
