using System.Net;
using System.Net.Sockets;

namespace DotMac.Kernel.OutgoingHttp;

/// <summary>Which addresses are the public internet.</summary>
/// <remarks>
/// <b>Source:</b> IANA IPv4 and IPv6 special-purpose address registries (RFC 6890). An IPv4 address inside an IPv6 one (mapped, RFC 4291;
/// NAT64, RFC 6052) is judged as what it leads to; 6to4 and Teredo, which hide one as well, are not public here.
/// </remarks>
internal static class AddressRules
{
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", // this network
            "10.0.0.0/8",
            "100.64.0.0/10", // carrier-grade NAT; a cloud's metadata at 100.100.100.200
            "127.0.0.0/8",
            "168.63.129.16/32", // a cloud's metadata at a public address
            "169.254.0.0/16", // link-local; the clouds' metadata at 169.254.169.254
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3", // multicast, reserved, broadcast
            "2001::/23", // protocol assignments, Teredo among them
            "2001:db8::/32",
            "2002::/16", // 6to4
            "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Unicast6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        var judged = Inner(address);
        return (judged.AddressFamily == AddressFamily.InterNetwork || Unicast6.Contains(judged))
            && !Array.Exists(Special, n => n.Contains(judged));
    }

    public static bool IsIn(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        var judged = Inner(address);
        return networks.Any(n => n.Contains(judged));
    }

    private static IPAddress Inner(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 && Nat64.Contains(address)
            ? new IPAddress(address.GetAddressBytes().AsSpan(12))
            : address;
    }
}
