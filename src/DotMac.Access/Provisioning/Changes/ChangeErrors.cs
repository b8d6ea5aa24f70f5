using DotMac.Contracts.Access;
using DotMac.Kernel.Results;

namespace DotMac.Access.Provisioning.Changes;

internal static class ChangeErrors
{
    public static readonly Error PlanNotFound = Error.NotFound("bandwidth_profile.not_found", "There is no such bandwidth profile.");

    public static readonly Error SamePlan = Error.Conflict("change.same_plan", "The subscriber has this plan already.");

    public static readonly Error NothingToChange = Error.Conflict("change.nothing", "The line is so already; nothing would change.");

    public static readonly Error NoProfile = Error.Conflict(
        "change.no_profile",
        "The line has no network profile, so that what it holds is not known. Make one first."
    );

    /// <summary>What the unique indexes of devices refuse, each with its name.</summary>
    public static readonly (string Constraint, Error Error)[] Taken =
    [
        ("subscribers_onu_key", Error.Conflict("change.onu_taken", "Another subscriber has this ONU.")),
        ("subscribers_cpe_key", Error.Conflict("change.cpe_taken", "Another subscriber has this router.")),
    ];

    /// <param name="length">What the mode uses on the link; null when it uses nothing of that kind.</param>
    public static Error ModeUnfit(string mode, string kind, int? length) =>
        Error.Invalid(
            "change.mode_unfit",
            length is null
                ? $"A line in IPv6 mode {mode} uses no {kind}. Change its ipv6_assignment_mode first."
                : $"A line in IPv6 mode {mode} uses a /{length} on its link. Give one, or change its ipv6_assignment_mode first."
        );

    public static Error NotInService(string status) =>
        Error.Conflict("change.not_in_service", $"The subscriber is {status}; only a line in service can be changed.");

    /// <summary>A line in service; when a change was ordered for later, also when its time has come.</summary>
    public static bool IsChangeable(this SubscriberStatus status) =>
        status is SubscriberStatus.Active or SubscriberStatus.Suspended or SubscriberStatus.Disconnected;
}
