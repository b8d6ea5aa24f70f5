using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>Reads runs as they are shown.</summary>
internal static class RunRows
{
    public const string Select = """
        SELECT r.id, r.definition, r.version, r.status, r.subject_id, r.subject_label, r.parent_id, r.started_by, r.created_at, r.started_at,
            r.finished_at, r.due_at, r.cancel_requested, r.error_step, r.error_code, r.error_message, r.not_before, r.waits_for,
            w.definition AS waits_for_definition,
            u.name AS stuck_step, coalesce(u.undo_code, u.error_code) AS stuck_code, coalesce(u.undo_message, u.error_message) AS stuck_message, r.unknown_since IS NOT NULL AS is_unknown, r.closed_by, r.closed_reason,
            r.changed_at, n.username AS subject_name
        FROM saga_runs r
        LEFT JOIN LATERAL (
            SELECT s.name, s.undo_code, s.undo_message, s.error_code, s.error_message FROM saga_steps s
            WHERE r.status IN (6, 7) AND s.tenant_id = r.tenant_id AND s.run_id = r.id
                AND (s.status = 8 OR (s.status = 5 AND s.error_code IN ('run.worker_lost', 'run.worker_slow')))
            ORDER BY s.status DESC, s.seq DESC LIMIT 1
        ) u ON true
        LEFT JOIN subscribers n ON n.tenant_id = r.tenant_id AND n.id = r.subject_id
        LEFT JOIN saga_runs w ON w.tenant_id = r.tenant_id AND w.id = r.waits_for

        """;

    private const string Whole = "SELECT input::text, state::text FROM saga_runs WHERE id = @id";

    private const string Steps = """
        SELECT seq, name, target, required, status, generation, attempts, undo_attempts, input::text AS input, output::text AS output,
            wrote::text AS wrote, note, error_code, error_message, undo_note, undo_code, undo_message, started_at, finished_at, undone_at, duration_ms,
            failed_attempts::text AS failed_attempts
        FROM saga_steps WHERE run_id = @id ORDER BY seq
        """;

