using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon;

/// <summary>One OLT with its ports.</summary>
/// <remarks><b>Errors:</b> <c>pon.olt_not_found</c> 404.</remarks>
public static class GetOlt
{
    [Requires("isp.network.pon.read")]
    public sealed record Command(Guid Id);

    public sealed record Response(OltView Olt, IReadOnlyList<PortView> Ports);

    /// <summary>A PON port. <c>Capacity</c>: how many ONUs it can range.</summary>
    public sealed class PortView
    {
        public required short Number { get; init; }
        public required string Technology { get; init; }
        public required short Capacity { get; init; }
        public required double TxPowerDbm { get; init; }
        public required bool Enabled { get; init; }
        public required int Online { get; init; }
        public required int Down { get; init; }
        public required int Disabled { get; init; }
        public required int Discovered { get; init; }

        /// <summary>The weakest level that one of its ONUs receives now.</summary>
        public required double? WorstRxDbm { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/pon/olts/{id:guid}", Get).WithName(nameof(GetOlt));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        private const string Ports = """
            SELECT p.number, p.technology, p.capacity, p.tx_power_dbm, p.enabled, n.online, n.down, n.disabled, n.discovered, n.worst_rx_dbm
            FROM pon_ports p, LATERAL (
                SELECT (count(*) FILTER (WHERE u.admin = 1 AND u.oper = 2))::int AS online, (count(*) FILTER (WHERE u.admin = 1 AND u.oper <> 2))::int AS down,
                    (count(*) FILTER (WHERE u.admin = 2))::int AS disabled, (count(*) FILTER (WHERE u.admin = 0))::int AS discovered,
                    min(u.rx_power_dbm) FILTER (WHERE u.oper = 2) AS worst_rx_dbm
                FROM pon_onus u WHERE u.olt_id = p.olt_id AND u.port = p.number) n
            WHERE p.olt_id = @Id ORDER BY p.number
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var olt = await work.Connection.QuerySingleOrDefaultAsync<OltView>(
                new CommandDefinition(OltView.Select + "WHERE o.id = @Id", new { command.Id }, work.Transaction, cancellationToken: ct)
            );
            if (olt is null)
            {
                return PonErrors.OltNotFound;
            }

            var ports = await work.Connection.QueryAsync<PortView>(
                new CommandDefinition(Ports, new { command.Id }, work.Transaction, cancellationToken: ct)
            );
            return new Response(olt, ports.AsList());
        }
    }
}
