using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>Removes an upstream; what was sent to it is still answered when it answers.</summary>
/// <remarks><b>Errors:</b> <c>upstream.not_found</c> 404, <c>upstream.changed</c> 412.</remarks>
public static class DeleteUpstream
{
    [Requires("isp.radius.write")]
    public sealed record Command(Guid Id, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete("/radius/upstreams/{id:guid}", Delete).WithName(nameof(DeleteUpstream));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        HttpRequest request,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, Problems.IfMatch(request)), ct)).ToNoContent();

    internal sealed class Handler(AccessDb db, UnitOfWork work) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var upstream = await db.Upstreams.SingleOrDefaultAsync(u => u.Id == command.Id, ct);
            if (upstream is null)
            {
                return UpstreamErrors.NotFound;
            }

            if (command.IfMatch is { } version && version != upstream.Version)
            {
                return UpstreamErrors.Changed;
            }

            db.Upstreams.Remove(upstream);
            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    "DELETE FROM radius_upstream_health WHERE upstream_id = @Id",
                    new { command.Id },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return await db.TrySaveAsync(ct, UpstreamErrors.Changed) is { } error ? error : Done.Instance;
        }
    }
}
