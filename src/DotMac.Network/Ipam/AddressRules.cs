using System.Net;
using System.Net.Sockets;
using DotMac.Contracts.External;

namespace DotMac.Network.Ipam;

/// <summary>What may be asked of the address plan, and how its refusals are said.</summary>
internal static class AddressRules
{
    /// <summary>Delegated prefixes are /48 to /64.</summary>
    public const int ShortestDelegated = 48;

    public const int LongestDelegated = 64;

    /// <summary>Whether a network is something of this kind; null when it is.</summary>
    public static string? Unfit(AddressKind kind, IPNetwork network)
    {
        var isV4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        return kind switch
        {
            AddressKind.Ipv4 when !isV4 || network.PrefixLength != 32 => "An IPv4 address is meant: /32.",
            AddressKind.Ipv6 when isV4 || network.PrefixLength is not (128 or 64) =>
                "An IPv6 address is meant, /128, or the /64 of a WAN link.",
            AddressKind.DelegatedPrefix when isV4 || network.PrefixLength is < ShortestDelegated or > LongestDelegated =>
                $"An IPv6 prefix is meant, /{ShortestDelegated} to /{LongestDelegated}.",
            _ => null,
        };
    }

    /// <summary>The kind that a network is of, when nobody says: a single address, or a delegated prefix.</summary>
    public static AddressKind KindOf(IPNetwork network) =>
        network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? AddressKind.Ipv4
        : network.PrefixLength == 128 ? AddressKind.Ipv6
        : AddressKind.DelegatedPrefix;

    /// <summary>Why the allocator gave nothing.</summary>
    public static RoleFault Fault(Said said, AddressKind kind, IPNetwork? wanted, string? pool, int? length) =>
        said.Outcome switch
        {
            "held" => new("ipam.already_held", $"The owner already holds {said.Detail}. Release that first."),
            "taken" => new("ipam.address_taken", $"{wanted} belongs to somebody else.", IsOthers: true),
            "set_aside" => new("ipam.address_taken", $"{wanted} is set aside{(said.Detail is null ? "" : $" ({said.Detail})")}."),
            "resting" => new(
                "ipam.address_taken",
                $"{wanted} was given back a short while ago and rests until {said.Detail}.",
                MayPass: true
            ),
            "not_reserved" => new(
                "ipam.reservation_unknown",
                "There is no such reservation: it was used, it ended, or it keeps something of another kind or for another subscriber."
            ),
            "other_reserved" => new("ipam.reservation_other", $"The reservation keeps {said.Detail}, not {wanted}."),
            "wrong_unit" => new("ipam.address_taken", $"{wanted} lies within a pool that hands out /{said.Detail} pieces."),
            "exhausted" => new("ipam.pool_exhausted", $"{Named(pool, kind, length)} has nothing left. Add a range to it."),
            "busy" => new(
                "ipam.pool_busy",
                $"The last places of {Named(pool, kind, length)} are being taken by others. Ask again.",
                MayPass: true
            ),
            "pool_closed" => new(
                "ipam.pool_closed",
                $"{Named(pool, kind, length)} hands out nothing now: it is reserved or under maintenance."
            ),
            "pool_unknown" => new(
                "ipam.pool_unknown",
                pool is null
                    ? $"No active default pool hands out {Words(kind, length)} here. Make one, or name a pool."
                    : $"There is no pool {pool} that hands out {Words(kind, length)}."
            ),
            var other => throw new InvalidOperationException($"The allocator said {other}."),
        };

    /// <summary>Why no VLAN was given.</summary>
    public static RoleFault VlanFault(Said said, VlanOrder order)
    {
        var wanted = $"VLAN {order.ServiceVlan}{(order.InnerVlan is { } inner ? $".{inner}" : "")}";
        var pool = order.Pool is { } name ? $"VLAN pool {name}" : "The VLAN pool";
        return said.Outcome switch
        {
            "held" => new("ipam.already_held", $"The owner already holds VLAN {said.Detail}. Release that first."),
            "taken" => new("ipam.vlan_taken", $"{wanted} belongs to somebody else, or lies outside the pool.", IsOthers: true),
            "resting" => new("ipam.vlan_taken", $"{wanted} was given back a short while ago and rests until {said.Detail}.", MayPass: true),
            "exhausted" => new(
                "ipam.vlan_pool_exhausted",
                $"{pool} has no VLAN left{(order.ServiceVlan is { } vlan ? $" in service VLAN {vlan}" : "")}."
            ),
            "busy" => new("ipam.pool_busy", $"The last VLANs of {pool} are being taken by others. Ask again.", MayPass: true),
            "pool_closed" => new("ipam.pool_closed", $"{pool} hands out nothing now: it is reserved or under maintenance."),
            "wrong_unit" => new(
                "ipam.vlan_pool_unknown",
                order.IsQinQ ? $"{pool} hands out single VLANs, not Q-in-Q." : $"{pool} hands out Q-in-Q pairs, not single VLANs."
            ),
            "pool_unknown" => new(
                "ipam.vlan_pool_unknown",
                order.Pool is null
                    ? "No active default VLAN pool serves this. Make one, or name a pool."
                    : $"There is no VLAN pool {order.Pool}."
            ),
            var other => throw new InvalidOperationException($"The allocator said {other}."),
        };
    }

    private static string Named(string? pool, AddressKind kind, int? length) =>
        pool is null ? $"The pool for {Words(kind, length)}" : $"Pool {pool}";

    private static string Words(AddressKind kind, int? length) =>
        kind switch
        {
            AddressKind.Ipv4 => "IPv4 addresses",
            AddressKind.Ipv6 => length switch
            {
                128 => "single IPv6 addresses (/128)",
                64 => "IPv6 link prefixes (/64)",
                _ => "IPv6 addresses",
            },
            _ => length is null ? "delegated prefixes" : $"delegated prefixes of /{length}",
        };
}
