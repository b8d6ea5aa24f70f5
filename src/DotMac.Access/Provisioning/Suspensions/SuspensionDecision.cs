using DotMac.Contracts.Access;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>What a line may do. Stored as its number, the stricter the greater.</summary>
internal enum LineAccess : short
{
    Open = 0,
    Garden = 1,
    Rejected = 2,
}

/// <summary>Why a recorded reason has no effect now.</summary>
internal enum HeldBy
{
    Nothing = 0,
    Shield = 1,
    MissingEvidence = 2,

    /// <summary>It could not be read whether a shield stands.</summary>
    UnknownShields = 3,
    NotYet = 4,
    Over = 5,
}

/// <summary>A recorded reason, not ended by anybody.</summary>
/// <param name="HasEvidence">Something shows it.</param>
/// <param name="IsInForce">It had an effect before.</param>
internal sealed record RecordedReason(
    SuspensionReason Reason,
    DateTimeOffset StartsAt,
    DateTimeOffset? Until = null,
    bool HasEvidence = false,
    bool IsInForce = false
);

/// <summary>A recorded shield, not ended by anybody.</summary>
internal sealed record RecordedShield(
    ShieldKind Kind,
    IReadOnlySet<SuspensionReason> Holds,
    DateTimeOffset StartsAt,
    DateTimeOffset? Until = null
)
{
    /// <summary>
    /// An outage, or doubt, keeps a new suspension from beginning; it does not undo one that stands. What was agreed with the customer does.
    /// </summary>
    public bool Lifts => Kind is not (ShieldKind.Outage or ShieldKind.Quarantine);

    public bool StandsAt(DateTimeOffset now) => StartsAt <= now && (Until is null || Until > now);
}

/// <summary>One reason and what became of it.</summary>
internal sealed record JudgedReason(RecordedReason Of, HeldBy HeldBy, RecordedShield? Shield)
{
    public bool IsEffective => HeldBy == HeldBy.Nothing;
}

/// <summary>What a line should be.</summary>
/// <param name="TakesOnuDown">One of the reasons in force wants it.</param>
/// <param name="LookAgainAt">When time alone will change the answer; null: never.</param>
internal sealed record LineDecision(
    LineAccess Access,
    bool TakesOnuDown,
    bool PausesBilling,
    IReadOnlyList<JudgedReason> Reasons,
    DateTimeOffset? LookAgainAt
);

/// <summary>What should this line be: a function of the reasons, what shields it, what the tenant wants, and the time. Reads and changes nothing else.</summary>
internal static class SuspensionDecision
{
    /// <param name="shields">Null when it could not be read whether any stands: then nothing that is not in force begins.</param>
    public static LineDecision Decide(
        IReadOnlyCollection<RecordedReason> reasons,
        IReadOnlyCollection<RecordedShield>? shields,
        SuspensionPolicies policies,
        DateTimeOffset now
    )
    {
        var judged = reasons.Select(r => Judge(r, shields, policies.Of(r.Reason), now)).ToList();
        var effective = judged.Where(j => j.IsEffective).Select(j => policies.Of(j.Of.Reason)).ToList();
        var access =
            effective.Count == 0 ? LineAccess.Open
            : effective.Exists(p => !p.LetsIntoGarden) ? LineAccess.Rejected
            : LineAccess.Garden;
        return new LineDecision(
            access,
            effective.Exists(p => p.TakesOnuDown),
            effective.Exists(p => p.PausesBilling),
            judged,
            Boundaries(reasons, shields).Where(t => t > now).Order().Select(t => (DateTimeOffset?)t).FirstOrDefault()
        );
    }

    private static JudgedReason Judge(
        RecordedReason reason,
        IReadOnlyCollection<RecordedShield>? shields,
        SuspensionPolicy policy,
        DateTimeOffset now
    )
    {
        if (reason.StartsAt > now)
        {
            return new JudgedReason(reason, HeldBy.NotYet, null);
        }

        if (reason.Until <= now)
        {
            return new JudgedReason(reason, HeldBy.Over, null);
        }

        if (policy.NeedsEvidence && !reason.HasEvidence)
        {
            return new JudgedReason(reason, HeldBy.MissingEvidence, null);
        }

        if (shields is null)
        {
            return new JudgedReason(reason, reason.IsInForce ? HeldBy.Nothing : HeldBy.UnknownShields, null);
        }

        var shield = shields
            .Where(s => s.Holds.Contains(reason.Reason) && s.StandsAt(now) && (s.Lifts || !reason.IsInForce))
            .OrderByDescending(s => s.Until ?? DateTimeOffset.MaxValue)
            .ThenBy(s => s.Kind)
            .FirstOrDefault();
        return new JudgedReason(reason, shield is null ? HeldBy.Nothing : HeldBy.Shield, shield);
    }

    private static IEnumerable<DateTimeOffset> Boundaries(
        IEnumerable<RecordedReason> reasons,
        IReadOnlyCollection<RecordedShield>? shields
    ) =>
        reasons
            .SelectMany(r => new[] { r.StartsAt, r.Until ?? DateTimeOffset.MinValue })
            .Concat((shields ?? []).SelectMany(s => new[] { s.StartsAt, s.Until ?? DateTimeOffset.MinValue }));
}
