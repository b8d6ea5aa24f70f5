using DotMac.Network.Ipam.Addresses;
using DotMac.Network.Ipam.Pools;
using DotMac.Network.Ipam.Prefixes;
using DotMac.Network.Ipam.Reservations;
using DotMac.Network.Ipam.Sites;
using DotMac.Network.Ipam.Vlans;
using DotMac.Network.Ipam.Vrfs;

namespace DotMac.Host.Demo;

/// <summary>The demo ISP's address plan: enough to provision a line at once, IPv4, IPv6, delegated prefix and VLAN. All of it is documentation or private space.</summary>
internal static class DemoPlan
{
    public static readonly SiteFields Site = new(
        "Ikeja POP",
        "ikeja",
        Facility: "Rack 4",
        Latitude: 6.6018,
        Longitude: 3.3515,
        TimeZone: "Africa/Lagos"
    );

    public static readonly IReadOnlyList<VrfFields> Vrfs = [new("Business", "64500:20", "Customers' own networks")];

    public static readonly IReadOnlyList<PrefixFields> Prefixes =
    [
        new("100.96.0.0/12", Status: "container", Role: "access", Description: "Lines behind carrier-grade NAT"),
        new("100.96.0.0/16", Role: "access", Description: "Homes"),
        new("203.0.113.0/24", Role: "access", IsPool: true, Description: "Lines with a public address"),
        new("198.51.100.0/24", Role: "infrastructure", Description: "Routers and servers"),
        new("2001:db8::/32", Status: "container", Role: "access", Description: "All IPv6 of the demo"),
        new("2001:db8:4000::/36", Role: "access", Description: "Delegated prefixes"),
        new("2001:db8:8000::/48", Status: "container", Role: "access", Description: "WAN links"),
    ];

    public static readonly IReadOnlyList<PoolFields> Pools =
    [
        new(
            "homes-v4",
            "ipv4_private",
            "100.96.0.0/16",
            Gateway: "100.96.0.1",
            DnsServers: ["198.51.100.53"],
            IsDefault: true,
            Description: "Homes, behind carrier-grade NAT"
        ),
        new(
            "public-v4",
            "ipv4_public",
            "203.0.113.0/24",
            First: "203.0.113.16",
            Last: "203.0.113.254",
            Description: "Lines that pay for a public address"
        ),
        new("homes-pd", "ipv6_pd", "2001:db8:4000::/36", DelegationLength: 56, IsDefault: true, Description: "A /56 for each line"),
        new("wan-v6", "ipv6_address", "2001:db8:8000:1::/64", IsDefault: true, Description: "WAN addresses of the lines"),
    ];

    public static readonly VlanGroupFields VlanGroup = new("Access", Description: "VLANs towards subscribers");

    public static readonly IReadOnlyList<VlanPoolFields> VlanPools =
    [
        new("access-vlans", ServiceFirst: 200, ServiceLast: 399, IsDefault: true, Description: "One VLAN for each line"),
        new(
            "access-qinq",
            IsQinq: true,
            ServiceFirst: 1000,
            ServiceLast: 1019,
            InnerFirst: 2,
            InnerLast: 4000,
            IsDefault: true,
            Description: "A pair of VLANs for each line"
        ),
    ];

    public static readonly IReadOnlyList<AllocateIp.Body> Addresses =
    [
        new("198.51.100.1", Label: "core-1", DnsName: "core-1.demo.example"),
        new("198.51.100.2", Label: "core-2", DnsName: "core-2.demo.example"),
        new("198.51.100.53", Label: "resolver", DnsName: "dns.demo.example"),
        new("203.0.113.200", Label: "mail of a business line"),
    ];

    public static readonly CreateReservation.Body Reservation = new("203.0.113.20", Label: "kept for a new business line");
}
