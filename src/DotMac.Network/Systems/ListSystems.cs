using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Systems;

/// <summary>The roles of outside systems, each with the driver that the tenant has chosen.</summary>
public static class ListSystems
{
    [Requires("isp.oss.read")]
    public sealed record Command;

    public sealed record Response(IReadOnlyList<SystemView> Items);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/tenant/oss", Get).WithName(nameof(ListSystems));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, SecretBox box, IEnumerable<DriverKind> kinds) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var views = new List<SystemView>();
            foreach (var service in kinds.Select(k => k.Service).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                views.Add((await SystemView.ReadAsync(work, box, kinds, service, ct))!);
            }

            return new Response(views);
        }
    }
}
