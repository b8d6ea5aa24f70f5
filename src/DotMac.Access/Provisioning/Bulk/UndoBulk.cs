using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>Undoes a job that has ended: the inverse for each that it did, and for no other, as a job of its own.</summary>
/// <remarks>
/// A suspension is resumed, a resumption suspended again with the same reason, a plan goes back to the one before.
/// <b>Errors:</b> <c>bulk.not_found</c> 404, <c>bulk.not_undoable</c> 409.
/// </remarks>
public static class UndoBulk
{
    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/provisioning/bulk/{id:guid}/undo", Post).WithName(nameof(UndoBulk));

    private static async Task<Results<Created<BulkView>, ProblemHttpResult>> Post(
        Guid id,
        IHandle<Command, BulkView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToCreated(j => $"/api/v1/provisioning/bulk/{j.Id}");

    internal sealed class Handler(UnitOfWork work, BulkJobs jobs, AuditTrail audit, CurrentCaller caller) : IHandle<Command, BulkView>
    {
        public async Task<Result<BulkView>> Handle(Command command, CancellationToken ct)
        {
            if (await BulkView.FindAsync(work, command.Id, ct) is not { } done)
            {
                return BulkErrors.NotFound;
            }

            if (!done.CanUndo)
            {
                return BulkErrors.NotUndoable;
            }

            var kind = Words.Read<BulkKind>(done.Kind)!.Value switch
            {
                BulkKind.Suspend => BulkKind.Resume,
                BulkKind.Resume => BulkKind.Suspend,
                _ => BulkKind.ChangePlan,
            };
            if (BulkOrder.Forbidden(kind, new BulkParameters(), caller.Value) is { } forbidden)
            {
                return forbidden;
            }

            // Only what the job itself changed: before is null where it found its work done.
            var items = await work.Connection.QueryAsync<NewBulkItem>(
                new CommandDefinition(
                    "SELECT subscriber_id, before AS parameter FROM bulk_items WHERE job_id = @Id AND state = 2 AND before IS NOT NULL ORDER BY ordinal DESC",
                    new { command.Id },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var whom = items.ToList();
            if (whom.Count == 0)
            {
                return BulkErrors.NotUndoable;
            }

            var id = await jobs.PutAsync(
                new NewBulkJob(
                    kind,
                    done.Parameters.GetRawText(),
                    JsonSerializer.Serialize(new { undo_of = command.Id }),
                    done.Fingerprint,
                    done.WaveSize,
                    done.WavePauseSeconds,
                    done.StopErrorPercent,
                    command.Id
                ),
                whom,
                ct
            );
            audit.Note(
                "bulk_job.undo",
                "bulk_job",
                command.Id.ToString(),
                after: JsonSerializer.Serialize(new { job = id }, SagaJson.Options)
            );
            return (await BulkView.FindAsync(work, id, ct))!;
        }
    }
}
