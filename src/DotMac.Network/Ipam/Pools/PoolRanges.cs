using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using Npgsql;

namespace DotMac.Network.Ipam.Pools;

/// <summary>Adds what a pool hands out, and takes in what is held of it already.</summary>
internal sealed class PoolRanges(UnitOfWork work)
{
    public static readonly Error Overlaps = Error.Conflict(
        "ipam_pool.overlaps",
        "Another pool of this VRF hands out some of these addresses. Choose a range beside it."
    );

    // From here to the end of the transaction nobody takes an address by its number: none slips in between the look and the range.
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('ipam_pools ' || current_tenant(), 0))";

    private const string Misfit = """
        SELECT a.network::text FROM ipam_allocations a
        WHERE a.tenant_id = current_tenant() AND a.space = @space AND a.ended_at IS NULL AND masklen(a.network) <> @unit
            AND ipam_inetrange(host(a.network)::inet, host(broadcast(a.network))::inet, '[]') && ipam_inetrange(@from::inet, @to::inet, '[]')
        LIMIT 1
        """;

    private const string Insert = """
        INSERT INTO ipam_ranges (tenant_id, pool_id, first, size, start, space, span)
        SELECT current_tenant(), @poolId, coalesce(max(r.first + r.size), 0), @Size, @start::cidr, @space, ipam_inetrange(@from::inet, @to::inet, '[]')
        FROM ipam_ranges r WHERE r.tenant_id = current_tenant() AND r.pool_id = @poolId
        RETURNING first
        """;

    private const string Adopt = """
        WITH adopted AS (
            UPDATE ipam_allocations a SET pool_id = @poolId, ordinal = @first + ipam_index(@start::cidr, a.network)
            WHERE a.tenant_id = current_tenant() AND a.space = @space AND a.ended_at IS NULL
                AND ipam_inetrange(@from::inet, @to::inet, '[]') @> host(a.network)::inet
            RETURNING a.ordinal
        )
        INSERT INTO ipam_slots (tenant_id, pool_id, ordinal, state) SELECT current_tenant(), @poolId, ordinal, 1 FROM adopted
        """;

    private const string SetAside = """
        INSERT INTO ipam_slots AS s (tenant_id, pool_id, ordinal, state, note)
        SELECT r.tenant_id, r.pool_id, r.first + ipam_index(r.start, @gateway::cidr), 3, 'gateway' FROM ipam_ranges r
        WHERE r.tenant_id = current_tenant() AND r.pool_id = @poolId AND r.span @> @gateway::inet AND masklen(r.start) = @full
        ON CONFLICT (tenant_id, pool_id, ordinal) DO UPDATE SET state = 3, note = 'gateway' WHERE s.state IN (0, 2)
        """;

    private const string FreeGateway = """
        UPDATE ipam_slots SET state = 0, note = NULL, free_at = NULL
        WHERE tenant_id = current_tenant() AND pool_id = @poolId AND state = 3 AND note = 'gateway'
        """;

    public Task LockAsync(CancellationToken ct) => work.Connection.ExecuteAsync(Command(Lock, null, ct));

    /// <summary>Adds a range; <see cref="LockAsync"/> came before.</summary>
    public async Task<Error?> AddAsync(AddressPool pool, PoolRange range, CancellationToken ct)
    {
        var values = new
        {
            poolId = pool.Id,
            space = pool.VrfId ?? pool.TenantId,
            unit = pool.Unit,
            range.Size,
            start = range.Start.ToString(),
            from = range.FirstAddress.ToString(),
            to = range.LastAddress.ToString(),
        };
        if (await work.Connection.ExecuteScalarAsync<string>(Command(Misfit, values, ct)) is { } misfit)
        {
            return Error.Conflict(
                "ipam_pool.misfit",
                $"{misfit} is held in this range and is no /{pool.Unit}. Release it first, or leave it out."
            );
        }

        try
        {
            var first = await work.Connection.ExecuteScalarAsync<long>(Command(Insert, values, ct));
            await work.Connection.ExecuteAsync(
                Command(
                    Adopt,
                    new
                    {
                        values.poolId,
                        values.space,
                        values.start,
                        values.from,
                        values.to,
                        first,
                    },
                    ct
                )
            );
        }
        catch (PostgresException e) when (e.ConstraintName == "ipam_ranges_apart")
        {
            return Overlaps;
        }

        // The first pieces at once: the first subscriber of a new pool does not wait for them.
        await work.Connection.ExecuteAsync(
            Command("SELECT ipam_extend(@poolId, 0, 9223372036854775807, 1024)", new { poolId = pool.Id }, ct)
        );
        return await GatewayAsync(pool, ct);
    }

    /// <summary>Keeps the gateway from being handed out.</summary>
    public async Task<Error?> GatewayAsync(AddressPool pool, CancellationToken ct)
    {
        await work.Connection.ExecuteAsync(Command(FreeGateway, new { poolId = pool.Id }, ct));
        if (pool.Gateway is { } gateway)
        {
            var values = new
            {
                poolId = pool.Id,
                gateway = gateway.ToString(),
                full = Networks.Bits(gateway),
            };
            await work.Connection.ExecuteAsync(Command(SetAside, values, ct));
        }

        return null;
    }

    private CommandDefinition Command(string sql, object? values, CancellationToken ct) =>
        new(sql, values, work.Transaction, cancellationToken: ct);
}
