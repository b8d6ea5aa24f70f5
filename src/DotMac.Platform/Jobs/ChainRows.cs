using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;

namespace DotMac.Platform.Jobs;

/// <summary>Reads chains as they are shown.</summary>
internal static class ChainRows
{
    private const string Select = "SELECT id, name, links::text AS links, stop_on_failure, created_by, created_at FROM job_chains ";

    private const string Runs = """
        SELECT c.id, c.status, c.position, c.message, c.started_by, c.started_at, c.finished_at,
            ARRAY(SELECT j.run_id FROM jobs j WHERE j.chain_run_id = c.id ORDER BY j.run_id) AS run_ids
        FROM job_chain_runs c WHERE c.chain_id = @id ORDER BY c.id DESC LIMIT 50
        """;

    public static async Task<IReadOnlyList<ChainView>> ListAsync(UnitOfWork work, CancellationToken ct) =>
        [
            .. (
                await work.Connection.QueryAsync<Row>(
                    new CommandDefinition(Select + "ORDER BY lower(name) LIMIT 500", transaction: work.Transaction, cancellationToken: ct)
                )
            ).Select(r => r.ToView(null)),
        ];

    public static async Task<ChainView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct)
    {
        await using var read = await work.Connection.QueryMultipleAsync(
            new CommandDefinition(Select + "WHERE id = @id;" + Runs, new { id }, work.Transaction, cancellationToken: ct)
        );
        return await read.ReadSingleOrDefaultAsync<Row>() is { } row
            ? row.ToView([.. (await read.ReadAsync<RunRow>()).Select(r => r.ToView())])
            : null;
    }

    private sealed class Row
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Links { get; init; } = "[]";
        public bool StopOnFailure { get; init; }
        public string CreatedBy { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }

        public ChainView ToView(IReadOnlyList<ChainRunView>? runs) =>
            new(Id, Name, JsonSerializer.Deserialize<List<ChainLink>>(Links, SagaJson.Options)!, StopOnFailure, CreatedBy, CreatedAt, runs);
    }

    private sealed class RunRow
    {
        public Guid Id { get; init; }
        public short Status { get; init; }
        public int Position { get; init; }
        public string? Message { get; init; }
        public string StartedBy { get; init; } = "";
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset? FinishedAt { get; init; }
        public Guid[] RunIds { get; init; } = [];

        public ChainRunView ToView() =>
            new(Id, Entities.SnakeCase(((ChainStatus)Status).ToString()), Position, RunIds, Message, StartedBy, StartedAt, FinishedAt);
    }
}
