using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NasRegistry;

/// <summary>One NAS, without its secret.</summary>
/// <remarks><b>Errors:</b> <c>nas.not_found</c> 404 (also for another tenant's).</remarks>
public static class GetNas
{
    [Requires("isp.radius.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/nas/{id:guid}", Get).WithName(nameof(GetNas));

    private static async Task<Results<Ok<NasView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, NasView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp(response, n => n.Version);

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, NasView>
    {
        public async Task<Result<NasView>> Handle(Command command, CancellationToken ct) =>
            await NasView.FindAsync(work, command.Id, ct) is { } nas ? nas : NasErrors.NotFound;
    }
}
