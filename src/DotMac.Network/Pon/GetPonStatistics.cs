using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon;

/// <summary>The PON in figures, and which driver answers for it.</summary>
public static class GetPonStatistics
{
    [Requires("isp.network.pon.read")]
    public sealed record Command;

    /// <summary><c>Driver</c>: simulated, none …</summary>
    public sealed class Response
    {
        public required string Driver { get; set; }
        public bool Simulated => Driver == "simulated";
        public required int Olts { get; init; }
        public required int OltsOnline { get; init; }
        public required int Ports { get; init; }
        public required int Onus { get; init; }
        public required int Online { get; init; }
        public required int LossOfSignal { get; init; }
        public required int DyingGasp { get; init; }

        /// <summary>Enabled, not online, and neither dark nor without power as far as is known.</summary>
        public required int OtherwiseDown { get; init; }
        public required int Disabled { get; init; }
        public required int Discovered { get; init; }
        public required int Flows { get; init; }
        public required int FlowsNotInstalled { get; init; }
        public required int OpenAlarms { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/pon/statistics", Get).WithName(nameof(GetPonStatistics));
        app.MapGet("/voltha/statistics", Get).WithName(nameof(GetPonStatistics) + "Voltha");
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, Drivers drivers) : IHandle<Command, Response>
    {
        private const string Read = """
            SELECT (SELECT count(*)::int FROM pon_olts) AS olts, (SELECT count(*)::int FROM pon_olts WHERE oper = 0) AS olts_online,
                (SELECT count(*)::int FROM pon_ports) AS ports, (SELECT count(*)::int FROM pon_flows) AS flows,
                (SELECT count(*)::int FROM pon_flows WHERE state <> 1) AS flows_not_installed,
                (SELECT count(*)::int FROM pon_alarms WHERE cleared_at IS NULL) AS open_alarms,
                count(*)::int AS onus, (count(*) FILTER (WHERE admin = 1 AND oper = 2))::int AS online,
                (count(*) FILTER (WHERE admin = 1 AND oper = 3))::int AS loss_of_signal, (count(*) FILTER (WHERE admin = 1 AND oper = 4))::int AS dying_gasp,
                (count(*) FILTER (WHERE admin = 1 AND oper NOT IN (2, 3, 4)))::int AS otherwise_down, (count(*) FILTER (WHERE admin = 2))::int AS disabled,
                (count(*) FILTER (WHERE admin = 0))::int AS discovered
            FROM pon_onus
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var figures = await work.Connection.QuerySingleAsync<Response>(
                new CommandDefinition(Read, transaction: work.Transaction, cancellationToken: ct)
            );
            figures.Driver = (await drivers.ForAsync<IPonController>(ct)).Driver;
            return figures;
        }
    }
}
