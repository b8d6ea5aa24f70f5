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
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Sites;

/// <summary>Sites, searched and filtered; paged by keyset.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListSites
{
    [Requires("isp.ipam.read")]
    public sealed record Command(
        string? Q = null,
        [property: FromQuery(Name = "parent_id")] Guid? ParentId = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null,
        string? Sort = null
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Sites)
        {
            app.MapGet(route, Get).WithName(Aliases.Name(nameof(ListSites), route));
        }
    }

    private static async Task<Results<Ok<Page<SiteView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<SiteView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<SiteView>>
    {
        public Task<Result<Page<SiteView>>> Handle(Command command, CancellationToken ct)
        {
            var where =
                "WHERE s.tenant_id = current_tenant() AND (@pattern::text IS NULL OR lower(s.name || ' ' || s.slug || ' ' || coalesce(s.description, '') || ' ' || coalesce(s.physical_address, '')) LIKE @pattern)";
            var values = new DynamicParameters(new { pattern = Filters.Contains(command.Q) });
            if (command.ParentId is not null)
            {
                values.Add("ParentId", command.ParentId);
                where += " AND s.parent_id = @ParentId";
            }

            return SiteView.Listing.ReadAsync<SiteView>(
                work,
                where,
                values,
                new Asked(command.Sort, command.Limit, command.Cursor, command.Count),
                ct
            );
        }
    }
}
