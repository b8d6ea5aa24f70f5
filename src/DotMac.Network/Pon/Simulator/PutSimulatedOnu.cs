using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace DotMac.Network.Pon.Simulator;

/// <summary>Puts a simulated ONU on a port's fibre, or moves it there; plugged in, its light is seen at once.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>pon.port_not_found</c> 404.</remarks>
public static class PutSimulatedOnu
{
    /// <param name="DistanceM">Metres of fibre, 0–60,000.</param>
    public sealed record Body(Guid OltId, int Port = 0, string? Model = null, int? DistanceM = null, bool? Plugged = null);

    [Requires("isp.network.pon.write")]
    public sealed record Command(string Serial, Body Asked);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPut("/pon/simulator/onus/{serial}", Put).WithName(nameof(PutSimulatedOnu));

    private static async Task<Results<Ok<SimulatedOnuView>, ProblemHttpResult>> Put(
        string serial,
        Body body,
        IHandle<Command, SimulatedOnuView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(serial, body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, Fibre fibre, AuditTrail audit) : IHandle<Command, SimulatedOnuView>
    {
        private const string Upsert = """
            INSERT INTO pon_simulated_onus (tenant_id, serial, olt_id, port, model, distance_m, plugged)
            VALUES (@TenantId, @serial, @OltId, @Port, @model, @distance, @plugged)
            ON CONFLICT (tenant_id, serial) DO UPDATE SET olt_id = excluded.olt_id, port = excluded.port, model = excluded.model,
                distance_m = excluded.distance_m, plugged = excluded.plugged
            """;

        public async Task<Result<SimulatedOnuView>> Handle(Command command, CancellationToken ct)
        {
            var asked = command.Asked;
            var serial = command.Serial.ToUpperInvariant();
            var faults = new Faults()
                .Check(OnuSerial.IsWell(serial), "serial", "bad_format", OnuSerial.Shape)
                .Range("port", asked.Port, 0, 255)
                .Range("distance_m", asked.DistanceM, 0, 60_000)
                .Text("model", asked.Model, 0, 64);
            if (faults.Error is { } error)
            {
                return error;
            }

            try
            {
                await work.Connection.ExecuteAsync(
                    new CommandDefinition(
                        Upsert,
                        new
                        {
                            work.TenantId,
                            serial,
                            asked.OltId,
                            asked.Port,
                            model = asked.Model?.Trim() ?? "Simulated ONU",
                            distance = asked.DistanceM ?? 1500,
                            plugged = asked.Plugged ?? true,
                        },
                        work.Transaction,
                        cancellationToken: ct
                    )
                );
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                return PonErrors.PortNotFound;
            }

            await fibre.NoticeAsync(serial, ct);
            audit.Note("pon_simulated_onu.put", "pon_simulated_onu", serial);
            return (await SimulatedOnuView.FindAsync(work, serial, ct))!;
        }
    }
}
