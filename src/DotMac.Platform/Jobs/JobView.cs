using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;

namespace DotMac.Platform.Jobs;

/// <summary>A job: a run that a schedule, a chain or somebody began. Its steps are shown by the run of the same id.</summary>
/// <param name="Status">As of the run: pending, running, completed, degraded, compensating, compensated, stuck, given_up; forgotten.</param>
public sealed record JobView(
    Guid Id,
    string Kind,
    string Name,
    Guid? ScheduleId,
    Guid? ChainRunId,
    DateTimeOffset FiredAt,
    string Status,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? ErrorCode,
    string? ErrorMessage
)
{
    internal const string Select = """
        SELECT j.run_id AS id, j.kind, j.name, j.schedule_id, j.chain_run_id, j.fired_at, r.status, r.started_at, r.finished_at, r.error_code, r.error_message
        FROM jobs j LEFT JOIN saga_runs r ON r.tenant_id = j.tenant_id AND r.id = j.run_id

        """;

    internal static async Task<JobView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        (
            await work.Connection.QuerySingleOrDefaultAsync<Row>(
                new CommandDefinition(Select + "WHERE j.run_id = @id", new { id }, work.Transaction, cancellationToken: ct)
            )
        )?.ToView();

    internal sealed class Row
    {
        public Guid Id { get; init; }
        public string Kind { get; init; } = "";
        public string Name { get; init; } = "";
        public Guid? ScheduleId { get; init; }
        public Guid? ChainRunId { get; init; }
        public DateTimeOffset FiredAt { get; init; }
        public short? Status { get; init; }
        public DateTimeOffset? StartedAt { get; init; }
        public DateTimeOffset? FinishedAt { get; init; }
        public string? ErrorCode { get; init; }
        public string? ErrorMessage { get; init; }

        public JobView ToView() =>
            new(
                Id,
                Kind,
                Name,
                ScheduleId,
                ChainRunId,
                FiredAt,
                Status is { } status ? Entities.SnakeCase(((SagaStatus)status).ToString()) : "forgotten",
                StartedAt,
                FinishedAt,
                ErrorCode,
                ErrorMessage
            );
    }
}
