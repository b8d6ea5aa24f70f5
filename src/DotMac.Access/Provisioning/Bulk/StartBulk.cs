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

/// <summary>Starts one operation for many subscribers, as its preview showed it; in waves, each subscriber in a run of its own.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>bulk.set_changed</c> 409 (the filter means others than those of the fingerprint),
/// <c>permission.missing</c> 403 (what one of them needs), <c>bulk.nobody</c> and <c>bulk.too_many</c> 422. <b>Effects:</b> a job; an audit entry; runs whose parent it is.
/// </remarks>
public static class StartBulk
{
    /// <param name="Fingerprint">Of the preview.</param>
    /// <param name="WaveSize">How many are under way at once, 1 to 1,000; 50 unless told.</param>
    /// <param name="WavePauseSeconds">Between two waves, 0 to 86,400.</param>
    /// <param name="StopErrorPercent">Stops when more of what has ended failed, 0 to 100; 10 unless told.</param>
    public sealed record Body(
        string? Kind = null,
        BulkParameters? Parameters = null,
        BulkFilter? Filter = null,
        string? Fingerprint = null,
        int? WaveSize = null,
        int? WavePauseSeconds = null,
        int? StopErrorPercent = null
    );

    [Requires("isp.oss.configure")]
    public sealed record Command(Body Asked);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/provisioning/bulk", Post).WithName(nameof(StartBulk));

    private static async Task<Results<Created<BulkView>, ProblemHttpResult>> Post(
        Body body,
        IHandle<Command, BulkView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(j => $"/api/v1/provisioning/bulk/{j.Id}");

    internal sealed class Handler(UnitOfWork work, BulkJobs jobs, AuditTrail audit, CurrentCaller caller) : IHandle<Command, BulkView>
    {
        public async Task<Result<BulkView>> Handle(Command command, CancellationToken ct)
        {
            var asked = command.Asked;
            var order = new BulkOrder(asked.Kind, asked.Parameters, asked.Filter);
            var faults = new Faults()
                .Check(!string.IsNullOrEmpty(asked.Fingerprint), "fingerprint", "required", "Give the one that the preview answered.")
                .Range("wave_size", asked.WaveSize, 1, 1000)
                .Range("wave_pause_seconds", asked.WavePauseSeconds, 0, 86_400)
                .Range("stop_error_percent", asked.StopErrorPercent, 0, 100);
            if ((order.Refusal() ?? faults.Error) is { } refusal)
            {
                return refusal;
            }

            if (BulkOrder.Forbidden(order.KindRead!.Value, order.Parameters ?? new BulkParameters(), caller.Value) is { } forbidden)
            {
                return forbidden;
            }

            var whom = await order.WhomAsync(work, ct);
            if (whom.Count == 0)
            {
                return BulkErrors.NobodyMeant;
            }

            if (whom.Count > BulkOrder.Most)
            {
                return BulkErrors.TooMany(whom.Count, BulkOrder.Most);
            }

            if (!string.Equals(order.Fingerprint(whom), asked.Fingerprint, StringComparison.OrdinalIgnoreCase))
            {
                return BulkErrors.SetChanged;
            }

            var id = await jobs.PutAsync(
                new NewBulkJob(
                    order.KindRead!.Value,
                    JsonSerializer.Serialize(order.Parameters ?? new BulkParameters(), SagaJson.Options),
                    JsonSerializer.Serialize(order.Filter ?? new BulkFilter(), SagaJson.Options),
                    asked.Fingerprint!,
                    asked.WaveSize ?? 50,
                    asked.WavePauseSeconds ?? 0,
                    asked.StopErrorPercent ?? 10,
                    null
                ),
                [.. whom.Select(w => new NewBulkItem(w, null))],
                ct
            );
            audit.Note(
                "bulk_job.start",
                "bulk_job",
                id.ToString(),
                after: JsonSerializer.Serialize(
                    new
                    {
                        kind = asked.Kind,
                        total = whom.Count,
                        asked.Fingerprint,
                    },
                    SagaJson.Options
                )
            );
            return (await BulkView.FindAsync(work, id, ct))!;
        }
    }
}
