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

/// <summary>Which line has which VLAN, latest first; with <c>ended=true</c> who had it before too.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400 (sort, cursor).</remarks>
public static class ListVlanAllocations
{
    [Requires("isp.ipam.read")]
    public sealed record Command(
        string? Q = null,
        [property: FromQuery(Name = "pool_id")] Guid? PoolId = null,
        [property: FromQuery(Name = "owner_id")] Guid? OwnerId = null,
        [property: FromQuery(Name = "service_vlan")] int? ServiceVlan = null,
        bool? Ended = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null,
        string? Sort = null
    );

    /// <param name="InnerVlan">Null for a single VLAN.</param>
    public sealed record View(
        Guid Id,
        short ServiceVlan,
        short? InnerVlan,
        string? Pool,
        Guid OwnerId,
        string Label,
        DateTimeOffset AllocatedAt,
        DateTimeOffset? EndedAt,
        string CreatedBy,
        string? EndedBy
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/ipam/vlan-allocations", Get).WithName(nameof(ListVlanAllocations));

    private static async Task<Results<Ok<Page<View>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<View>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<View>>
    {
        private static readonly Listing Listing = new(
            VlanAllocationRow.Select,
            "a.id",
            "-allocated_at",
            new("allocated_at", "a.allocated_at", SortType.Time),
            new("service_vlan", "a.service_vlan", SortType.Whole)
        );

        public Task<Result<Page<View>>> Handle(Command command, CancellationToken ct) =>
            Listing.ReadAsync<VlanAllocationRow, View>(
                work,
                """
                WHERE a.tenant_id = current_tenant() AND (@ended OR a.ended_at IS NULL) AND (@PoolId::uuid IS NULL OR a.pool_id = @PoolId)
                    AND (@OwnerId::uuid IS NULL OR a.owner_id = @OwnerId) AND (@ServiceVlan::int IS NULL OR a.service_vlan = @ServiceVlan)
                    AND (@pattern::text IS NULL OR lower(a.label) LIKE @pattern)
                """,
                new DynamicParameters(
                    new
                    {
                        pattern = Filters.Contains(command.Q),
                        command.PoolId,
                        command.OwnerId,
                        command.ServiceVlan,
                        ended = command.Ended ?? false,
                    }
                ),
                new Asked(command.Sort, command.Limit, command.Cursor, command.Count),
                r => new View(
                    r.Id,
                    r.ServiceVlan,
                    r.InnerVlan,
                    r.Pool,
                    r.OwnerId,
                    r.Label,
                    r.AllocatedAt,
                    r.EndedAt,
                    r.CreatedBy,
                    r.EndedBy
                ),
                ct
            );
    }
}
