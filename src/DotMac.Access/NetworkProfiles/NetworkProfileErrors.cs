using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

internal static class NetworkProfileErrors
{
    public static readonly Error NotFound = Error.NotFound("network_profile.not_found", "This subscriber has no network profile.");

    public static readonly Error Changed = Error.Changed("network_profile.changed");

    public static readonly Error HoldsAddresses = Error.Conflict(
        "network_profile.holds_addresses",
        "Addresses of this profile are allocated. Revoke them first, so that none is lost."
    );

    public static readonly Error NoIpv6Mode = Error.Invalid(
        "address.no_ipv6_mode",
        "The line has no IPv6 mode that takes addresses. Set ipv6_assignment_mode to slaac, stateful, pd or dual_stack first."
    );

    public static readonly Error PdSwitchedOff = Error.Invalid(
        "address.pd_switched_off",
        "Delegated prefixes are switched off for this tenant (ENABLE_IPV6_PD)."
    );

    public static readonly Error PlanNotConfigured = Error.Invalid(
        "address.plan_not_configured",
        "No address plan is configured. Give the address in the profile, or configure one."
    );

    public static Error TransitionRefused(AddressFamilyKind family, AddressState from, AddressState to) =>
        Error.Conflict(
            "address.transition_refused",
            from == AddressState.Revoked
                ? $"The {Name(family)} address is revoked, which is final. Give the profile another address, or make it anew."
                : $"The {Name(family)} address is {Words.Of(from)}; it cannot become {Words.Of(to)} from there."
        );

    /// <param name="holder">"the line of …", for example.</param>
    public static Fault AddressTaken(string field, string value, string holder) =>
        At(field, Error.Conflict("network_profile.address_taken", $"{field} {value} belongs to {holder}."));

    public static Fault VlanTaken(int service, int inner, string holder) =>
        At(
            "service_vlan",
            Error.Conflict("network_profile.vlan_taken", $"service_vlan {service} with inner_vlan {inner} belongs to {holder}.")
        );

    /// <summary>The plan cannot keep a pair where its line is to be.</summary>
    public static Fault VlanRefused(RoleFault fault) => At("service_vlan", Error.Conflict("network_profile.vlan_taken", fault.Message));

    /// <summary>All that others have, each with its field; the first gives the code.</summary>
    public static Error Taken(params IReadOnlyList<Fault> faults) =>
        new(ErrorKind.Conflict, faults[0].Code, string.Join(' ', faults.Select(f => f.Message)), faults);

    public static Error PlanRefused(RoleFault fault) =>
        fault.MayPass
            ? new Error(ErrorKind.Unavailable, "address.plan_unavailable", fault.Message)
            : Error.Conflict("address.plan_refused", $"{fault.Message} ({fault.Code})");

    private static Fault At(string field, Error error) => new(field, error.Code, error.Message);

    private static string Name(AddressFamilyKind family) => family == AddressFamilyKind.Ipv4 ? "IPv4" : "IPv6";
}
