using DotMac.Contracts.Access;
using DotMac.Kernel.Results;

namespace DotMac.Access.Subscribers;

internal static class SubscriberErrors
{
    public static readonly Error Changed = Error.Changed("subscriber.changed");

    /// <summary>A workflow has it, or had it last: enabling and suspending by hand are not for it.</summary>
    public static Error NotInService(SubscriberStatus status) =>
        Error.Conflict("subscriber.not_in_service", $"The subscriber is {Words.Of(status)}: it cannot be enabled or suspended by hand.");

    public static Error TransitionRefused(SubscriberStatus from, SubscriberStatus to) =>
        Error.Conflict("subscriber.transition_refused", $"A subscriber that is {Words.Of(from)} cannot become {Words.Of(to)}.");

    /// <summary>Its addresses, VLAN and ONU would stay behind.</summary>
    public static readonly Error HasService = Error.Conflict(
        "subscriber.has_service",
        "A service is provisioned for this subscriber. Deprovision it: that gives back what it holds."
    );

    /// <summary>The address plan would keep for nobody what this line has of it.</summary>
    public static readonly Error HoldsAddresses = Error.Conflict(
        "subscriber.holds_addresses",
        "Addresses are allocated to this subscriber's line. Revoke them first: that gives them back."
    );

    /// <summary>Nobody would give it back. Addresses of the line alone are revoked; everything together ends with its service.</summary>
    public static Error StillHolds(StillHeld held) =>
        Error.Conflict(
            held.Addresses.Count > 0 ? HoldsAddresses.Code : "subscriber.holds_network",
            $"The subscriber still holds {held.InWords}. Deprovision it: that gives back everything."
        );

    public static readonly Error ReasonsLeft = Error.Conflict(
        "subscriber.reasons_left",
        "The line stays suspended: it has other reasons. End each of them where suspensions are listed."
    );

    /// <summary>All that others have of what the subscriber and its line were to get, each with its field here; the first gives the code.</summary>
    public static Error Taken(IReadOnlyList<LineConflict> conflicts) =>
        new(
            ErrorKind.Conflict,
            conflicts[0].Code,
            string.Join(' ', conflicts.Select(c => c.Message)),
            [.. conflicts.Select(c => new Fault(SubscriberFields.NameOf(c.Field), c.Code, c.Message))]
        );

    private static Error UsernameTaken(SubscriberFields fields) =>
        Error.Conflict("subscriber.username_taken", $"The username {fields.Username} is taken. Choose another one.");

    private static Error NumberTaken(SubscriberFields fields) =>
        Error.Conflict("subscriber.number_taken", $"The subscriber number {fields.SubscriberNumber} is taken.");

    private static Error MacTaken(SubscriberFields fields) =>
        Error.Conflict("subscriber.mac_taken", $"Another subscriber has the MAC address {fields.MacAddress}.");

    /// <summary>What other subscribers are called by already, each with its field.</summary>
    public static IEnumerable<LineConflict> NamesTaken(SubscriberFields fields, bool username, bool number, bool mac)
    {
        (bool Is, string Field, Error Error)[] all =
        [
            (username, "username", UsernameTaken(fields)),
            (number, "subscriber_number", NumberTaken(fields)),
            (mac, "mac_address", MacTaken(fields)),
        ];
        return all.Where(t => t.Is).Select(t => new LineConflict(t.Field, t.Error.Code, t.Error.Message));
    }

    /// <summary>What the unique indexes and the foreign key refuse, each with its name.</summary>
    public static (string Constraint, Error Error)[] Conflicts(SubscriberFields fields) =>
        [
            ("subscribers_username_key", UsernameTaken(fields)),
            ("subscribers_number_key", NumberTaken(fields)),
            (
                "subscribers_ipv4_key",
                Error.Conflict("subscriber.address_taken", $"Another subscriber has the address {fields.FramedIpv4Address}.")
            ),
            (
                "subscribers_delegated_key",
                Error.Conflict("subscriber.prefix_taken", $"Another subscriber has the prefix {fields.DelegatedIpv6Prefix}.")
            ),
            ("subscribers_mac_key", MacTaken(fields)),
            ("subscribers_onu_key", Error.Conflict("subscriber.onu_taken", "Another subscriber has that ONU.")),
            ("subscribers_cpe_key", Error.Conflict("subscriber.cpe_taken", "Another subscriber has that customer device.")),
            (
                "subscribers_bandwidth_profile_fkey",
                new Faults().Add("bandwidth_profile_id", "not_found", "There is no such bandwidth profile.").Error!
            ),
        ];
}
