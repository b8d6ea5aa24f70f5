using System.Net;
using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>A prefix and what is taken of it.</summary>
/// <param name="Space">The VRF's id, or the tenant's for the global table.</param>
internal sealed record PrefixSpace(Guid Id, IPNetwork Network, Guid? VrfId, Guid Space, PrefixStatus Status, bool IsPool)
{
    public static async Task<PrefixSpace?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct)
    {
        var row = await work.Connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(
                "SELECT id, network::text AS network, vrf_id, space, status, is_pool FROM ipam_prefixes WHERE tenant_id = current_tenant() AND id = @id",
                new { id },
                work.Transaction,
                cancellationToken: ct
            )
        );
        return row is null ? null : new PrefixSpace(row.Id, IPNetwork.Parse(row.Network), row.VrfId, row.Space, row.Status, row.IsPool);
    }

    /// <summary>Whoever looks for a free place in this VRF by himself waits here for the one before him.</summary>
    public Task LockAsync(UnitOfWork work, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            new CommandDefinition(
                "SELECT pg_advisory_xact_lock(hashtextextended('ipam_prefix ' || current_tenant() || @Space, 0))",
                new { Space },
                work.Transaction,
                cancellationToken: ct
            )
        );

    /// <summary>Prefixes and allocations inside it.</summary>
    public async Task<List<IPNetwork>> TakenAsync(UnitOfWork work, CancellationToken ct) =>
        [
            .. (
                await work.Connection.QueryAsync<string>(
                    new CommandDefinition(
                        """
                        SELECT network::text FROM ipam_prefixes WHERE space = @Space AND network << @network::cidr
                        UNION SELECT network::text FROM ipam_allocations WHERE space = @Space AND network <<= @network::cidr AND ended_at IS NULL
                        """,
                        new { Space, network = Network.ToString() },
                        work.Transaction,
                        cancellationToken: ct
                    )
                )
            ).Select(IPNetwork.Parse),
        ];

    /// <summary>Free single addresses, lowest first: neither held, nor resting, nor set aside.</summary>
    public async Task<List<string>> FreeAddressesAsync(UnitOfWork work, int limit, CancellationToken ct)
    {
        // The series stands in the select list, so that it runs only as far as the limit needs.
        const string Sql = """
            SELECT host(c.address) FROM (
                SELECT @first::inet + generate_series(0::bigint, @count - 1) AS address
            ) AS c
            WHERE NOT EXISTS (SELECT 1 FROM ipam_allocations a WHERE a.space = @Space AND a.ended_at IS NULL AND a.network && c.address)
                AND NOT EXISTS (
                    SELECT 1 FROM ipam_ranges r JOIN ipam_slots s ON s.tenant_id = r.tenant_id AND s.pool_id = r.pool_id
                        AND s.ordinal = r.first + ipam_index(r.start, set_masklen(c.address, masklen(r.start))::cidr)
                    WHERE r.space = @Space AND r.span @> c.address AND (s.state = 3 OR s.state = 2 AND s.free_at > now()))
            LIMIT @limit
            """;
        var edges = !IsPool && Network.Size() > 2;
        var first = Network.First() + (edges ? 1 : 0);
        var last = Network.Last() - (edges && Network.IsV4() ? 1 : 0);
        var values = new
        {
            Space,
            first = Networks.Address(first, Network.IsV4()).ToString(),
            count = (long)System.Numerics.BigInteger.Min(last - first + 1, long.MaxValue / 2),
            limit,
        };
        return [.. await work.Connection.QueryAsync<string>(new CommandDefinition(Sql, values, work.Transaction, cancellationToken: ct))];
    }

    private sealed class Row
    {
        public Guid Id { get; init; }
        public string Network { get; init; } = "";
        public Guid? VrfId { get; init; }
        public Guid Space { get; init; }
        public PrefixStatus Status { get; init; }
        public bool IsPool { get; init; }
    }
}
