using DotMac.Kernel.Results;

namespace DotMac.Access.Sessions;

internal static class SessionErrors
{
    public static readonly Error NotFound = Error.NotFound("session.not_found", "There is no such session.");
}
