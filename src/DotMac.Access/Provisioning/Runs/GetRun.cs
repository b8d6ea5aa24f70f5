using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>A run with every step: what was asked and answered, how often, how long, under which key.</summary>
/// <remarks><b>Errors:</b> <c>run.not_found</c> 404.</remarks>
public static class GetRun
{
    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/provisioning/runs/{id:guid}", Get).WithName(nameof(GetRun));

    private static async Task<Results<Ok<RunView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, RunView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, RunView>
    {
        public async Task<Result<RunView>> Handle(Command command, CancellationToken ct) =>
            await RunRows.FindAsync(work, command.Id, ct) is { } run ? run : DotMac.Kernel.Sagas.RunErrors.NotFound;
    }
}
