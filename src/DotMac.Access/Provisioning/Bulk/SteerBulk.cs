using System.Text.Json;
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

/// <summary>Pauses a job, lets it go on, or cancels what has not begun. What is under way ends by itself.</summary>
/// <remarks><b>Errors:</b> <c>bulk.not_found</c> 404, <c>bulk.over</c> 409.</remarks>
public static class SteerBulk
{
    /// <param name="Note">Why.</param>
    public sealed record Body(string? Note = null);

    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id, string Verb, string? Note);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var verb in new[] { "pause", "continue", "cancel" })
        {
            app.MapPost(
                    $"/provisioning/bulk/{{id:guid}}/{verb}",
                    (Guid id, Body? body, IHandle<Command, BulkView> handler, CancellationToken ct) =>
                        PostAsync(id, verb, body, handler, ct)
                )
                .WithName(nameof(SteerBulk) + char.ToUpperInvariant(verb[0]) + verb[1..]);
        }
    }

    private static async Task<Results<Ok<BulkView>, ProblemHttpResult>> PostAsync(
        Guid id,
        string verb,
        Body? body,
        IHandle<Command, BulkView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, verb, Input.Clean(body?.Note)), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, BulkJobs jobs, AuditTrail audit, CurrentCaller caller) : IHandle<Command, BulkView>
    {
        public async Task<Result<BulkView>> Handle(Command command, CancellationToken ct)
        {
            if (await BulkView.FindAsync(work, command.Id, ct) is not { } job)
            {
                return BulkErrors.NotFound;
            }

            var parameters = job.Parameters.Deserialize<BulkParameters>(SagaJson.Options)!;
            if (
                command.Verb == "continue"
                && BulkOrder.Forbidden(Words.Read<BulkKind>(job.Kind)!.Value, parameters, caller.Value) is { } forbidden
            )
            {
                return forbidden;
            }

            var (to, from) = command.Verb switch
            {
                "pause" => (BulkState.Paused, new[] { BulkState.Running }),
                "continue" => (BulkState.Running, [BulkState.Paused, BulkState.Stopped]),
                _ => (BulkState.Cancelled, [BulkState.Running, BulkState.Paused, BulkState.Stopped]),
            };
            if (!await jobs.SteerAsync(command.Id, to, from, command.Note, ct))
            {
                return BulkErrors.Over;
            }

            audit.Note(
                "bulk_job." + command.Verb,
                "bulk_job",
                command.Id.ToString(),
                after: command.Note is null ? null : JsonSerializer.Serialize(new { command.Note }, SagaJson.Options)
            );
            return (await BulkView.FindAsync(work, command.Id, ct))!;
        }
    }
}
