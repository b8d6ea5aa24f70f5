using System.Net;
using System.Net.Sockets;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;

namespace DotMac.Access.NetworkProfiles;

/// <summary>One address or prefix that a line needs.</summary>
/// <param name="Static">This one: the profile names it. Null: the next free one.</param>
/// <param name="Length">Of a delegated prefix; of the link what its mode can use: a /64 to advertise, a /128 to hand out.</param>
/// <param name="Field">Of the order, for a fault.</param>
/// <param name="Reservation">What was kept for it in the address plan.</param>
internal sealed record AddressNeed(AddressKind Kind, IPNetwork? Static, string? Pool, int? Length, string Field, Guid? Reservation = null)
{
    public bool IsStatic => Static is not null;

    /// <summary>Whose pool is at fault when there is none.</summary>
    public string PoolField =>
        Kind switch
        {
            AddressKind.Ipv4 => "ipv4_pool",
            AddressKind.Ipv6 => "ipv6_pool",
            _ => "pd_pool",
        };

    public AddressOrder ToOrder(string key, Guid owner, string label, Guid? site, IReadOnlyList<Guid>? own = null) =>
        // A static one is told: the plan is not asked for a place in a certain pool.
        new(key, owner, label, Kind, Static, IsStatic ? null : Pool, Length, site, Reservation, own);

    /// <summary>
    /// Why what the plan gave does not serve. With ENABLE_STATIC_IP_BYPASS off it must agree to a static address: one that lies in a pool, or that it keeps for the line.
    /// </summary>
    public RoleFault? Refusal(HeldAddress held, TenantFlags flags) =>
        !IsStatic && Kind == AddressKind.Ipv6 && Length is { } length && held.Network.PrefixLength != length
            ? new RoleFault(
                "provision.pool_unfit",
                $"{(Reservation is null ? $"The pool {held.Pool} hands out" : "What is reserved is a")} /{held.Network.PrefixLength}; the line's mode needs a /{length}."
            )
        : IsStatic && Reservation is null && held.Pool is null && !flags.IsOn(TenantFlag.StaticIpBypass)
            ? new RoleFault("provision.address_outside_pools", $"{Static} lies in no pool, and ENABLE_STATIC_IP_BYPASS is off.")
        : null;
}

/// <summary>Which addresses a line needs from the address plan, by its IPv6 mode. Pure.</summary>
/// <remarks>
/// <code>
/// mode        address    link (/64 or /128)   delegated prefix
/// none        IPv4       -                    -
/// slaac       IPv4       yes                  -
/// stateful    IPv4       yes                  -
/// pd          IPv4       -                    yes
/// dual_stack  IPv4       yes                  yes
/// </code>
/// What is static is told in every mode. A pool on the NAS takes the place of what would be allocated; with ENABLE_IPV6_PD off no prefix is
/// delegated.
/// </remarks>
internal static class AddressNeeds
{
    public static IReadOnlyList<AddressNeed> Of(LineFacts line, TenantFlags flags, ReservationFields? reservations) =>
        [.. Of(line, flags).Select(n => n with { Reservation = reservations?.Of(n.Kind) })];

    public static IReadOnlyList<AddressNeed> Of(LineFacts line, TenantFlags flags)
    {
        var needs = new List<AddressNeed>(3);
        if (line.StaticIpv4 is { } v4)
        {
            needs.Add(new(AddressKind.Ipv4, new IPNetwork(v4, 32), line.Ipv4Pool, null, "static_ipv4"));
        }
        else if (line.NasIpv4Pool is null)
        {
            needs.Add(new(AddressKind.Ipv4, null, line.Ipv4Pool, null, "ipv4_pool"));
        }

        var mode = line.Ipv6Mode ?? Ipv6Mode.None;
        if (LinkOf(line) is { } link)
        {
            needs.Add(new(AddressKind.Ipv6, link, line.Ipv6Pool, null, line.StaticIpv6 is null ? "ipv6_prefix" : "static_ipv6"));
        }
        else if (mode is Ipv6Mode.Slaac or Ipv6Mode.Stateful or Ipv6Mode.DualStack && line.NasIpv6Pool is null)
        {
            needs.Add(new(AddressKind.Ipv6, null, line.Ipv6Pool, LinkLength(mode), "ipv6_pool"));
        }

        if (!flags.IsOn(TenantFlag.Ipv6Pd))
        {
            return needs;
        }

        if (line.DelegatedIpv6Prefix is { } delegated)
        {
            needs.Add(new(AddressKind.DelegatedPrefix, delegated, line.PdPool, null, "delegated_ipv6_prefix"));
        }
        else if (mode is Ipv6Mode.Pd or Ipv6Mode.DualStack && line.NasPdPool is null)
        {
            needs.Add(new(AddressKind.DelegatedPrefix, null, line.PdPool, line.Ipv6PdSize, "pd_pool"));
        }

        return needs;
    }

    /// <summary>What a mode can use on the link: a /64 to advertise, a /128 to hand out; null: either.</summary>
    public static int? LinkLength(Ipv6Mode? mode) =>
        mode switch
        {
            Ipv6Mode.Slaac => 64,
            Ipv6Mode.Stateful => 128,
            _ => null,
        };

    /// <summary>The plan keeps one of a kind for an owner: the address when there is one, else the link's prefix when it is a /64.</summary>
    private static IPNetwork? LinkOf(LineFacts line) =>
        line.StaticIpv6 is { AddressFamily: AddressFamily.InterNetworkV6 } address ? new IPNetwork(address, 128)
        : line.Ipv6Prefix is { PrefixLength: 64 } prefix ? prefix
        : null;
}
