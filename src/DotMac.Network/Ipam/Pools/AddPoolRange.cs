using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Pools;

/// <summary>Adds addresses or prefixes to a pool: what is used up when everything before is.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>ipam_pool.not_found</c> 404, <c>ipam_pool.overlaps</c>, <c>ipam_pool.misfit</c> 409.
/// <b>Effects:</b> audit entry <c>address_pool.extended</c>.
/// </remarks>
public static class AddPoolRange
{
    /// <param name="Network">As <c>100.65.0.0/16</c>.</param>
    /// <param name="First">Where it begins; left out: at the first usable address.</param>
    /// <param name="Last">Where it ends, included; left out: at the last usable address.</param>
    public sealed record Body(string? Network = null, string? First = null, string? Last = null);

    [Requires("isp.ipam.write")]
    public sealed record Command(Guid Id, Body Fields);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/ipam/pools/{id:guid}/ranges", Post).WithName(nameof(AddPoolRange));

    private static async Task<Results<Ok<PoolView>, ProblemHttpResult>> Post(
        Guid id,
        Body body,
        IHandle<Command, PoolView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body), ct)).ToHttp();

    internal sealed class Handler(
        NetworkDb db,
        UnitOfWork work,
        PoolRanges ranges,
        IRegister<AddressPool, PoolFields, PoolView> pools,
        AuditTrail audit
    ) : IHandle<Command, PoolView>
    {
        public async Task<Result<PoolView>> Handle(Command command, CancellationToken ct)
        {
            if (await db.FindAsync<AddressPool>([work.TenantId!.Value, command.Id], ct) is not { } pool)
            {
                return pools.NotFound;
            }

            var faults = new Faults().Check(command.Fields.Network is not null, "network", "required", "This must be given.");
            var network = Networks.Read(command.Fields.Network);
            faults.Check(
                command.Fields.Network is null || network is not null,
                "network",
                "bad_format",
                "As 100.65.0.0/16, without bits behind its length."
            );
            var isV4 = pool.Kind is PoolType.Ipv4Public or PoolType.Ipv4Private;
            faults.Check(network is null || network.Value.IsV4() == isV4, "network", "wrong_family", "The pool is of the other family.");
            var range =
                network is { } given && given.IsV4() == isV4
                    ? PoolRange.Of(
                        given,
                        pool.Unit,
                        Filters.Clean(command.Fields.First),
                        Filters.Clean(command.Fields.Last),
                        isPool: false,
                        faults
                    )
                    : null;
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            await ranges.LockAsync(ct);
            if (await ranges.AddAsync(pool, range!, ct) is { } conflict)
            {
                return conflict;
            }

            audit.Note(
                "address_pool.extended",
                "address_pool",
                pool.Id.ToString(),
                null,
                System.Text.Json.JsonSerializer.Serialize(new { network = command.Fields.Network })
            );
            return (await pools.ViewAsync(pool.Id, ct))!;
        }
    }
}
