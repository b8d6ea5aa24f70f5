using System.Text.Json;
using Dapper;
using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.UseCases;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>
/// Keeps the reasons and shields of lines, and is alone in writing what follows from them to the subscriber: in force for new sign-ons
/// with the commit. What runs and what is paid for is brought in line by a run afterwards (<see cref="SuspensionFollower"/>).
/// </summary>
internal sealed class SuspensionBook(
    AccessDb db,
    UnitOfWork work,
    EventOutbox outbox,
    AuditTrail audit,
    CurrentCaller caller,
    SuspensionFollower follower,
    TimeProvider clock
) : ISuspensions
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    private const string Put = """
        INSERT INTO subscriber_suspensions AS s (tenant_id, id, subscriber_id, reason, note, evidence, starts_at, until, created_at, created_by, job_id)
        VALUES (@TenantId, @id, @SubscriberId, @reason, @Note, @Evidence, @starts, @Until, @now, @by, @JobId)
        ON CONFLICT (tenant_id, subscriber_id, reason) WHERE ended_at IS NULL
        DO UPDATE SET note = coalesce(excluded.note, s.note), evidence = coalesce(excluded.evidence, s.evidence), until = excluded.until,
            starts_at = CASE WHEN s.starts_at > @now THEN excluded.starts_at ELSE s.starts_at END
        RETURNING id
        """;

    private const string End = """
        UPDATE subscriber_suspensions SET ended_at = @now, ended_by = @by, end_note = @note
        WHERE subscriber_id = @subscriberId AND reason = @reason AND ended_at IS NULL RETURNING id
        """;

    private const string PutShield = """
        INSERT INTO subscriber_shields (tenant_id, id, subscriber_id, kind, holds, note, starts_at, until, created_at, created_by)
        VALUES (@TenantId, @id, @subscriberId, @kind, @holds, @note, @starts, @until, @now, @by)
        """;

    private const string EndOfShield = """
        UPDATE subscriber_shields SET ended_at = @now, ended_by = @by, end_note = @note
        WHERE subscriber_id = @subscriberId AND id = @id AND ended_at IS NULL
        """;

    public async Task<SuspensionOutcome?> AddAsync(SuspensionOrder order, CancellationToken ct)
    {
        if (await LockedAsync(order.SubscriberId, ct) is not { } subscriber)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var id = await work.Connection.ExecuteScalarAsync<Guid>(
            new CommandDefinition(
                Put,
                new
                {
                    work.TenantId,
                    id = Guid.CreateVersion7(now),
                    order.SubscriberId,
                    reason = (short)order.Reason,
                    order.Note,
                    order.Evidence,
                    starts = order.StartsAt ?? now,
                    order.Until,
                    now,
                    by = caller.Value.Name,
                    order.JobId,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        Note(
            "suspension.added",
            order.SubscriberId,
            new
            {
                reason = Words.Of(order.Reason),
                order.Note,
                order.Evidence,
                order.Until,
            }
        );
        return await DecideAsync(subscriber, id, ct, order.JobId);
    }

    public async Task<SuspensionOutcome?> EndAsync(
        Guid subscriberId,
        SuspensionReason reason,
        string? note,
        CancellationToken ct,
        Guid? jobId = null
    )
    {
        if (await LockedAsync(subscriberId, ct) is not { } subscriber)
        {
            return null;
        }

        var id = await work.Connection.ExecuteScalarAsync<Guid?>(
            new CommandDefinition(
                End,
                new
                {
                    subscriberId,
                    reason = (short)reason,
                    note,
                    now = clock.GetUtcNow(),
                    by = caller.Value.Name,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        if (id is not null)
        {
            Note("suspension.ended", subscriberId, new { reason = Words.Of(reason), note });
        }

        return await DecideAsync(subscriber, id, ct, jobId);
    }

    public async Task<SuspensionOutcome?> LookAgainAsync(Guid subscriberId, CancellationToken ct) =>
        await LockedAsync(subscriberId, ct) is { } subscriber ? await DecideAsync(subscriber, null, ct) : null;

    /// <summary>Puts a shield before the line: a suspension that it holds back is lifted, or does not begin.</summary>
    public async Task<SuspensionOutcome?> ShieldAsync(Guid subscriberId, RecordedShield shield, string? note, CancellationToken ct)
    {
        if (await LockedAsync(subscriberId, ct) is not { } subscriber)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                PutShield,
                new
                {
                    work.TenantId,
                    id,
                    subscriberId,
                    kind = (short)shield.Kind,
                    holds = shield.Holds.Select(h => (short)h).Order().ToArray(),
                    note,
                    starts = shield.StartsAt,
                    until = shield.Until,
                    now,
                    by = caller.Value.Name,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        Note(
            "shield.added",
            subscriberId,
            new
            {
                kind = Words.Of(shield.Kind),
                holds = shield.Holds.Select(Words.Of),
                shield.Until,
                note,
            }
        );
        return await DecideAsync(subscriber, id, ct);
    }

    /// <summary>Takes a shield away: what it held back comes into force. Null id: there is no such shield.</summary>
    public async Task<SuspensionOutcome?> UnshieldAsync(Guid subscriberId, Guid shieldId, string? note, CancellationToken ct)
    {
        if (await LockedAsync(subscriberId, ct) is not { } subscriber)
        {
            return null;
        }

        var ended = await work.Connection.ExecuteAsync(
            new CommandDefinition(
                EndOfShield,
                new
                {
                    subscriberId,
                    id = shieldId,
                    note,
                    now = clock.GetUtcNow(),
                    by = caller.Value.Name,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        if (ended > 0)
        {
            Note("shield.ended", subscriberId, new { shield = shieldId, note });
        }

        return await DecideAsync(subscriber, ended > 0 ? shieldId : null, ct);
    }

    /// <summary>The line is no more: whatever suspended it or held that back is ended, and nobody looks again. Decides nothing.</summary>
    public Task CloseAsync(Guid subscriberId, string note, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            new CommandDefinition(
                """
                UPDATE subscriber_suspensions SET ended_at = @now, ended_by = @by, end_note = @note WHERE subscriber_id = @subscriberId AND ended_at IS NULL;
                UPDATE subscriber_shields SET ended_at = @now, ended_by = @by, end_note = @note WHERE subscriber_id = @subscriberId AND ended_at IS NULL;
                UPDATE suspension_states SET decided = 0, decided_at = @now, carried_out = 0, carried_filter = NULL, due_at = NULL, onu_down = false,
                    billing_paused = false WHERE subscriber_id = @subscriberId
                """,
                new
                {
                    subscriberId,
                    note,
                    now = clock.GetUtcNow(),
                    by = caller.Value.Name,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );

    /// <summary>What is recorded, judged now.</summary>
    public async Task<LineDecision> JudgeAsync(Guid subscriberId, CancellationToken ct)
    {
        var reasons = await SuspensionRows.ReasonsAsync(work, subscriberId, alsoEnded: false, ct);
        var shields = await SuspensionRows.ShieldsAsync(work, subscriberId, alsoEnded: false, ct);
        var policies = await SuspensionPolicies.ReadAsync(work, ct);
        return SuspensionDecision.Decide(
            [.. reasons.Select(r => r.Recorded)],
            [.. shields.Select(s => s.Recorded)],
            policies,
            clock.GetUtcNow()
        );
    }

    /// <summary>One change of a line's reasons at a time.</summary>
    private async Task<Subscriber?> LockedAsync(Guid subscriberId, CancellationToken ct)
    {
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                "SELECT 1 FROM subscribers WHERE id = @subscriberId AND deleted_at IS NULL FOR NO KEY UPDATE",
                new { subscriberId },
                work.Transaction,
                cancellationToken: ct
            )
        );
        await EndOverdueAsync(subscriberId, clock.GetUtcNow(), ct);
        return await db.Subscribers.SingleOrDefaultAsync(s => s.Id == subscriberId && s.DeletedAt == null, ct);
    }

    /// <summary>Decides from what is recorded now and writes what follows.</summary>
    private async Task<SuspensionOutcome?> DecideAsync(Subscriber subscriber, Guid? changed, CancellationToken ct, Guid? jobId = null)
    {
        var now = clock.GetUtcNow();
        var rows = await SuspensionRows.ReasonsAsync(work, subscriber.Id, alsoEnded: false, ct);
        var shields = await SuspensionRows.ShieldsAsync(work, subscriber.Id, alsoEnded: false, ct);
        var policies = await SuspensionPolicies.ReadAsync(work, ct);
        var decision = SuspensionDecision.Decide([.. rows.Select(r => r.Recorded)], [.. shields.Select(s => s.Recorded)], policies, now);
        var inForce = rows.Zip(decision.Reasons).Where(p => p.Second.IsEffective).Select(p => p.First).ToList();
        var garden = decision.Access == LineAccess.Garden ? subscriber.WalledGardenFilterId ?? policies.GardenFilterId : null;
        var access = decision.Access == LineAccess.Garden && garden is null ? LineAccess.Rejected : decision.Access;

        var (wasSuspended, wasInto) = (subscriber.Suspended, subscriber.SuspensionFilterId);
        // A line that a workflow has (pending, quarantined) is looked at again when it is in service.
        var refused = subscriber.SetSuspended(access != LineAccess.Open, SuspensionText.Of(inForce), garden, now) is not null;
        if (db.ChangeTracker.HasChanges())
        {
            subscriber.Touch(now);
            if (await db.TrySaveAsync(ct, SuspensionErrors.Changed) is not null)
            {
                return null;
            }
        }

        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                """
                UPDATE subscriber_suspensions SET in_force_at = CASE WHEN id = ANY (@ids) THEN coalesce(in_force_at, @now) END
                WHERE subscriber_id = @Id AND ended_at IS NULL AND (in_force_at IS NOT NULL) <> (id = ANY (@ids))
                """,
                new
                {
                    subscriber.Id,
                    ids = inForce.Select(r => r.Id).ToArray(),
                    now,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        var due = refused && subscriber.Status != SubscriberStatus.Terminated ? now + LookAgain : decision.LookAgainAt;
        var decided = new DecidedAccess(
            subscriber.Suspended ? access : LineAccess.Open,
            subscriber.SuspensionFilterId,
            [.. inForce.Select(r => Words.Of(r.Reason))],
            decision.TakesOnuDown,
            decision.PausesBilling
        );
        await follower.FollowAsync(subscriber, decided, due, jobId, ct);
        if (wasSuspended != subscriber.Suspended)
        {
            outbox.Publish(
                subscriber.Suspended
                    ? new LoginSuspended(subscriber.Id, subscriber.Username)
                    : new LoginResumed(subscriber.Id, subscriber.Username)
            );
        }
        else if (subscriber.Suspended && wasInto != subscriber.SuspensionFilterId)
        {
            outbox.Publish(new LoginSuspended(subscriber.Id, subscriber.Username));
        }

        return new SuspensionOutcome(changed, subscriber.Suspended, rows.Count);
    }

    /// <summary>Reasons and shields whose time is over are closed, so that they do not stand in the way of new ones.</summary>
    private Task<int> EndOverdueAsync(Guid subscriber, DateTimeOffset now, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            new CommandDefinition(
                """
                UPDATE subscriber_suspensions SET ended_at = until, ended_by = 'its time' WHERE subscriber_id = @subscriber AND ended_at IS NULL AND until <= @now;
                UPDATE subscriber_shields SET ended_at = until, ended_by = 'its time' WHERE subscriber_id = @subscriber AND ended_at IS NULL AND until <= @now
                """,
                new { subscriber, now },
                work.Transaction,
                cancellationToken: ct
            )
        );

    private void Note(string action, Guid subscriber, object after) =>
        audit.Note(action, "subscriber", subscriber.ToString(), after: JsonSerializer.Serialize(after, AuditForm));

    private static readonly JsonSerializerOptions AuditForm = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
