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

namespace DotMac.Network.Ipam.Vlans;

/// <summary>VLAN groups, searched and filtered; paged by keyset.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListVlanGroups
{
    [Requires("isp.ipam.read")]
    public sealed record Command(
        string? Q = null,
        [property: FromQuery(Name = "site_id")] Guid? SiteId = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null,
        string? Sort = null
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/ipam/vlan-groups", Get).WithName(nameof(ListVlanGroups));

    private static async Task<Results<Ok<Page<VlanGroupView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<VlanGroupView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<VlanGroupView>>
    {
        public Task<Result<Page<VlanGroupView>>> Handle(Command command, CancellationToken ct)
        {
            var where =
                "WHERE g.tenant_id = current_tenant() AND (@pattern::text IS NULL OR lower(g.name || ' ' || coalesce(g.description, '')) LIKE @pattern)";
            var values = new DynamicParameters(new { pattern = Filters.Contains(command.Q) });
            if (command.SiteId is not null)
            {
                values.Add("SiteId", command.SiteId);
                where += " AND g.site_id = @SiteId";
            }

            return VlanGroupView.Listing.ReadAsync<VlanGroupView>(
                work,
                where,
                values,
                new Asked(command.Sort, command.Limit, command.Cursor, command.Count),
                ct
            );
        }
    }
}
