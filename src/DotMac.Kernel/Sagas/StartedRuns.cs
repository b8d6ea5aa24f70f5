using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Npgsql;

namespace DotMac.Kernel.Sagas;

/// <summary>Runs as those see them who start and steer them: rows in the caller's own transaction.</summary>
internal sealed class StartedRuns(UnitOfWork work, CurrentCaller caller, AuditTrail audit, SagaRegistry registry, TimeProvider clock)
    : ISagaRuns
{
    // A conflict is looked for instead of caught: an exception would end the caller's transaction.
    private const string Insert = """
        INSERT INTO saga_runs (tenant_id, id, definition, version, input, state, subject_id, subject_label, parent_id, priority, started_by,
            created_at, due_at, not_before, queued)
        VALUES (@tenantId, @id, @Name, @Version, @state::jsonb, @state::jsonb, @SubjectId, @SubjectLabel, @ParentId, @priority, @by, @now,
            coalesce(@later, @now), @later, @SubjectId::uuid IS NOT NULL AND @later::timestamptz IS NOT NULL)
        ON CONFLICT (tenant_id, subject_id) WHERE status IN (0, 1, 4, 6) AND NOT queued DO NOTHING
        """;

    private const string InsertSteps = """
        INSERT INTO saga_steps (tenant_id, run_id, seq, name, target, required)
        SELECT @tenantId, @id, s.n - 1, s.name, s.target, s.required
        FROM unnest(@names, @targets, @required) WITH ORDINALITY AS s (name, target, required, n)
        """;

    private const string Cancel = """
        UPDATE saga_runs SET cancel_requested = true, due_at = least(due_at, clock_timestamp()), closed_by = @by, changed_at = clock_timestamp(),
            status = CASE WHEN status = 6 THEN 0 ELSE status END, claims = 0, missing = NULL
        WHERE tenant_id = @tenantId AND id = @id
        """;

    private const string Close = """
        UPDATE saga_runs SET status = CASE WHEN queued THEN 5 ELSE 7 END, queued = false, cancel_requested = cancel_requested OR queued,
            error_code = CASE WHEN queued THEN 'run.cancelled' ELSE error_code END,
            error_message = CASE WHEN queued THEN @reason ELSE error_message END, lease_token = NULL, leased_until = NULL, leased_by = NULL,
            waits_for = NULL, finished_at = @now, closed_by = @by, closed_reason = @reason, changed_at = clock_timestamp()
        WHERE tenant_id = @tenantId AND subject_id = @subjectId AND ((status = 0 AND queued) OR status = 3)
        RETURNING id, definition, status
        """;

    private const string GiveUp = """
        UPDATE saga_runs SET status = 7, finished_at = @now, closed_by = @by, closed_reason = @reason, changed_at = clock_timestamp()
        WHERE tenant_id = @tenantId AND id = @id
        """;

    private const string Told = "; NOTIFY saga_work; SELECT pg_notify('saga_changed', @tenantId::text)";

    private Guid TenantId => work.TenantId ?? throw new InvalidOperationException("A run belongs to a tenant; none is pinned.");

    public async Task<Result<Guid>> StartAsync<TState>(string definition, TState state, RunOrder order, CancellationToken ct)
        where TState : class
    {
        var kind = registry.Newest(definition);
        if (kind.State != typeof(TState))
        {
            throw new InvalidOperationException($"{kind.Name} v{kind.Version} works on {kind.State.Name}, not on {typeof(TState).Name}.");
        }

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var values = new DynamicParameters(
            new
            {
                tenantId = TenantId,
                id,
                kind.Name,
                kind.Version,
                state = SagaJson.Write(state),
                order.SubjectId,
                order.SubjectLabel,
                order.ParentId,
                priority = (short)(order.ParentId is null ? 0 : 1),
                by = caller.Value.Name,
                now,
                later = order.NotBefore is { } later && later > now ? later : (DateTimeOffset?)null,
                names = kind.Steps.Select(s => s.Name).ToArray(),
                targets = kind.Steps.Select(s => s.Target).ToArray(),
                required = kind.Steps.Select(s => s.IsRequired).ToArray(),
            }
        );
        if (await ExecuteAsync(Insert, values, ct) == 0)
        {
            return RunErrors.SubjectBusy;
        }

        await ExecuteAsync(InsertSteps + Told, values, ct);
        return id;
    }

    public async Task<Error?> CancelAsync(Guid runId, CancellationToken ct)
    {
        if (await LoadAsync(runId, ct) is not { } found)
        {
            return RunErrors.NotFound;
        }

        switch ((SagaStatus)found.Row.Status)
        {
            case SagaStatus.Pending or SagaStatus.Running:
            case SagaStatus.Stuck when found.Steps.All(s => s.Status != StepStatus.UndoFailed):
                await ExecuteAsync(Cancel + Told, Values(runId), ct);
                audit.Note("saga_run.cancel", "saga_run", runId.ToString());
                return null;
            case SagaStatus.Compensating:
                return null;
            default:
                return RunErrors.Over;
        }
    }

    public async Task<Error?> RetryAsync(Guid runId, string? fromStep, CancellationToken ct)
    {
        if (await LoadAsync(runId, ct) is not { } found)
        {
            return RunErrors.NotFound;
        }

        if (registry.Find(found.Row.Definition, found.Row.Version) is not { } definition)
        {
            return RunErrors.VersionUnknown;
        }

        var run = RunStore.Record(found.Row, definition, found.Steps);
        if (run.Retry(fromStep, clock.GetUtcNow()) is { } refusal)
        {
            return refusal;
        }

        await work.Transaction.SaveAsync("retry", ct);
        try
        {
            await RunStore.SaveAsync(work, run, null, ct);
        }
        catch (PostgresException e) when (e.ConstraintName == "saga_runs_subject_key")
        {
            await work.Transaction.RollbackAsync("retry", ct);
            return RunErrors.SubjectBusy;
        }

        audit.Note("saga_run.retry", "saga_run", runId.ToString(), after: fromStep is null ? null : SagaJson.Write(new { fromStep }));
        return null;
    }

    public async Task<Error?> GiveUpAsync(Guid runId, string reason, CancellationToken ct)
    {
        if (await LoadAsync(runId, ct) is not { } found)
        {
            return RunErrors.NotFound;
        }

        if ((SagaStatus)found.Row.Status != SagaStatus.Stuck)
        {
            return RunErrors.NotStuck;
        }

        await ExecuteAsync(GiveUp + Told, Values(runId, reason), ct);
        audit.Note("saga_run.give_up", "saga_run", runId.ToString(), after: SagaJson.Write(new { reason }));
        SagaMetrics.Ended(found.Row.Definition, SagaStatus.GivenUp);
        return null;
    }

    public async Task<IReadOnlyList<ClosedRun>> CloseSubjectAsync(Guid subjectId, string reason, CancellationToken ct)
    {
        var values = new
        {
            tenantId = TenantId,
            subjectId,
            reason,
            by = caller.Value.Name,
            now = clock.GetUtcNow(),
        };
        var rows = await work.Connection.QueryAsync<(Guid Id, string Definition, short Status)>(
            new CommandDefinition(Close, values, work.Transaction, cancellationToken: ct)
        );
        var closed = rows.Select(r => new ClosedRun(r.Id, r.Definition, (SagaStatus)r.Status)).ToList();
        foreach (var run in closed)
        {
            var action = run.Status == SagaStatus.Compensated ? "saga_run.cancel" : "saga_run.give_up";
            audit.Note(action, "saga_run", run.Id.ToString(), after: SagaJson.Write(new { reason }));
            SagaMetrics.Ended(run.Definition, run.Status);
        }

        if (closed.Count > 0)
        {
            await work.Connection.ExecuteAsync(
                new CommandDefinition("SELECT pg_notify('saga_changed', @tenantId::text)", values, work.Transaction, cancellationToken: ct)
            );
        }

        return closed;
    }

    private Task<(RunStore.RunRow Row, IReadOnlyList<StepRecord> Steps)?> LoadAsync(Guid id, CancellationToken ct) =>
        RunStore.LoadAsync(work, id, null, ct);

    private DynamicParameters Values(Guid id, string? reason = null) =>
        new(
            new
            {
                tenantId = TenantId,
                id,
                reason,
                by = caller.Value.Name,
                now = clock.GetUtcNow(),
            }
        );

    private Task<int> ExecuteAsync(string sql, DynamicParameters values, CancellationToken ct) =>
        work.Connection.ExecuteAsync(new CommandDefinition(sql, values, work.Transaction, cancellationToken: ct));
}
