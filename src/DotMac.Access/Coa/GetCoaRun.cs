using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Coa;

/// <summary>A bulk change and how far it is.</summary>
/// <remarks><b>Errors:</b> <c>coa_run.not_found</c> 404.</remarks>
public static class GetCoaRun
{
    [Requires("isp.radius.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/coa/runs/{id:guid}", Get).WithName(nameof(GetCoaRun));

    private static async Task<Results<Ok<CoaRunView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, CoaRunView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, CoaRunView>
    {
        public async Task<Result<CoaRunView>> Handle(Command command, CancellationToken ct) =>
            await CoaRunView.FindAsync(work, command.Id, ct) is { } run ? run : CoaErrors.RunNotFound;
    }
}
