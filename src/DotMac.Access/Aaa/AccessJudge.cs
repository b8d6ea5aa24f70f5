using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>
/// The one way to a verdict, for our own listeners, for what FreeRADIUS asks over REST and for validate-access-request alike: gathers the
/// facts, decides, counts what was decided and notes what the check of the line gave. Works from memory; allocates nothing for an accept.
/// </summary>
internal sealed class AccessJudge(AaaSnapshot snapshot, LiveSessions sessions, LineRecord lines)
{
    /// <summary>What to answer to an Access-Request.</summary>
    /// <param name="packet">Parsed; one made from JSON serves as well.</param>
    /// <param name="login">The tenant's login that the request names, or null.</param>
    /// <param name="credentials">As the packet shows them; or <see cref="Credentials.OfClearText"/> of the login's own password when somebody else judges the proof.</param>
    public Verdict Judge(PacketView packet, NasEntry nas, Login? login, bool hasUsername, in Credentials credentials)
    {
        var facts = new AccessRequestFacts
        {
            HasUsername = hasUsername,
            Credentials = credentials,
            RunningSessions = login is { SimultaneousUse: > 0 } ? sessions.CountOthers(login, nas.Id, packet) : 0,
            LineIds = login?.Line is null ? default : LineIds.Of(packet),
            IsNasRefused = login is not null && IsRefused(login, nas),
        };
        var verdict = Decision.Decide(facts, login, out var line);
        Note(nas.TenantId, nas.Id, login, verdict, line);
        return verdict;
    }

    /// <summary>Whether the login's profile is for NAS of other groups.</summary>
    private bool IsRefused(Login login, NasEntry nas) =>
        login.BandwidthProfileId is { } profile
        && snapshot.Rates.TryGetValue(profile, out var rates)
        && rates.AllowedNasGroups.Length > 0
        && !rates.AllowedNasGroups.Contains(nas.Group ?? "", StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a login may come in from there, its proof and its sessions aside: what validate-access-request asks.</summary>
    public Verdict JudgeLine(NasEntry? nas, Login login, LineIds ids, out Option82Finding line)
    {
        var facts = new AccessRequestFacts
        {
            HasUsername = true,
            Credentials = Credentials.OfClearText(login.Password),
            LineIds = ids,
        };
        var verdict = Decision.Admit(facts, login, out line);
        Note(login.TenantId, nas?.Id, login, verdict, line);
        return verdict;
    }

    private void Note(Guid tenantId, Guid? nasId, Login? login, Verdict verdict, in Option82Finding line)
    {
        if (login is null)
        {
            return;
        }

        var counts = EnforcementMetrics.Of(tenantId);
        counts.Decided(login, verdict.Accepted, line);
        lines.Saw(login, nasId, verdict, line);
    }
}
