using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Kernel.Sagas;

/// <summary>Reads and writes a run inside a unit of work, always after locking its row; for a worker, only while the row carries its token.</summary>
internal static class RunStore
{
    private const string Lock = """
        SELECT id, tenant_id, definition, version, status, input::text AS input, state::text AS state, subject_id, parent_id, started_by,
            cancel_requested, repairing AS is_repairing, queued AS is_queued, turns, claims, coalesce(cardinality(missing), 0) AS missing, due_at,
            started_at, finished_at, error_step, error_code, error_message
        FROM saga_runs WHERE tenant_id = @tenantId AND id = @id AND (@token::uuid IS NULL OR lease_token = @token) FOR UPDATE
        """;

    private const string Steps = """
        SELECT seq, name, status, reached AS is_reached, generation, attempts, failures, undo_attempts, undo_failures, input::text AS input,
            output::text AS output, wrote::text AS wrote, note, error_code, error_message, undo_note, undo_code, undo_message,
            started_at, finished_at, undone_at, duration_ms, failed_attempts::text AS failed_attempts
        FROM saga_steps WHERE tenant_id = @tenantId AND run_id = @id ORDER BY seq
        """;

    private const string Relock = """
        SELECT cancel_requested FROM saga_runs WHERE tenant_id = @tenantId AND id = @id AND lease_token = @token FOR UPDATE
        """;

    private const string SaveRun = """
        UPDATE saga_runs SET status = @Status, state = @State::jsonb, due_at = @DueAt, started_at = @StartedAt, finished_at = @FinishedAt,
            cancel_requested = cancel_requested AND @CancelRequested, repairing = @IsRepairing, error_step = @ErrorStep, error_code = @ErrorCode,
            error_message = @ErrorMessage, changed_at = clock_timestamp(), queued = @IsQueued, turns = @Turns, waits_for = @WaitsFor,
            claims = CASE WHEN NOT @keep THEN 0 WHEN @HasAdvanced THEN 1 ELSE claims END,
            missing = CASE WHEN @keep AND NOT @HasAdvanced THEN missing END,
            lease_token = CASE WHEN @keep THEN lease_token END, leased_by = CASE WHEN @keep THEN leased_by END,
            leased_until = CASE WHEN @keep THEN clock_timestamp() + @lease END
        WHERE tenant_id = @TenantId AND id = @Id
        """;

    private const string SaveSteps = """
        UPDATE saga_steps s SET status = r.status, reached = r.is_reached, generation = r.generation, attempts = r.attempts, failures = r.failures,
            undo_attempts = r.undo_attempts, undo_failures = r.undo_failures, input = r.input::jsonb, output = r.output::jsonb, wrote = r.wrote::jsonb,
            note = r.note, error_code = r.error_code, error_message = r.error_message, undo_note = r.undo_note, undo_code = r.undo_code,
            undo_message = r.undo_message, started_at = r.started_at, finished_at = r.finished_at, undone_at = r.undone_at, duration_ms = r.duration_ms,
            failed_attempts = r.failed_attempts::jsonb
        FROM json_to_recordset(@rows::json) AS r (seq smallint, status smallint, is_reached boolean, generation smallint, attempts int, failures int,
            undo_attempts int, undo_failures int, input text, output text, wrote text, note text, error_code text, error_message text,
            undo_note text, undo_code text, undo_message text, started_at timestamptz, finished_at timestamptz, undone_at timestamptz,
            duration_ms double precision, failed_attempts text)
        WHERE s.tenant_id = @TenantId AND s.run_id = @Id AND s.seq = r.seq
        """;

    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Locks the run and reads it whole; null when it is not there, or not under this token any more.</summary>
    /// <param name="token">Null for a person's act, which needs no lease.</param>
    public static async Task<(RunRow Row, IReadOnlyList<StepRecord> Steps)?> LoadAsync(
        UnitOfWork work,
        Guid id,
        Guid? token,
        CancellationToken ct
    )
    {
        var values = new
        {
            tenantId = work.TenantId,
            id,
            token,
        };
        await using var read = await work.Connection.QueryMultipleAsync(
            new CommandDefinition(Lock + ";" + Steps, values, work.Transaction, cancellationToken: ct)
        );
        var row = await read.ReadSingleOrDefaultAsync<RunRow>();
        return row is null ? null : (row, (await read.ReadAsync<StepRecord>()).AsList());
    }

