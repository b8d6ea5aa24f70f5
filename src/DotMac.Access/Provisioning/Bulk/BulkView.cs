using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>A job and how far it is.</summary>
/// <param name="State">running, paused, cancelled, completed or stopped.</param>
/// <param name="Wave">The one under way, from 1.</param>
public sealed record BulkView(
    Guid Id,
    string Kind,
    JsonElement Parameters,
    JsonElement Filter,
    string Fingerprint,
    int Total,
    int Waiting,
    int Started,
    int Done,
    int Failed,
    int Skipped,
    int Cancelled,
    int WaveSize,
    int WavePauseSeconds,
    int StopErrorPercent,
    string State,
    string? StateReason,
    int Wave,
    Guid? UndoOf,
    Guid? UndoneBy,
    bool CanUndo,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? FinishedAt
)
{
    internal const string Select = """
        SELECT j.id, j.kind, j.parameters::text AS parameters, j.filter::text AS filter, j.fingerprint, j.total, j.wave_size, j.wave_pause_seconds,
            j.stop_error_percent, j.state, j.state_reason, j.wave, j.undo_of, (SELECT u.id FROM bulk_jobs u WHERE u.undo_of = j.id) AS undone_by,
            j.created_at, j.created_by, j.finished_at, j.waiting, j.started, j.done, j.failed, j.skipped, j.cancelled
        FROM bulk_jobs j

        """;

    internal static async Task<BulkView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        (
            await work.Connection.QuerySingleOrDefaultAsync<Row>(
                new CommandDefinition(Select + "WHERE j.id = @id", new { id }, work.Transaction, cancellationToken: ct)
            )
        )?.ToView();

    internal sealed class Row
    {
        public Guid Id { get; init; }
        public short Kind { get; init; }
        public string Parameters { get; init; } = "{}";
        public string Filter { get; init; } = "{}";
        public string Fingerprint { get; init; } = "";
        public int Total { get; init; }
        public int WaveSize { get; init; }
        public int WavePauseSeconds { get; init; }
        public int StopErrorPercent { get; init; }
        public short State { get; init; }
        public string? StateReason { get; init; }
        public int Wave { get; init; }
        public Guid? UndoOf { get; init; }
        public Guid? UndoneBy { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public string CreatedBy { get; init; } = "";
        public DateTimeOffset? FinishedAt { get; init; }
        public int Waiting { get; init; }
        public int Started { get; init; }
        public int Done { get; init; }
        public int Failed { get; init; }
        public int Skipped { get; init; }
        public int Cancelled { get; init; }

        private bool CanUndo =>
            (BulkState)State is BulkState.Completed or BulkState.Stopped or BulkState.Cancelled
            && (BulkKind)Kind is BulkKind.Suspend or BulkKind.Resume or BulkKind.ChangePlan
            && UndoneBy is null
            && Started == 0
            && Done > 0;

        public BulkView ToView() =>
            new(
                Id,
                Words.Of((BulkKind)Kind),
                JsonSerializer.Deserialize<JsonElement>(Parameters),
                JsonSerializer.Deserialize<JsonElement>(Filter),
                Fingerprint,
                Total,
                Waiting,
                Started,
                Done,
                Failed,
                Skipped,
                Cancelled,
                WaveSize,
                WavePauseSeconds,
                StopErrorPercent,
                Words.Of((BulkState)State),
                StateReason,
                Wave,
                UndoOf,
                UndoneBy,
                CanUndo,
                CreatedAt,
                CreatedBy,
                FinishedAt
            );
    }
}
