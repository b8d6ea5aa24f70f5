using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Jobs;

/// <summary>Stops a job before its next step and undoes what it did.</summary>
/// <remarks><b>Errors:</b> <c>job.not_found</c> 404, <c>run.over</c> 409.</remarks>
public static class CancelJob
{
    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/jobs/{id:guid}/cancel", Post).WithName(nameof(CancelJob));

    private static async Task<Results<Ok<JobView>, ProblemHttpResult>> Post(
        Guid id,
        IHandle<Command, JobView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, ISagaRuns runs) : IHandle<Command, JobView>
    {
        public async Task<Result<JobView>> Handle(Command command, CancellationToken ct)
        {
            if (await JobView.FindAsync(work, command.Id, ct) is null)
            {
                return JobErrors.JobNotFound;
            }

            return await runs.CancelAsync(command.Id, ct) is { } refusal ? refusal : (await JobView.FindAsync(work, command.Id, ct))!;
        }
    }
}