    /// <summary>Null when the tenant has no such run.</summary>
    public static async Task<RunView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct)
    {
        await using var read = await work.Connection.QueryMultipleAsync(
            new CommandDefinition(Select + "WHERE r.id = @id;" + Whole + ";" + Steps, new { id }, work.Transaction, cancellationToken: ct)
        );
        if (await read.ReadSingleOrDefaultAsync<Row>() is not { } row)
        {
            return null;
        }

        var (input, state) = await read.ReadSingleAsync<(string, string)>();
        return row.ToView(state, Show(id, input, await read.ReadAsync<StepRow>()));
    }

    /// <summary>A step that did not say what it asked found what the run began with and what the steps before it wrote.</summary>
    private static List<RunStepView> Show(Guid run, string input, IEnumerable<StepRow> rows)
    {
        var known = JsonNode.Parse(input)!.AsObject();
        var steps = new List<RunStepView>();
        foreach (var row in rows)
        {
            steps.Add(row.ToView(run, row.Input ?? (row.StartedAt is null ? null : known.ToJsonString())));
            foreach (var (name, value) in row.Wrote is null ? [] : JsonNode.Parse(row.Wrote)!.AsObject())
            {
                known[name] = value?.DeepClone();
            }
        }

        return steps;
    }

    internal sealed class Row
    {
        public Guid Id { get; init; }
        public string Definition { get; init; } = "";
        public int Version { get; init; }
        public short Status { get; init; }
        public Guid? SubjectId { get; init; }
        public string SubjectLabel { get; init; } = "";
        public string? SubjectName { get; init; }
        public Guid? ParentId { get; init; }
        public string StartedBy { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? StartedAt { get; init; }
        public DateTimeOffset? FinishedAt { get; init; }
        public DateTimeOffset DueAt { get; init; }
        public DateTimeOffset? NotBefore { get; init; }
        public Guid? WaitsFor { get; init; }
        public string? WaitsForDefinition { get; init; }
        public bool CancelRequested { get; init; }
        public string? ErrorStep { get; init; }
        public string? ErrorCode { get; init; }
        public string? ErrorMessage { get; init; }
        public string? StuckStep { get; init; }
        public string? StuckCode { get; init; }
        public string? StuckMessage { get; init; }
        public bool IsUnknown { get; init; }
        public string? ClosedBy { get; init; }
        public string? ClosedReason { get; init; }
        public DateTimeOffset ChangedAt { get; init; }

        private DateTimeOffset? Due => (SagaStatus)Status is SagaStatus.Pending or SagaStatus.Compensating ? DueAt : null;

        private bool Waits => IsUnknown && (SagaStatus)Status is SagaStatus.Pending or SagaStatus.Running or SagaStatus.Compensating;

        public RunHead ToHead() =>
            new(
                Id,
                Definition,
                Version,
                Words.Of((SagaStatus)Status),
                SubjectId,
                SubjectLabel,
                SubjectName,
                ParentId,
                StartedBy,
                CreatedAt,
                StartedAt,
                FinishedAt,
                Due,
                NotBefore,
                WaitsFor,
                WaitsForDefinition,
                CancelRequested,
                ErrorStep,
                ErrorCode,
                ErrorMessage,
                StuckStep,
                StuckCode,
                StuckMessage,
                Waits,
                ClosedBy,
                ClosedReason,
                ChangedAt
            );

        public RunView ToView(string state, IReadOnlyList<RunStepView> steps) =>
            new(
                Id,
                Definition,
                Version,
                Words.Of((SagaStatus)Status),
                SubjectId,
                SubjectLabel,
                SubjectName,
                ParentId,
                StartedBy,
                CreatedAt,
                StartedAt,
                FinishedAt,
                Due,
                NotBefore,
                WaitsFor,
                WaitsForDefinition,
                CancelRequested,
                ErrorStep,
                ErrorCode,
                ErrorMessage,
                StuckStep,
                StuckCode,
                StuckMessage,
                Waits,
                ClosedBy,
                ClosedReason,
                ChangedAt,
                SagaJson.Shown(state),
                steps
            );
    }

    private sealed class StepRow
    {
        public short Seq { get; init; }
        public string Name { get; init; } = "";
        public string Target { get; init; } = "";
        public bool Required { get; init; }
        public short Status { get; init; }
        public short Generation { get; init; }
        public int Attempts { get; init; }
        public int UndoAttempts { get; init; }
        public string? Input { get; init; }
        public string? Output { get; init; }
        public string? Wrote { get; init; }
        public string? Note { get; init; }
        public string? ErrorCode { get; init; }
        public string? ErrorMessage { get; init; }
        public string? UndoNote { get; init; }
        public string? UndoCode { get; init; }
        public string? UndoMessage { get; init; }
        public DateTimeOffset? StartedAt { get; init; }
        public DateTimeOffset? FinishedAt { get; init; }
        public DateTimeOffset? UndoneAt { get; init; }
        public double? DurationMs { get; init; }
        public string? FailedAttempts { get; init; }

        public RunStepView ToView(Guid run, string? input) =>
            new(
                Seq,
                Name,
                Target,
                Required,
                Words.Of((StepStatus)Status),
                StepContext.KeyOf(run, Name, Generation),
                Attempts,
                UndoAttempts,
                SagaJson.Shown(input),
                SagaJson.Shown(Output),
                SagaJson.Shown(Wrote),
                Note,
                ErrorCode,
                ErrorMessage,
                UndoNote,
                UndoCode,
                UndoMessage,
                StartedAt,
                FinishedAt,
                UndoneAt,
                DurationMs,
                FailedAttempts is null ? [] : JsonSerializer.Deserialize<List<FailedAttempt>>(FailedAttempts, SagaJson.Options)!
            );
    }
}
