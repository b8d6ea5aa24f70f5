using DotMac.Contracts.External;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Ids of reservations of the address plan (<c>/api/v1/ipam/reservations</c>), one of each kind at most.</summary>
public sealed record ReservationFields(Guid? Ipv4 = null, Guid? Ipv6 = null, Guid? DelegatedPrefix = null)
{
    internal Guid? Of(AddressKind kind) =>
        kind switch
        {
            AddressKind.Ipv4 => Ipv4,
            AddressKind.Ipv6 => Ipv6,
            _ => DelegatedPrefix,
        };

    /// <summary>As the order names it.</summary>
    internal static string Field(AddressKind kind) => "reservations." + Words.Of(kind);
}