    /// <summary>Locks the row of a run that this worker already holds in memory; null when the lease is lost, else whether somebody cancelled.</summary>
    public static Task<bool?> RelockAsync(UnitOfWork work, Guid id, Guid token, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<bool?>(
            new CommandDefinition(
                Relock,
                new
                {
                    tenantId = work.TenantId,
                    id,
                    token,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );

    /// <param name="lease">How long the worker keeps it; null lets it go.</param>
    public static async Task SaveAsync(UnitOfWork work, RunRecord run, TimeSpan? lease, CancellationToken ct)
    {
        var dirty = run.Steps.Where(s => s.IsDirty).ToList();
        var sql = dirty.Count == 0 ? SaveRun : SaveSteps + ";" + SaveRun;
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                sql + "; SELECT pg_notify('saga_changed', @TenantId::text)" + (IsWorkFor(run, lease) ? "; NOTIFY saga_work" : ""),
                new
                {
                    run.TenantId,
                    run.Id,
                    Status = (short)run.Status,
                    run.State,
                    run.DueAt,
                    run.StartedAt,
                    run.FinishedAt,
                    run.CancelRequested,
                    run.IsRepairing,
                    run.IsQueued,
                    run.Turns,
                    run.WaitsFor,
                    run.HasAdvanced,
                    run.ErrorStep,
                    run.ErrorCode,
                    run.ErrorMessage,
                    keep = lease is not null,
                    lease = lease ?? TimeSpan.Zero,
                    rows = JsonSerializer.Serialize(dirty, Snake),
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        dirty.ForEach(s => s.IsDirty = false);
        run.HasAdvanced = false;
    }

    public static RunRecord Record(RunRow row, SagaDefinition definition, IReadOnlyList<StepRecord> steps) =>
        new(definition, steps)
        {
            TenantId = row.TenantId,
            Id = row.Id,
            SubjectId = row.SubjectId,
            ParentId = row.ParentId,
            StartedBy = row.StartedBy,
            Input = row.Input,
            State = row.State,
            Status = (SagaStatus)row.Status,
            CancelRequested = row.CancelRequested,
            IsRepairing = row.IsRepairing,
            IsQueued = row.IsQueued,
            Turns = row.Turns,
            Claims = row.Claims,
            Missing = row.Missing,
            DueAt = row.DueAt,
            StartedAt = row.StartedAt,
            FinishedAt = row.FinishedAt,
            ErrorStep = row.ErrorStep,
            ErrorCode = row.ErrorCode,
            ErrorMessage = row.ErrorMessage,
        };

    private static bool IsWorkFor(RunRecord run, TimeSpan? lease) =>
        lease is null && run is { IsOver: false, Status: not SagaStatus.Stuck };

    internal sealed class RunRow
    {
        public Guid Id { get; init; }
        public Guid TenantId { get; init; }
        public string Definition { get; init; } = "";
        public int Version { get; init; }
        public short Status { get; init; }
        public string Input { get; init; } = "";
        public string State { get; init; } = "";
        public Guid? SubjectId { get; init; }
        public Guid? ParentId { get; init; }
        public string StartedBy { get; init; } = "";
        public bool CancelRequested { get; init; }
        public bool IsRepairing { get; init; }
        public bool IsQueued { get; init; }
        public int Turns { get; init; }
        public int Claims { get; init; }
        public int Missing { get; init; }
        public DateTimeOffset DueAt { get; init; }
        public DateTimeOffset? StartedAt { get; init; }
        public DateTimeOffset? FinishedAt { get; init; }
        public string? ErrorStep { get; init; }
        public string? ErrorCode { get; init; }
        public string? ErrorMessage { get; init; }
    }
}
