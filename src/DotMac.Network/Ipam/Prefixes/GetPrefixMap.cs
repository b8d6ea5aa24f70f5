using System.Net;
using System.Numerics;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>A picture of a prefix, or of a part of it: at most 256 equal cells, each with what is held, kept, resting and set aside in it.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>ipam_prefix.not_found</c> 404.</remarks>
public static class GetPrefixMap
{
    /// <param name="Network">The part to look at; the whole prefix when left out.</param>
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id, string? Network = null);

    /// <param name="Index">From 0, in the order of addresses.</param>
    /// <param name="Used">Held now. A cell inside one larger allocation counts as full.</param>
    /// <param name="Reserved">Kept for somebody.</param>
    /// <param name="Resting">Given back a short while ago.</param>
    /// <param name="Child">Part of the cell that prefixes cover, 0 to 1.</param>
    /// <param name="AddressId">The allocation, when the cell is about one alone.</param>
    public sealed record Cell(
        int Index,
        string Network,
        long Used,
        long Reserved,
        long Resting,
        long SetAside,
        double Child,
        string? Label,
        Guid? AddressId
    );

    /// <param name="CellLength">Length of a cell's network.</param>
    /// <param name="UnitLength">Length of what is handed out here: 32, 128, or that of delegated prefixes.</param>
    /// <param name="CellCapacity">Pieces of that length in a cell, at most 2^62.</param>
    /// <param name="Cells">Only those with something in them.</param>
    public sealed record View(
        string Prefix,
        string Network,
        int CellLength,
        int UnitLength,
        int CellCount,
        long CellCapacity,
        bool CanZoom,
        IReadOnlyList<Cell> Cells
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/ipam/prefixes/{id:guid}/map", Get).WithName(nameof(GetPrefixMap));

    private static async Task<Results<Ok<View>, ProblemHttpResult>> Get(
        Guid id,
        string? network,
        IHandle<Command, View> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, network), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, View>
    {
        private const int Bits = 8;

        private const string UnitSql = """
            SELECT coalesce(max(masklen(r.start)), 0) FROM ipam_ranges r
            WHERE r.space = @Space AND r.span && ipam_inetrange(host(@network::cidr)::inet, host(broadcast(@network::cidr))::inet, '[]')
            """;

        private const string Held = """
            SELECT set_masklen(a.network, @length)::text AS cell, count(*) FILTER (WHERE a.origin <> 2) AS used, count(*) FILTER (WHERE a.origin = 2) AS reserved,
                0::bigint AS resting, 0::bigint AS set_aside, min(a.label) AS label, min(a.id::text)::uuid AS id
            FROM ipam_allocations a
            WHERE a.space = @Space AND a.ended_at IS NULL AND a.network <<= @network::cidr AND masklen(a.network) >= @length GROUP BY 1
            UNION ALL
            SELECT set_masklen(n.place, @length)::text, 0, 0, count(*) FILTER (WHERE n.state = 2), count(*) FILTER (WHERE n.state = 3), min(n.note), NULL
            FROM (
                SELECT ipam_nth(r.start, masklen(r.start), s.ordinal - r.first) AS place, s.state, s.note FROM ipam_ranges r
                JOIN ipam_slots s ON s.tenant_id = r.tenant_id AND s.pool_id = r.pool_id AND s.ordinal >= r.first AND s.ordinal < r.first + r.size
                WHERE r.space = @Space AND r.span && ipam_inetrange(host(@network::cidr)::inet, host(broadcast(@network::cidr))::inet, '[]')
                    AND masklen(r.start) >= @length AND (s.state = 3 OR s.state = 2 AND s.free_at > now())
            ) AS n WHERE n.place <<= @network::cidr GROUP BY 1
            """;

        // What is larger than a cell, or covers cells without being held: prefixes inside, and allocations that reach over several cells.
        private const string Wide = """
            SELECT a.network::text AS network, true AS held, a.label, a.id FROM ipam_allocations a
            WHERE a.space = @Space AND a.ended_at IS NULL AND a.network && @network::cidr AND masklen(a.network) < @length
            UNION ALL
            SELECT p.network::text, false, NULL, NULL FROM ipam_prefixes p WHERE p.space = @Space AND p.network << @prefix::cidr AND p.network && @network::cidr
                AND NOT EXISTS (SELECT 1 FROM ipam_prefixes o WHERE o.space = p.space AND o.network << @prefix::cidr AND o.network >> p.network)
            """;

        public async Task<Result<View>> Handle(Command command, CancellationToken ct)
        {
            if (await PrefixSpace.FindAsync(work, command.Id, ct) is not { } prefix)
            {
                return PrefixErrors.NotFound;
            }

            var network = command.Network is null ? prefix.Network : Networks.Read(command.Network);
            if (network is not { } part || !prefix.Network.Holds(part))
            {
                return new Faults().Add("network", "out_of_range", $"A part of {prefix.Network} is meant.").Error!;
            }

            var unit = await UnitAsync(prefix, part, ct);
            var length = Math.Min(part.PrefixLength + Bits, Math.Max(unit, part.PrefixLength));
            var values = new
            {
                prefix.Space,
                length,
                network = part.ToString(),
                prefix = prefix.Network.ToString(),
            };
            var rows = await work.Connection.QueryAsync<Row>(new CommandDefinition(Held, values, work.Transaction, cancellationToken: ct));
            var wide = await work.Connection.QueryAsync<WideRow>(
                new CommandDefinition(Wide, values, work.Transaction, cancellationToken: ct)
            );
            var capacity = (long)BigInteger.Min(BigInteger.One << Math.Max(0, unit - length), BigInteger.One << 62);
            var cells = new SortedDictionary<int, Cell>();
            var picture = new Picture(part, length);
            foreach (var row in rows)
            {
                var index = picture.IndexOf(IPNetwork.Parse(row.Cell));
                var cell = cells.GetValueOrDefault(index) ?? picture.Empty(index);
                cells[index] = cell with
                {
                    Used = cell.Used + row.Used,
                    Reserved = cell.Reserved + row.Reserved,
                    Resting = cell.Resting + row.Resting,
                    SetAside = cell.SetAside + row.SetAside,
                    Label = capacity == 1 ? cell.Label ?? row.Label : cell.Label,
                    AddressId = row.Used + row.Reserved == 1 ? row.Id : cell.AddressId,
                };
            }

            foreach (var row in wide)
            {
                foreach (var (index, share) in picture.Covered(IPNetwork.Parse(row.Network)))
                {
                    var cell = cells.GetValueOrDefault(index) ?? picture.Empty(index);
                    cells[index] = row.Held
                        ? cell with
                        {
                            Used = capacity,
                            Label = row.Label,
                            AddressId = row.Id,
                        }
                        : cell with
                        {
                            Child = Math.Min(1, cell.Child + share),
                        };
                }
            }

            return new View(
                prefix.Network.ToString(),
                part.ToString(),
                length,
                unit,
                picture.Count,
                capacity,
                length < unit,
                [.. cells.Values]
            );
        }

        private async Task<int> UnitAsync(PrefixSpace prefix, IPNetwork part, CancellationToken ct)
        {
            var ofPools = await work.Connection.ExecuteScalarAsync<int>(
                new CommandDefinition(UnitSql, new { prefix.Space, network = part.ToString() }, work.Transaction, cancellationToken: ct)
            );
            return part.IsV4() ? 32
                : ofPools > 0 ? ofPools
                : part.PrefixLength >= 64 ? 128
                : 64;
        }

        private sealed class Row
        {
            public string Cell { get; init; } = "";
            public long Used { get; init; }
            public long Reserved { get; init; }
            public long Resting { get; init; }
            public long SetAside { get; init; }
            public string? Label { get; init; }
            public Guid? Id { get; init; }
        }

        private sealed class WideRow
        {
            public string Network { get; init; } = "";
            public bool Held { get; init; }
            public string? Label { get; init; }
            public Guid? Id { get; init; }
        }
    }

    /// <summary>The cells of a network.</summary>
    private sealed class Picture(IPNetwork network, int length)
    {
        private readonly BigInteger piece = BigInteger.One << (Networks.Bits(network.BaseAddress) - length);

        public int Count { get; } = 1 << (length - network.PrefixLength);

        public int IndexOf(IPNetwork cell) => (int)((cell.First() - network.First()) / piece);

        public Cell Empty(int index) =>
            new(
                index,
                new IPNetwork(Networks.Address(network.First() + (index * piece), network.IsV4()), length).ToString(),
                0,
                0,
                0,
                0,
                0,
                null,
                null
            );

        /// <summary>Which cells a network touches, and how much of each.</summary>
        public IEnumerable<(int Index, double Share)> Covered(IPNetwork other)
        {
            var from = (int)((BigInteger.Max(other.First(), network.First()) - network.First()) / piece);
            var to = (int)((BigInteger.Min(other.Last(), network.Last()) - network.First()) / piece);
            var share = from == to ? Math.Min(1, Math.Pow(2, length - other.PrefixLength)) : 1;
            for (var index = from; index <= to; index++)
            {
                yield return (index, share);
            }
        }
    }
}
