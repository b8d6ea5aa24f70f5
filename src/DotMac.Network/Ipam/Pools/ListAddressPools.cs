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

namespace DotMac.Network.Ipam.Pools;

/// <summary>Address pools, searched and filtered; paged by keyset.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListAddressPools
{
    [Requires("isp.ipam.read")]
    public sealed record Command(
        string? Q = null,
        [property: FromQuery(Name = "site_id")] Guid? SiteId = null,
        [property: FromQuery(Name = "vrf_id")] Guid? VrfId = null,
        [property: FromQuery(Name = "prefix_id")] Guid? PrefixId = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null,
        string? Sort = null
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.AddressPools)
        {
            app.MapGet(route, Get).WithName(Aliases.Name(nameof(ListAddressPools), route));
        }
    }

    private static async Task<Results<Ok<Page<PoolView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<PoolView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<PoolView>>
    {
        public Task<Result<Page<PoolView>>> Handle(Command command, CancellationToken ct)
        {
            var where =
                "WHERE p.tenant_id = current_tenant() AND (@pattern::text IS NULL OR lower(p.name || ' ' || f.network || ' ' || coalesce(p.description, '')) LIKE @pattern)";
            var values = new DynamicParameters(new { pattern = Filters.Contains(command.Q) });
            if (command.SiteId is not null)
            {
                values.Add("SiteId", command.SiteId);
                where += " AND p.site_id = @SiteId";
            }

            if (command.VrfId is not null)
            {
                values.Add("VrfId", command.VrfId);
                where += " AND p.vrf_id = @VrfId";
            }

            if (command.PrefixId is not null)
            {
                values.Add("PrefixId", command.PrefixId);
                where += " AND p.prefix_id = @PrefixId";
            }

            return PoolView.Listing.ReadAsync<PoolView>(
                work,
                where,
                values,
                new Asked(command.Sort, command.Limit, command.Cursor, command.Count),
                ct
            );
        }
    }
}
