using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>Why a line is suspended, or would be; and since when the network follows.</summary>
/// <param name="Access">open, garden or rejected: what new sign-ons get.</param>
/// <param name="CarriedOut">The same, as running sessions, ONU, billing and addresses were last brought in line with.</param>
/// <param name="RunId">The run that does that, or did.</param>
/// <param name="LookAgainAt">When time alone changes the answer.</param>
/// <param name="FirstLoginAt">The first login that was accepted after the resumption.</param>
public sealed record SuspensionView(
    Guid SubscriberId,
    string Access,
    DateTimeOffset? Since,
    string CarriedOut,
    Guid? RunId,
    DateTimeOffset? LookAgainAt,
    DateTimeOffset? ResumedAt,
    string? Proof,
    DateTimeOffset? FirstLoginAt,
    IReadOnlyList<SuspensionView.Recorded> Reasons,
    IReadOnlyList<SuspensionView.Shield> Shields
)
{
    /// <param name="State">in_force, held or ended.</param>
    /// <param name="HeldBy">shield, missing_evidence, unknown_shields, not_yet or over; null when nothing holds it back.</param>
    public sealed record Recorded(
        Guid Id,
        string Reason,
        string State,
        string? HeldBy,
        string? HeldByShield,
        DateTimeOffset? HeldUntil,
        string? Note,
        string? Evidence,
        DateTimeOffset StartsAt,
        DateTimeOffset? Until,
        DateTimeOffset? InForceAt,
        DateTimeOffset CreatedAt,
        string CreatedBy,
        DateTimeOffset? EndedAt,
        string? EndedBy,
        string? EndNote
    );

    /// <param name="Holds">The reasons that it holds back.</param>
    public sealed record Shield(
        Guid Id,
        string Kind,
        bool Stands,
        IReadOnlyList<string> Holds,
        string? Note,
        DateTimeOffset StartsAt,
        DateTimeOffset? Until,
        DateTimeOffset CreatedAt,
        string CreatedBy,
        DateTimeOffset? EndedAt,
        string? EndedBy,
        string? EndNote
    );

    internal static async Task<SuspensionView> ReadAsync(UnitOfWork work, Guid subscriber, DateTimeOffset now, CancellationToken ct)
    {
        var reasons = await SuspensionRows.ReasonsAsync(work, subscriber, alsoEnded: true, ct);
        var shields = await SuspensionRows.ShieldsAsync(work, subscriber, alsoEnded: true, ct);
        var policies = await SuspensionPolicies.ReadAsync(work, ct);
        var state = await work.Connection.QuerySingleOrDefaultAsync<State>(
            new CommandDefinition(
                """
                SELECT decided, decided_at, carried_out, run_id, resumed_at, proof, first_login_at
                FROM suspension_states WHERE subscriber_id = @subscriber
                """,
                new { subscriber },
                work.Transaction,
                cancellationToken: ct
            )
        );
        var open = reasons.Where(r => r.EndedAt is null).ToList();
        var decision = SuspensionDecision.Decide(
            [.. open.Select(r => r.Recorded)],
            [.. shields.Where(s => s.EndedAt is null).Select(s => s.Recorded)],
            policies,
            now
        );
        var judged = open.Zip(decision.Reasons).ToDictionary(p => p.First.Id, p => p.Second);
        return new SuspensionView(
            subscriber,
            Words.Of((LineAccess)(state?.Decided ?? 0)),
            state?.DecidedAt,
            Words.Of((LineAccess)(state?.CarriedOut ?? 0)),
            state?.RunId,
            decision.LookAgainAt,
            state?.ResumedAt,
            state?.Proof,
            state?.FirstLoginAt,
            [.. reasons.Select(r => Of(r, judged.GetValueOrDefault(r.Id)))],
            [.. shields.Select(s => Of(s, now))]
        );
    }

    private static Recorded Of(SuspensionRow row, JudgedReason? judged) =>
        new(
            row.Id,
            Words.Of(row.Reason),
            judged switch
            {
                null => "ended",
                { IsEffective: true } => "in_force",
                _ => "held",
            },
            judged is null or { IsEffective: true } ? null : Words.Of(judged.HeldBy),
            judged?.Shield is { } shield ? Words.Of(shield.Kind) : null,
            judged?.Shield?.Until,
            row.Note,
            row.Evidence,
            row.StartsAt,
            row.Until,
            row.InForceAt,
            row.CreatedAt,
            row.CreatedBy,
            row.EndedAt,
            row.EndedBy,
            row.EndNote
        );

    private static Shield Of(ShieldRow row, DateTimeOffset now) =>
        new(
            row.Id,
            Words.Of(row.Kind),
            row.EndedAt is null && row.Recorded.StandsAt(now),
            [.. row.HeldReasons.Select(Words.Of)],
            row.Note,
            row.StartsAt,
            row.Until,
            row.CreatedAt,
            row.CreatedBy,
            row.EndedAt,
            row.EndedBy,
            row.EndNote
        );

    private sealed record State(
        short Decided,
        DateTimeOffset DecidedAt,
        short CarriedOut,
        Guid? RunId,
        DateTimeOffset? ResumedAt,
        string? Proof,
        DateTimeOffset? FirstLoginAt
    );
}
