using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;

namespace DotMac.Access.Aaa;

/// <summary>What an Access-Request brings to the decision, beside the login it names. Lives no longer than the packet.</summary>
internal readonly ref struct AccessRequestFacts
{
    public required bool HasUsername { get; init; }

    public required Credentials Credentials { get; init; }

    /// <summary>Live sessions of the login other than the one this request would replace.</summary>
    public int RunningSessions { get; init; }

    /// <summary>The login's profile is for NAS of other groups than this one's.</summary>
    public bool IsNasRefused { get; init; }

    /// <summary>Where the request comes from. Needed only for a login with a <see cref="Login.Line"/>.</summary>
    public LineIds LineIds { get; init; }
}

/// <summary>
/// The decision: request, login and running sessions in, verdict out. It reads nothing else and changes nothing, so that it can be
/// tested, replayed and explained. It allocates only what explains a reject or a fault of the line.
/// </summary>
internal static class Decision
{
    public static Verdict Decide(in AccessRequestFacts facts, Login? login) => Decide(facts, login, out _);

    /// <param name="login">The tenant's login of that name, or null.</param>
    /// <param name="line">What the check of the line's ids gave, for the metrics and the subscriber's record.</param>
    public static Verdict Decide(in AccessRequestFacts facts, Login? login, out Option82Finding line)
    {
        line = default;
        if (!facts.HasUsername)
        {
            return Verdict.UsernameMissing;
        }

        // What a stranger may learn does not depend on whether the login exists: all rejects look alike on the wire.
        switch (facts.Credentials.Method)
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

        if (!facts.Credentials.Prove(login.Password))
        {
            return Verdict.PasswordWrong;
        }

        return Admit(facts, login, out line);
    }

    /// <summary>What a login that has proved itself is told: its state, its line, its sessions.</summary>
    public static Verdict Admit(in AccessRequestFacts facts, Login login, out Option82Finding line)
    {
        line = default;
        switch (login.Status)
        {
            case SubscriberStatus.Pending:
                return Verdict.LoginPending;
            case SubscriberStatus.Terminated:
                return Verdict.LoginTerminated;
            case SubscriberStatus.Quarantined:
                return Verdict.LoginQuarantined;
        }

        if (!login.Enabled)
        {
            return Verdict.LoginDisabled;
        }

        if (login.Suspended && login.WalledGardenFilterId is null)
        {
            return Verdict.LoginSuspended;
        }

        if (login.QuotaBlocked)
        {
            return Verdict.QuotaExhausted;
        }

        if (facts.IsNasRefused)
        {
            return Verdict.NasNotAllowed;
        }

        line = Option82.Check(login.Line, facts.LineIds);
        if (line.IsFault && login.Line!.Policy == Option82Policy.Enforce)
        {
            var reject = line.Result == Option82Result.Missing ? Verdict.LineMissing : Verdict.LineMismatch;
            return reject with { Data = DataOf(login.Line, facts.LineIds) };
        }

        if (login.SimultaneousUse > 0 && facts.RunningSessions >= login.SimultaneousUse)
        {
            var place = line.IsFault ? DataOf(login.Line!, facts.LineIds) : new VerdictData();
            return Verdict.TooManySessions with { Data = place with { Limit = login.SimultaneousUse, Running = facts.RunningSessions } };
        }

        var accept = login.Suspended ? Verdict.AcceptIntoGarden : Verdict.Accept;
        return line.IsFault ? accept with { Data = DataOf(login.Line!, facts.LineIds) } : accept;
    }

    private static VerdictData DataOf(LineLock line, LineIds asked) =>
        new()
        {
            Policy = Words.Of(line.Policy),
            ExpectedCircuitId = line.CircuitId,
            ActualCircuitId = asked.Circuit.IsEmpty ? null : LineId.Of(asked.Circuit),
            ExpectedRemoteId = line.RemoteId,
            ActualRemoteId = asked.Remote.IsEmpty ? null : LineId.Of(asked.Remote),
        };
}
