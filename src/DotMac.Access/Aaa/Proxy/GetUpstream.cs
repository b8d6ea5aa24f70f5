using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>One upstream and how its servers fare, without its secret.</summary>
/// <remarks><b>Errors:</b> <c>upstream.not_found</c> 404 (also for another tenant's).</remarks>
public static class GetUpstream
{
    [Requires("isp.radius.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/upstreams/{id:guid}", Get).WithName(nameof(GetUpstream));

    private static async Task<Results<Ok<UpstreamView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, UpstreamView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp(response, u => u.Version);

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, UpstreamView>
    {
        public async Task<Result<UpstreamView>> Handle(Command command, CancellationToken ct) =>
            await UpstreamView.FindAsync(work, command.Id, ct) is { } found ? found : UpstreamErrors.NotFound;
    }
}
