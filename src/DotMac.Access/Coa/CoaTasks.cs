using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Coa;

/// <summary>Puts tasks down and writes what became of them, for the tenant of the unit of work.</summary>
internal sealed class CoaTasks(UnitOfWork work, TimeProvider clock)
{
    private const string Insert = """
        INSERT INTO coa_tasks (tenant_id, id, run_id, kind, change, acctuniqueid, session_number, acctsessionid, username, subscriber_id, nas_id,
            state, due_at, created_at, created_by)
        SELECT @TenantId, gen_random_uuid(), @run, @kind, @change, t.u, t.n, t.s, t.name, t.sub, t.nas, 0, @now, @now, @by
        FROM unnest(@uniqueIds, @numbers, @sessionIds, @names, @subscribers, @nas) AS t (u, n, s, name, sub, nas)
        WHERE NOT EXISTS (SELECT 1 FROM coa_tasks o WHERE o.tenant_id = @TenantId AND o.acctuniqueid = t.u AND o.session_number = t.n
            AND o.kind = @kind AND o.change = @change AND o.state IN (0, 1, 2))
        """;

    // What was asked for before and has not been sent is overtaken by what is asked for now.
    private const string Overtake = """
        UPDATE coa_tasks o SET state = 5, message = 'Overtaken by a later change.'
        FROM unnest(@uniqueIds, @numbers) AS t (u, n)
        WHERE o.tenant_id = @TenantId AND o.acctuniqueid = t.u AND o.session_number = t.n AND o.kind = @kind AND o.change <> @change
            AND o.state IN (0, 2)
        """;

    /// <summary>Hands sessions to the worker. One that already waits for the same is not put down twice.</summary>
    public async Task QueueAsync(
        CoaKind kind,
        CoaChange change,
        IReadOnlyList<LiveSession> sessions,
        Guid? run,
        string by,
        CancellationToken ct
    )
    {
        var values = new
        {
            work.TenantId,
            run,
            kind = (short)kind,
            change = change.ToJson(),
            now = clock.GetUtcNow(),
            by,
            uniqueIds = sessions.Select(s => s.AcctUniqueId).ToArray(),
            numbers = sessions.Select(s => s.Number).ToArray(),
            sessionIds = sessions.Select(s => s.AcctSessionId).ToArray(),
            names = sessions.Select(s => s.Username).ToArray(),
            subscribers = sessions.Select(s => s.SubscriberId).ToArray(),
            nas = sessions.Select(s => s.NasId).ToArray(),
        };
        await work.Connection.ExecuteAsync(new CommandDefinition(Overtake, values, work.Transaction, cancellationToken: ct));
        await work.Connection.ExecuteAsync(new CommandDefinition(Insert, values, work.Transaction, cancellationToken: ct));
    }

    /// <summary>Puts down what was asked while the caller waited, with its answer; an unreachable NAS is asked again by the worker.</summary>
    public async Task<DisconnectResult> KeepAsync(
        CoaKind kind,
        CoaChange change,
        LiveSession session,
        DisconnectResult result,
        string by,
        CancellationToken ct
    )
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                """
                INSERT INTO coa_tasks (tenant_id, id, kind, change, acctuniqueid, session_number, acctsessionid, username, subscriber_id, nas_id,
                    state, due_at, created_at, created_by, attempts, asked_at)
                VALUES (@TenantId, @id, @kind, @change, @AcctUniqueId, @Number, @AcctSessionId, @Username, @SubscriberId, @NasId,
                    1, @now, @now, @by, 1, @now)
                """,
                new
                {
                    work.TenantId,
                    id,
                    kind = (short)kind,
                    change = change.ToJson(),
                    session.AcctUniqueId,
                    session.Number,
                    session.AcctSessionId,
                    session.Username,
                    session.SubscriberId,
                    session.NasId,
                    now = clock.GetUtcNow(),
                    by,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        return await FinishAsync(id, kind, result, 1, session.Interval, ct);
    }

    /// <summary>Writes an answer down and what follows from it.</summary>
    public async Task<DisconnectResult> FinishAsync(
        Guid id,
        CoaKind kind,
        DisconnectResult result,
        int attempts,
        long? interval,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var state = CoaTask.After(kind, result, attempts);
        var due = now + CoaTask.WaitAfter(attempts);
        var verify =
            state != CoaState.Done ? CoaVerification.None
            : result.Outcome == DisconnectResult.Gone ? CoaVerification.Verified
            : CoaVerification.Pending;
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                """
                UPDATE coa_tasks SET state = @state, outcome = @Outcome, error_cause = @cause, message = @Message, leased_until = NULL,
                    answered_at = @now, due_at = @due, verification = @verify, verify_until = @until,
                    verified_at = CASE WHEN @verify = 2 THEN @now END
                WHERE tenant_id = @TenantId AND id = @id
                """,
                new
                {
                    work.TenantId,
                    id,
                    state = (short)state,
                    result.Outcome,
                    cause = result.ErrorCause?.Value,
                    result.Message,
                    now,
                    due,
                    verify = (short)verify,
                    until = now + CoaTask.Patience(interval),
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        if (
            state == CoaState.Retrying
            && result.Outcome is DisconnectResult.Timeout or DisconnectResult.Unreachable
            && result.Nas is { } nas
        )
        {
            await ParkAsync(nas.Id, due, ct);
        }

        if (kind == CoaKind.Vlan)
        {
            CoaMetrics.VlanChanged(work.TenantId!.Value, result.Outcome == DisconnectResult.Ack);
        }

        return state == CoaState.Retrying ? result with { AskedAgainAt = due } : result;
    }

    /// <summary>A NAS that is silent keeps nobody else waiting: what else is for it rests for a moment.</summary>
    private Task<int> ParkAsync(Guid nas, DateTimeOffset until, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            new CommandDefinition(
                """
                UPDATE coa_tasks SET due_at = @until WHERE (tenant_id, id) IN (
                    SELECT tenant_id, id FROM coa_tasks WHERE tenant_id = @TenantId AND nas_id = @nas AND state IN (0, 2) AND due_at < @until
                    FOR UPDATE SKIP LOCKED)
                """,
                new
                {
                    work.TenantId,
                    nas,
                    until,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
