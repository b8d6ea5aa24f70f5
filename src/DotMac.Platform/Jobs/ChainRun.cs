using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;

namespace DotMac.Platform.Jobs;

/// <summary>How one going-through of a chain stands. Stored numbers only grow.</summary>
public enum ChainStatus
{
    Running = 1,
    Completed = 2,

    /// <summary>A job failed, and the chain stops at failures.</summary>
    Failed = 3,
}

/// <summary>One job of a chain.</summary>
public sealed record ChainLink(string? Kind = null, JsonElement? Parameters = null)
{
    internal string ParametersJson =>
        Parameters is { ValueKind: not JsonValueKind.Null and not JsonValueKind.Undefined } given ? given.GetRawText() : "{}";
}

/// <summary>A chain of jobs, done one after the other.</summary>
public sealed record ChainView(
    Guid Id,
    string Name,
    IReadOnlyList<ChainLink> Links,
    bool StopOnFailure,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    IReadOnlyList<ChainRunView>? Runs = null
);

/// <param name="Status">running, completed or failed.</param>
/// <param name="Position">How many of its jobs were begun.</param>
/// <param name="RunIds">The runs of its jobs, in order.</param>
public sealed record ChainRunView(
    Guid Id,
    string Status,
    int Position,
    IReadOnlyList<Guid> RunIds,
    string? Message,
    string StartedBy,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt
);

/// <summary>Moves one going-through of a chain on: looks what came of its job, and begins the next.</summary>
internal sealed class ChainRun(UnitOfWork work, JobStarter starter, TimeProvider clock)
{
    // Two statements. One that joins the job would, when it had waited for another node, see the chain as that node left it beside the job of before:
    // PostgreSQL reads anew only the row that it locks, and the new job would look as if it were gone.
    private const string Lock = "SELECT FROM job_chain_runs WHERE id = @id FOR UPDATE";

    private const string Read = """
        SELECT c.id, c.links::text AS links, c.stop_on_failure, c.position, c.current_run, c.message, n.name, r.status AS run_status
        FROM job_chain_runs c LEFT JOIN job_chains n ON n.tenant_id = c.tenant_id AND n.id = c.chain_id
            LEFT JOIN saga_runs r ON r.tenant_id = c.tenant_id AND r.id = c.current_run
        WHERE c.id = @id AND c.status = 1
        """;

    private const string Save = """
        UPDATE job_chain_runs SET position = @Position, status = @status, current_run = @CurrentRun, message = @Message,
            finished_at = CASE WHEN @status > 1 THEN @now END
        WHERE id = @Id
        """;

    public async Task AdvanceAsync(Guid id, CancellationToken ct)
    {
        await work.Connection.ExecuteAsync(new CommandDefinition(Lock, new { id }, work.Transaction, cancellationToken: ct));
        var row = await work.Connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Read, new { id }, work.Transaction, cancellationToken: ct)
        );
        if (row is null || (row.CurrentRun is not null && !IsOver(row.RunStatus)))
        {
            return;
        }

        var links = JsonSerializer.Deserialize<List<ChainLink>>(row.Links, SagaJson.Options)!;
        if (row.CurrentRun is not null && (SagaStatus?)row.RunStatus is not (SagaStatus.Completed or SagaStatus.Degraded))
        {
            row.Message = $"Job {row.Position} ({links[row.Position - 1].Kind}) failed.";
        }

        var status = ChainStatus.Running;
        row.CurrentRun = null;
        while (row.CurrentRun is null && status == ChainStatus.Running)
        {
            if (row.Message is not null && row.StopOnFailure)
            {
                status = ChainStatus.Failed;
            }
            else if (row.Position == links.Count)
            {
                status = ChainStatus.Completed;
            }
            else
            {
                await BeginAsync(row, links[row.Position], ct);
            }
        }

        var values = new
        {
            row.Position,
            status = (short)status,
            row.CurrentRun,
            row.Message,
            row.Id,
            now = clock.GetUtcNow(),
        };
        await work.Connection.ExecuteAsync(new CommandDefinition(Save, values, work.Transaction, cancellationToken: ct));
    }

    private async Task BeginAsync(Row row, ChainLink link, CancellationToken ct)
    {
        row.Position++;
        var name = $"{row.Name ?? "chain"} {row.Position}";
        var started = await starter.StartAsync(link.Kind!, link.ParametersJson, name, clock.GetUtcNow(), ct, chainRun: row.Id);
        if (started.Error is { } refusal)
        {
            row.Message = $"Job {row.Position} ({link.Kind}) was refused: {refusal.Message}";
        }
        else
        {
            row.CurrentRun = started.Value;
        }
    }

    private static bool IsOver(short? status) =>
        (SagaStatus?)status
            is null
                or SagaStatus.Completed
                or SagaStatus.Degraded
                or SagaStatus.Compensated
                or SagaStatus.Stuck
                or SagaStatus.GivenUp;

    private sealed class Row
    {
        public Guid Id { get; init; }
        public string Links { get; init; } = "[]";
        public bool StopOnFailure { get; init; }
        public int Position { get; set; }
        public Guid? CurrentRun { get; set; }
        public string? Message { get; set; }
        public string? Name { get; init; }
        public short? RunStatus { get; init; }
    }
}
