using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Pools;

/// <summary>What a pool would hand out next.</summary>
/// <remarks><b>Errors:</b> <c>ipam_pool.not_found</c> 404.</remarks>
public static class ListPoolAvailable
{
    /// <param name="Limit">1–100; 10 when left out.</param>
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id, int? Limit = null);

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/ipam/pools/{id:guid}/available", Get).WithName(nameof(ListPoolAvailable));
        app.MapGet("/ip-management/pools/{id:guid}/available-ips", Get).WithName(nameof(ListPoolAvailable) + "IpManagement");
    }

    private static async Task<Results<Ok<IReadOnlyList<string>>, ProblemHttpResult>> Get(
        Guid id,
        int? limit,
        IHandle<Command, IReadOnlyList<string>> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, limit), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, IRegister<AddressPool, PoolFields, PoolView> pools)
        : IHandle<Command, IReadOnlyList<string>>
    {
        // Slots that are there, then those that are made next.
        private const string Sql = """
            SELECT place::text FROM (
                (SELECT s.ordinal, ipam_place(@Id, @unit, s.ordinal) AS place FROM ipam_slots s
                WHERE s.tenant_id = current_tenant() AND s.pool_id = @Id AND (s.state = 0 OR s.state = 2 AND s.free_at <= now())
                ORDER BY s.ordinal LIMIT @limit)
                UNION ALL
                (SELECT r.first + r.made + n, ipam_nth(r.start, @unit, r.made + n) FROM ipam_ranges r, generate_series(0, least(@limit, r.size - r.made) - 1) AS n
                WHERE r.tenant_id = current_tenant() AND r.pool_id = @Id AND r.made < r.size
                    AND NOT EXISTS (SELECT 1 FROM ipam_slots s WHERE s.tenant_id = r.tenant_id AND s.pool_id = r.pool_id AND s.ordinal = r.first + r.made + n)
                ORDER BY 1 LIMIT @limit)
            ) AS free ORDER BY ordinal LIMIT @limit
            """;

        public async Task<Result<IReadOnlyList<string>>> Handle(Command command, CancellationToken ct)
        {
            if (await pools.ViewAsync(command.Id, ct) is not { } pool)
            {
                return pools.NotFound;
            }

            var values = new
            {
                command.Id,
                unit = pool.DelegationLength,
                limit = Math.Clamp(command.Limit ?? 10, 1, 100),
            };
            return (
                await work.Connection.QueryAsync<string>(new CommandDefinition(Sql, values, work.Transaction, cancellationToken: ct))
            ).ToList();
        }
    }
}
