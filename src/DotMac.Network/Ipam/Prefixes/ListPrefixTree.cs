using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>One level of the tree of prefixes: what lies directly inside one, or the top of the plan.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListPrefixTree
{
    /// <param name="ParentId">Null: prefixes that lie in no other.</param>
    [Requires("isp.ipam.read")]
    public sealed record Command(
        [property: FromQuery(Name = "parent_id")] Guid? ParentId = null,
        [property: FromQuery(Name = "vrf_id")] Guid? VrfId = null,
        int? Limit = null,
        string? Cursor = null
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/ipam/prefixes/tree", Get).WithName(nameof(ListPrefixTree));

    private static async Task<Results<Ok<Page<PrefixView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<PrefixView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<PrefixView>>
    {
        private const string Top = """
            WHERE p.tenant_id = current_tenant() AND (@VrfId::uuid IS NULL OR p.vrf_id = @VrfId)
                AND NOT EXISTS (SELECT 1 FROM ipam_prefixes o WHERE o.space = p.space AND o.network >> p.network)
            """;

        private const string Inside = """
            WHERE p.tenant_id = current_tenant() AND EXISTS (
                SELECT 1 FROM ipam_prefixes u WHERE u.tenant_id = p.tenant_id AND u.id = @ParentId AND u.space = p.space AND p.network << u.network
                    AND NOT EXISTS (SELECT 1 FROM ipam_prefixes o WHERE o.space = p.space AND o.network << u.network AND o.network >> p.network))
            """;

        public Task<Result<Page<PrefixView>>> Handle(Command command, CancellationToken ct) =>
            PrefixView.Listing.ReadAsync<PrefixView>(
                work,
                command.ParentId is null ? Top : Inside,
                new DynamicParameters(new { command.ParentId, command.VrfId }),
                new Asked(Limit: command.Limit ?? PageSize.Most, Cursor: command.Cursor),
                ct
            );
    }
}
