using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Usage;

/// <summary>How long sessions and hourly volumes are kept.</summary>
public static class GetRetention
{
    [Requires("isp.radius.read")]
    public sealed record Command;

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/accounting/retention", Get).WithName(nameof(GetRetention));

    private static async Task<Results<Ok<RetentionView>, ProblemHttpResult>> Get(
        IHandle<Command, RetentionView> handler,
        HttpContext http,
        CancellationToken ct
    ) => (await handler.Handle(new Command(), ct)).ToHttp(http.Response, r => r.Version);

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, RetentionView>
    {
        public async Task<Result<RetentionView>> Handle(Command command, CancellationToken ct) => await RetentionView.ReadAsync(work, ct);
    }
}
