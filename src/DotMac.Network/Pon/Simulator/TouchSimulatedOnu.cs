using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon.Simulator;

/// <summary>What a hand can do to a box: plug it in or out, cut and restore its power, cut, bend and mend its fibre.</summary>
/// <remarks><b>Errors:</b> <c>pon.onu_not_found</c> 404.</remarks>
public static class TouchSimulatedOnu
{
    /// <summary>What the hand does.</summary>
    public enum Touch
    {
        PlugIn,
        Unplug,
        PowerOff,
        PowerOn,
        CutFibre,
        BendFibre,
        MendFibre,
    }

    [Requires("isp.network.pon.write")]
    public sealed record Command(string Serial, Touch Touch);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var touch in Enum.GetValues<Touch>())
        {
            var word = System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(touch.ToString());
            app.MapPost(
                    $"/pon/simulator/onus/{{serial}}/{word}",
                    (string serial, IHandle<Command, SimulatedOnuView> handler, CancellationToken ct) => Post(serial, touch, handler, ct)
                )
                .WithName($"{nameof(TouchSimulatedOnu)}{touch}");
        }
    }

    private static async Task<Results<Ok<SimulatedOnuView>, ProblemHttpResult>> Post(
        string serial,
        Touch touch,
        IHandle<Command, SimulatedOnuView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(serial.ToUpperInvariant(), touch), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, Fibre fibre, AuditTrail audit) : IHandle<Command, SimulatedOnuView>
    {
        public async Task<Result<SimulatedOnuView>> Handle(Command command, CancellationToken ct)
        {
            var sql = command.Touch switch
            {
                Touch.PlugIn => "UPDATE pon_simulated_onus SET plugged = true WHERE serial = @Serial",
                Touch.Unplug => "UPDATE pon_simulated_onus SET plugged = false WHERE serial = @Serial",
                Touch.PowerOff => "UPDATE pon_simulated_onus SET powered = false WHERE serial = @Serial",
                Touch.PowerOn => "UPDATE pon_simulated_onus SET powered = true WHERE serial = @Serial",
                Touch.CutFibre => "UPDATE pon_simulated_onus SET fibre_intact = false WHERE serial = @Serial",
                Touch.BendFibre => "UPDATE pon_simulated_onus SET extra_loss_db = extra_loss_db + 6 WHERE serial = @Serial",
                _ => "UPDATE pon_simulated_onus SET fibre_intact = true, extra_loss_db = 0 WHERE serial = @Serial",
            };
            var touched = await work.Connection.ExecuteAsync(
                new CommandDefinition(sql, new { command.Serial }, work.Transaction, cancellationToken: ct)
            );
            if (touched == 0)
            {
                return PonErrors.OnuNotFound;
            }

            await fibre.NoticeAsync(command.Serial, ct, gasped: command.Touch == Touch.PowerOff);
            audit.Note(
                $"pon_simulated_onu.{Kernel.Data.Entities.SnakeCase(command.Touch.ToString())}",
                "pon_simulated_onu",
                command.Serial
            );
            return (await SimulatedOnuView.FindAsync(work, command.Serial, ct))!;
        }
    }
}
