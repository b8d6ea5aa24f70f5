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

    public static Error NotDone(int failed, string message) =>
        new(ErrorKind.Unavailable, "session.not_disconnected", $"{failed} sessions are still to be disconnected: {message}");
}
