using DotMac.Contracts.Access;
using DotMac.Contracts.External;

namespace DotMac.Access.NetworkProfiles;

/// <summary>What the address plan holds for a line.</summary>
/// <param name="Kind">ipv4, ipv6 or delegated_prefix.</param>
/// <param name="State">In the plan's own books.</param>
public sealed record HeldAddressView(string Kind, string Network, string State, string? Pool, string? Gateway);

/// <summary>The addresses of one family of a line.</summary>
/// <param name="Addresses">As the profile says and RADIUS sends: the address, the link's prefix, the delegated prefix; those that there are.</param>
/// <param name="Driver">Of the address plan; none when there is none.</param>
/// <param name="Held">What the plan holds for the line; empty also when the plan cannot be asked now.</param>
/// <param name="PlanFault">Why the plan could not be asked.</param>
/// <param name="Version">Of the profile.</param>
public sealed record AddressStatusView(
    Guid SubscriberId,
    string Family,
    AddressLifeView Life,
    IReadOnlyList<string> Addresses,
    string? Mode,
    string Driver,
    IReadOnlyList<HeldAddressView> Held,
    string? PlanFault,
    int Version
)
{
    internal static AddressStatusView Of(
        Line line,
        AddressFamilyKind family,
        string driver,
        IEnumerable<HeldAddress> held,
        RoleFault? fault
    )
    {
        var facts = line.Facts;
        string?[] addresses =
            family == AddressFamilyKind.Ipv4
                ? [facts.StaticIpv4?.ToString()]
                : [facts.StaticIpv6?.ToString(), facts.Ipv6Prefix?.ToString(), facts.DelegatedIpv6Prefix?.ToString()];
        return new AddressStatusView(
            line.Subscriber.Id,
            family == AddressFamilyKind.Ipv4 ? "ipv4" : "ipv6",
            AddressLifeView.Of(line.Profile, family),
            [.. addresses.OfType<string>()],
            family == AddressFamilyKind.Ipv6 && facts.Ipv6Mode is { } mode ? Words.Of(mode) : null,
            driver,
            [
                .. held.Where(h => h.Kind == AddressKind.Ipv4 == (family == AddressFamilyKind.Ipv4))
                    .Select(h => new HeldAddressView(
                        Words.Of(h.Kind),
                        h.Network.ToString(),
                        Words.Of(h.State),
                        h.Pool,
                        h.Gateway?.ToString()
                    )),
            ],
            fault?.Message,
            line.Version
        );
    }
}
