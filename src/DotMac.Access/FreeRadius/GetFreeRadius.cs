using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.FreeRadius;

/// <summary>Tells whether the projection for FreeRADIUS's SQL module is on, and how it stands.</summary>
public static class GetFreeRadius
{
    [Requires("isp.radius.read")]
    public sealed record Command;

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/freeradius", Get).WithName(nameof(GetFreeRadius));

    private static async Task<Results<Ok<FreeRadiusView>, ProblemHttpResult>> Get(
        IHandle<Command, FreeRadiusView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, FreeRadiusView>
    {
        public async Task<Result<FreeRadiusView>> Handle(Command command, CancellationToken ct) => await FreeRadiusView.ReadAsync(work, ct);
    }
}
