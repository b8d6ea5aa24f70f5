using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Jobs;

/// <summary>The chains, by name.</summary>
public static class ListJobChains
{
    [Requires("isp.oss.read")]
    public sealed record Command;

    public sealed record Response(IReadOnlyList<ChainView> Items);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/jobs/scheduler/chains", Get).WithName(nameof(ListJobChains));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct) =>
            new Response(await ChainRows.ListAsync(work, ct));
    }
}
