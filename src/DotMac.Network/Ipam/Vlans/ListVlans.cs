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

/// <summary>VLANs, searched and filtered; paged by keyset.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListVlans
{
    [Requires("isp.ipam.read")]
    public sealed record Command(
        string? Q = null,
        int? Vid = null,
        [property: FromQuery(Name = "group_id")] Guid? GroupId = null,
        [property: FromQuery(Name = "site_id")] Guid? SiteId = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null,
        string? Sort = null
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Vlans)
        {
            app.MapGet(route, Get).WithName(Aliases.Name(nameof(ListVlans), route));
        }
    }

    private static async Task<Results<Ok<Page<VlanView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<VlanView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<VlanView>>
    {
        public Task<Result<Page<VlanView>>> Handle(Command command, CancellationToken ct)
        {
            var where =
                "WHERE v.tenant_id = current_tenant() AND (@pattern::text IS NULL OR lower(v.vid || ' ' || v.name || ' ' || coalesce(v.role, '') || ' ' || coalesce(v.description, '')) LIKE @pattern)";
            var values = new DynamicParameters(new { pattern = Filters.Contains(command.Q) });
            if (command.Vid is not null)
            {
                values.Add("Vid", command.Vid);
                where += " AND v.vid = @Vid";
            }

            if (command.GroupId is not null)
            {
                values.Add("GroupId", command.GroupId);
                where += " AND v.group_id = @GroupId";
            }

            if (command.SiteId is not null)
            {
                values.Add("SiteId", command.SiteId);
                where += " AND v.site_id = @SiteId";
            }

            return VlanView.Listing.ReadAsync<VlanView>(
                work,
                where,
                values,
                new Asked(command.Sort, command.Limit, command.Cursor, command.Count),
                ct
            );
        }
    }
}
