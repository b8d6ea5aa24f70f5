using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Jobs;

/// <summary>Does a scheduled job now, beside its schedule.</summary>
/// <remarks><b>Errors:</b> <c>schedule.not_found</c> 404, and what its kind refuses.</remarks>
public static class RunScheduledJob
{
    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id);

    public sealed record Response(Guid RunId);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/jobs/scheduler/scheduled-jobs/{id:guid}/run", Post).WithName(nameof(RunScheduledJob));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        Guid id,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit, JobStarter starter, TimeProvider clock) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (await ScheduleRows.FindAsync(work, command.Id, ct) is not { } row)
            {
                return JobErrors.ScheduleNotFound;
            }

            var started = await starter.StartAsync(row.Kind, row.Parameters, row.Name, clock.GetUtcNow(), ct, row.Id);
            if (started.Error is { } refusal)
            {
                return refusal;
            }

            audit.Note("scheduled_job.run", "scheduled_job", command.Id.ToString());
            return new Response(started.Value);
        }
    }
}
