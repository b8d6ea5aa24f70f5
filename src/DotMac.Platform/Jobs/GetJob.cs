using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Jobs;

/// <summary>One job.</summary>
/// <remarks><b>Errors:</b> <c>job.not_found</c> 404.</remarks>
public static class GetJob
{
    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/jobs/{id:guid}", Get).WithName(nameof(GetJob));

    private static async Task<Results<Ok<JobView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, JobView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, JobView>
    {
        public async Task<Result<JobView>> Handle(Command command, CancellationToken ct) =>
            await JobView.FindAsync(work, command.Id, ct) is { } job ? job : JobErrors.JobNotFound;
    }
}
