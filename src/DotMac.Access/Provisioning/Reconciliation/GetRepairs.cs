using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>How a repair of many goes: what became of each that was begun.</summary>
/// <remarks><b>Errors:</b> <c>finding.repair_not_found</c> 404.</remarks>
public static class GetRepairs
{
    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id);

    /// <param name="Over">Nothing more comes of it by itself.</param>
    public sealed record Response(Guid Id, string StartedBy, DateTimeOffset StartedAt, bool Over, IReadOnlyList<Item> Items);

    /// <param name="What">As it reads now; null when the difference has come back since, as another finding.</param>
    /// <param name="State">waiting, running, repaired, gone (it was so no longer: nothing was done) or failed (see code).</param>
    /// <param name="WaitsFor">The run that has its subscriber first.</param>
    public sealed record Item(
        Guid Id,
        FindingKind Kind,
        string SubjectLabel,
        string? What,
        Guid RunId,
        RepairProgress State,
        Guid? WaitsFor,
        string? Code,
        string? Detail
    );

    public enum RepairProgress
    {
        Waiting,
        Running,
        Repaired,
        Gone,
        Failed,
    }

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/reconciliation/repairs/{id:guid}", Get).WithName(nameof(GetRepairs));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    /// <param name="apply">Of the step that does it; null when there is none.</param>
    internal static RepairProgress StateOf(SagaStatus run, StepStatus? apply, bool hasBegun) =>
        run switch
        {
            SagaStatus.Pending when !hasBegun => RepairProgress.Waiting,
            SagaStatus.Pending or SagaStatus.Running or SagaStatus.Compensating => RepairProgress.Running,
            SagaStatus.Completed => apply == StepStatus.Skipped ? RepairProgress.Gone : RepairProgress.Repaired,
            _ => RepairProgress.Failed,
        };

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        private const string Select = """
            SELECT (r.input->>'finding_id')::uuid AS finding_id, r.input->>'kind' AS kind, r.subject_label, f.what, r.id AS run_id, r.status,
                s.status AS applied, r.started_at IS NOT NULL AS has_begun, CASE WHEN r.status = 0 THEN r.waits_for END AS waits_for, r.error_code,
                r.error_message, r.started_by, r.created_at
            FROM saga_runs r
            LEFT JOIN saga_steps s ON s.run_id = r.id AND s.name = 'apply_repair'
            LEFT JOIN reconciliation_findings f ON f.id = (r.input->>'finding_id')::uuid
            WHERE r.parent_id = @Id AND r.definition = @definition
            ORDER BY r.id
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var rows = (
                await work.Connection.QueryAsync<Row>(
                    new CommandDefinition(Select, new { command.Id, definition = RepairSaga.Name }, work.Transaction, cancellationToken: ct)
                )
            ).AsList();
            if (rows.Count == 0)
            {
                return ReconciliationErrors.RepairNotFound;
            }

            var items = rows.ConvertAll(r => r.ToItem());
            var over = items.TrueForAll(i => i.State is not (RepairProgress.Waiting or RepairProgress.Running));
            return new Response(command.Id, rows[0].StartedBy, rows[0].CreatedAt, over, items);
        }

        private sealed class Row
        {
            public Guid FindingId { get; init; }
            public string Kind { get; init; } = "";
            public string SubjectLabel { get; init; } = "";
            public string? What { get; init; }
            public Guid RunId { get; init; }
            public short Status { get; init; }
            public short? Applied { get; init; }
            public bool HasBegun { get; init; }
            public Guid? WaitsFor { get; init; }
            public string? ErrorCode { get; init; }
            public string? ErrorMessage { get; init; }
            public string StartedBy { get; init; } = "";
            public DateTimeOffset CreatedAt { get; init; }

            public Item ToItem() =>
                new(
                    FindingId,
                    Words.Read<FindingKind>(Kind)!.Value,
                    SubjectLabel,
                    What,
                    RunId,
                    StateOf((SagaStatus)Status, (StepStatus?)Applied, HasBegun),
                    WaitsFor,
                    ErrorCode,
                    ErrorMessage
                );
        }
    }
}
