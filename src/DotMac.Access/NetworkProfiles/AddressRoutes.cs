using DotMac.Contracts.Access;
using DotMac.Contracts.External;

namespace DotMac.Access.NetworkProfiles;

/// <summary>How the two families and the moves of an address are spelled in paths.</summary>
internal static class AddressRoutes
{
    public static readonly (AddressFamilyKind Family, string Word)[] Families =
    [
        (AddressFamilyKind.Ipv4, "ipv4"),
        (AddressFamilyKind.Ipv6, "ipv6"),
    ];

    /// <summary>The moves that ask nothing of the address plan but to follow. IPv4 is reactivated, IPv6 resumed; it is the same.</summary>
    public static readonly (AddressFamilyKind Family, string Word, AddressState From, AddressState To)[] Moves =
    [
        (AddressFamilyKind.Ipv4, "activate", AddressState.Allocated, AddressState.Active),
        (AddressFamilyKind.Ipv4, "suspend", AddressState.Active, AddressState.Suspended),
        (AddressFamilyKind.Ipv4, "reactivate", AddressState.Suspended, AddressState.Active),
        (AddressFamilyKind.Ipv6, "activate", AddressState.Allocated, AddressState.Active),
        (AddressFamilyKind.Ipv6, "suspend", AddressState.Active, AddressState.Suspended),
        (AddressFamilyKind.Ipv6, "resume", AddressState.Suspended, AddressState.Active),
    ];
}
