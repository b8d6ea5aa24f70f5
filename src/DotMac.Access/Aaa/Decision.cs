using DotMac.Access.Aaa.Snapshot;

namespace DotMac.Access.Aaa;

/// <summary>Why an Access-Request was accepted or rejected. The codes are stable: they are stored, shown and counted.</summary>
internal sealed record Verdict(bool Accepted, string Code, string Explanation)
{
    public static readonly Verdict Accept = new(true, "accepted", "The login is known, enabled, and its password was right.");

    public static readonly Verdict UsernameMissing = new(false, "username.missing", "The request carried no User-Name.");

    public static readonly Verdict LoginUnknown = new(false, "login.unknown", "No subscriber of this tenant has that username.");

    public static readonly Verdict LoginDisabled = new(false, "login.disabled", "The subscriber is disabled.");

    public static readonly Verdict PasswordWrong = new(false, "password.wrong", "The password was not the subscriber's.");

    public static readonly Verdict CredentialsMissing = new(false, "credentials.missing", "The request carried no password of any kind.");

    public static readonly Verdict MethodUnsupported = new(
        false,
        "method.unsupported",
        "The NAS asked with EAP, which this server does not answer itself."
    );

    public static readonly Verdict TooManySessions = new(
        false,
        "sessions.too_many",
        "As many sessions as the subscriber may have at once are already running."
    );

    /// <summary>Every verdict, for the documentation and the console's words.</summary>
    public static readonly IReadOnlyList<Verdict> All =
    [
        Accept,
        UsernameMissing,
        LoginUnknown,
        LoginDisabled,
        PasswordWrong,
        CredentialsMissing,
        MethodUnsupported,
        TooManySessions,
    ];
}

/// <summary>
/// The decision: request, login and running sessions in, verdict out. It reads nothing else and changes nothing, so that it can be
/// tested, replayed and explained.
/// </summary>
internal static class Decision
{
    /// <param name="login">The tenant's login of that name, or null.</param>
    /// <param name="runningSessions">Live sessions of the login other than the one this request would replace.</param>
    public static Verdict Decide(bool hasUsername, in Credentials credentials, Login? login, int runningSessions)
    {
        if (!hasUsername)
        {
            return Verdict.UsernameMissing;
        }

        // What a stranger may learn does not depend on whether the login exists: all rejects look alike on the wire.
        switch (credentials.Method)
        {
            case AuthMethod.None:
                return Verdict.CredentialsMissing;
            case AuthMethod.Eap:
                return Verdict.MethodUnsupported;
        }

        if (login is null)
        {
            return Verdict.LoginUnknown;
        }

        if (!credentials.Prove(login.Password))
        {
            return Verdict.PasswordWrong;
        }

        if (!login.Enabled)
        {
            return Verdict.LoginDisabled;
        }

        return login.SimultaneousUse > 0 && runningSessions >= login.SimultaneousUse ? Verdict.TooManySessions : Verdict.Accept;
    }
}
