namespace DotMac.Network.Ipam.Registry;

/// <summary>Routes by which the same use case answers: ours first, then the names under which others know the resource.</summary>
internal static class Aliases
{
    public static readonly string[] Sites = ["/ipam/sites", "/netbox/dcim/sites"];

    public static readonly string[] Vrfs = ["/ipam/vrfs", "/netbox/ipam/vrfs"];

    public static readonly string[] Vlans = ["/ipam/vlans", "/netbox/ipam/vlans"];

    public static readonly string[] Prefixes = ["/ipam/prefixes", "/netbox/ipam/prefixes"];

    public static readonly string[] AddressPools = ["/ipam/pools", "/ip-management/pools"];

    public static readonly string[] Addresses = ["/ipam/ip-addresses", "/netbox/ipam/ip-addresses"];

    public static readonly string[] Reservations = ["/ipam/reservations", "/ip-management/reservations"];

    /// <summary>Name of the endpoint under one of the routes.</summary>
    public static string Name(string useCase, string route) =>
        route.StartsWith("/netbox/", StringComparison.Ordinal) ? useCase + "Netbox"
        : route.StartsWith("/ip-management/", StringComparison.Ordinal) ? useCase + "IpManagement"
        : useCase;
}
