using DotMac.Kernel.Results;

namespace DotMac.Access.Coa;

internal static class CoaErrors
{
    public static readonly Error NothingLive = Error.NotFound("session.not_found", "No session of that name is live.");

    public static Error Ambiguous(int sessions) =>
        Error.Conflict(
            "session.ambiguous",
            $"{sessions} live sessions of different logins have that Acct-Session-Id. Name the one by its id, or give the username too."
        );

    /// <summary>Stands in events of before, which waited for their NAS; said no more.</summary>
    public static Error NotDone(int failed, string message) =>
        new(ErrorKind.Unavailable, "session.not_disconnected", $"{failed} sessions are still to be disconnected: {message}");

    public static readonly Error RunNotFound = Error.NotFound("coa_run.not_found", "There is no such bulk change.");

    public static readonly Error ProfileNotFound = Error.NotFound("bandwidth_profile.not_found", "There is no such bandwidth profile.");

    public static readonly Error VlanUpdatesOff = Error.Invalid(
        "coa.vlan_updates_off",
        "Changing the VLAN of live sessions is switched off for this tenant (ENABLE_VLAN_COA_UPDATES). It holds from the next sign-on."
    );

    public static Error NothingToSay(string lack) => Error.Invalid("coa.nothing_to_say", lack);

    public static Error ProxyFailed(string problem) =>
        Error.Invalid("coa.proxy_failed", $"The CoA proxy was tried and nothing was changed. {problem}");

    public static Error TooMany(int sessions, int most) =>
        Error.Invalid("coa.too_many", $"{sessions} sessions are meant; {most} at once are the most. Narrow the filter.");

    public static Error MoreThanExpected(int sessions, int expected) =>
        Error.Conflict(
            "coa.more_than_expected",
            $"{sessions} sessions are meant, where {expected} were expected. Look at the preview again."
        );
}
