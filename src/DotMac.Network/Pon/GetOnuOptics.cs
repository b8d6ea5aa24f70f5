using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon;

/// <summary>An ONU's optical levels over time, at most 600 points: longer spans are averaged. 24 hours unless told.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class GetOnuOptics
{
    private const int Points = 600;

    [Requires("isp.network.pon.read")]
    public sealed record Command(string Serial, DateTimeOffset? From, DateTimeOffset? To);

    /// <param name="RxWarningDbm">Below it, an alarm is raised.</param>
    public sealed record Response(string Serial, bool Simulated, double RxWarningDbm, double RxCriticalDbm, IReadOnlyList<Point> Points);

    /// <summary>Levels in dBm, temperature in °C.</summary>
    public sealed class Point
    {
        public required DateTimeOffset At { get; init; }
        public required double RxPowerDbm { get; init; }
        public required double TxPowerDbm { get; init; }
        public required double OltRxDbm { get; init; }
        public required double TemperatureC { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/pon/onus/{serial}/optics", Get).WithName(nameof(GetOnuOptics));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        string serial,
        IHandle<Command, Response> handler,
        CancellationToken ct,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null
    ) => (await handler.Handle(new Command(serial.ToUpperInvariant(), from, to), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Response>
    {
        private const string Read = """
            SELECT date_bin(@step, at, timestamptz '2000-01-01') AS at, round(avg(rx_power_dbm)::numeric, 2)::float8 AS rx_power_dbm,
                round(avg(tx_power_dbm)::numeric, 2)::float8 AS tx_power_dbm, round(avg(olt_rx_dbm)::numeric, 2)::float8 AS olt_rx_dbm,
                round(avg(temperature_c)::numeric, 1)::float8 AS temperature_c
            FROM pon_optics WHERE serial = @Serial AND at >= @from AND at <= @to GROUP BY 1 ORDER BY 1
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var to = (command.To ?? clock.GetUtcNow()).ToUniversalTime();
            var from = (command.From ?? to.AddDays(-1)).ToUniversalTime();
            if (
                new Faults()
                    .Check(from < to && to - from <= TimeSpan.FromDays(366), "from", "out_of_range", "Before to, by 366 days at most.")
                    .Error is
                { } error
            )
            {
                return error;
            }

            var step = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((to - from).TotalSeconds / Points)));
            var points = await work.Connection.QueryAsync<Point>(
                new CommandDefinition(
                    Read,
                    new
                    {
                        command.Serial,
                        from,
                        to,
                        step,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var settings = await PonSettings.ReadAsync(work, ct);
            return new Response(command.Serial, true, settings.RxWarningDbm, settings.RxCriticalDbm, points.AsList());
        }
    }
}
