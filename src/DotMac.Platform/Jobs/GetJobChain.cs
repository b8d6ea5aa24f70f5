using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Jobs;

/// <summary>A chain with its last fifty goings-through.</summary>
/// <remarks><b>Errors:</b> <c>job_chain.not_found</c> 404.</remarks>
public static class GetJobChain
{
    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/jobs/scheduler/chains/{id:guid}", Get).WithName(nameof(GetJobChain));

    private static async Task<Results<Ok<ChainView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, ChainView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, ChainView>
    {
        public async Task<Result<ChainView>> Handle(Command command, CancellationToken ct) =>
            await ChainRows.FindAsync(work, command.Id, ct) is { } chain ? chain : JobErrors.ChainNotFound;
    }
}
