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

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>Prefixes, searched and filtered; paged by keyset.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListPrefixes
{
    [Requires("isp.ipam.read")]
    public sealed record Command(
        string? Q = null,
        [property: FromQuery(Name = "vrf_id")] Guid? VrfId = null,
        [property: FromQuery(Name = "site_id")] Guid? SiteId = null,
        int? Family = null,
        string? Within = null,
        string? Holds = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null,
        string? Sort = null
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Prefixes)
        {
            app.MapGet(route, Get).WithName(Aliases.Name(nameof(ListPrefixes), route));
        }
    }

    private static async Task<Results<Ok<Page<PrefixView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<PrefixView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<PrefixView>>
    {
        public async Task<Result<Page<PrefixView>>> Handle(Command command, CancellationToken ct)
        {
            var faults = new Faults();
            faults.Check(
                command.Within is null || Networks.Read(command.Within) is not null,
                "within",
                "bad_format",
                "An address or a network is meant."
            );
            faults.Check(
                command.Holds is null || Networks.Read(command.Holds) is not null,
                "holds",
                "bad_format",
                "An address or a network is meant."
            );
            if (PrefixView.Listing.Check(faults, command.Sort).Error is { } refusal)
            {
                return refusal;
            }

            var where =
                "WHERE p.tenant_id = current_tenant() AND (@pattern::text IS NULL OR lower(p.network::text || ' ' || coalesce(p.role, '') || ' ' || coalesce(p.description, '')) LIKE @pattern)";
            var values = new DynamicParameters(new { pattern = Filters.Contains(command.Q) });
            if (command.VrfId is not null)
            {
                values.Add("VrfId", command.VrfId);
                where += " AND p.vrf_id = @VrfId";
            }

            if (command.SiteId is not null)
            {
                values.Add("SiteId", command.SiteId);
                where += " AND p.site_id = @SiteId";
            }

            if (command.Family is not null)
            {
                values.Add("Family", command.Family);
                where += " AND family(p.network) = @Family";
            }

            if (command.Within is not null)
            {
                values.Add("Within", Networks.Read(command.Within)?.ToString());
                where += " AND p.network << @Within::cidr";
            }

            if (command.Holds is not null)
            {
                values.Add("Holds", Networks.Read(command.Holds)?.ToString());
                where += " AND p.network >>= @Holds::inet";
            }

            return await PrefixView.Listing.ReadAsync<PrefixView>(
                work,
                where,
                values,
                new Asked(command.Sort, command.Limit, command.Cursor, command.Count),
                ct
            );
        }
    }
}
