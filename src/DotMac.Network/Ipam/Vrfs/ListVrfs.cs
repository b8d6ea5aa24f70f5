using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vrfs;

/// <summary>VRFs, searched and filtered; paged by keyset.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListVrfs
{
    [Requires("isp.ipam.read")]
    public sealed record Command(string? Q = null, int? Limit = null, string? Cursor = null, bool? Count = null, string? Sort = null);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Vrfs)
        {
            app.MapGet(route, Get).WithName(Aliases.Name(nameof(ListVrfs), route));
        }
    }

    private static async Task<Results<Ok<Page<VrfView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<VrfView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<VrfView>>
    {
        public Task<Result<Page<VrfView>>> Handle(Command command, CancellationToken ct)
        {
            var where =
                "WHERE v.tenant_id = current_tenant() AND (@pattern::text IS NULL OR lower(v.name || ' ' || coalesce(v.rd, '') || ' ' || coalesce(v.description, '')) LIKE @pattern)";
            var values = new DynamicParameters(new { pattern = Filters.Contains(command.Q) });
            return VrfView.Listing.ReadAsync<VrfView>(
                work,
                where,
                values,
                new Asked(command.Sort, command.Limit, command.Cursor, command.Count),
                ct
            );
        }
    }
}
