using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Network.Pon.Simulator;

/// <summary>A box of the simulator, as only the simulator sees it.</summary>
public sealed record SimulatedOnuView(
    string Serial,
    Guid OltId,
    short Port,
    string Model,
    int DistanceM,
    bool Plugged,
    bool Powered,
    bool FibreIntact,
    double ExtraLossDb,
    bool IsKnown
)
{
    public bool Simulated { get; } = true;

    internal static Task<SimulatedOnuView?> FindAsync(UnitOfWork work, string serial, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<SimulatedOnuView>(
            new CommandDefinition(
                """
                SELECT f.serial, f.olt_id, f.port, f.model, f.distance_m, f.plugged, f.powered, f.fibre_intact, f.extra_loss_db,
                    EXISTS (SELECT 1 FROM pon_onus u WHERE u.serial = f.serial) AS is_known
                FROM pon_simulated_onus f WHERE f.serial = @serial
                """,
                new { serial },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
