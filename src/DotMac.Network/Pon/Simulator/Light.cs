namespace DotMac.Network.Pon.Simulator;

/// <summary>What a simulated ONU measures. Levels in dBm, temperature in °C.</summary>
internal sealed record Optics(double RxPowerDbm, double TxPowerDbm, double OltRxDbm, double TemperatureC);

/// <summary>
/// A link budget of a GPON tree: transmit power, a 1:32 splitter, connectors, and the fibre's loss by its length
/// (ITU-T G.984.2 class B+; G.652 fibre: 0.25 dB/km at 1490 nm down, 0.35 dB/km at 1310 nm up).
/// </summary>
internal static class Light
{
    private const double SplitterDb = 17.0;
    private const double ConnectorsDb = 1.5;
    private const double DownDbPerKm = 0.25;
    private const double UpDbPerKm = 0.35;

    public static Optics At(string serial, double oltTxDbm, int distanceMetres, double extraLossDb, double driftDb)
    {
        // Each box is a little different from its neighbour, and the same each time it is asked.
        var own = OwnOf(serial);
        var km = distanceMetres / 1000.0;
        var loss = SplitterDb + ConnectorsDb + extraLossDb;
        var tx = 2.2 + (own * 0.8);
        return new Optics(
            Math.Round(oltTxDbm - loss - (km * DownDbPerKm) + (own * 1.5) + driftDb, 2),
            Math.Round(tx, 2),
            Math.Round(tx - loss - (km * UpDbPerKm) + driftDb, 2),
            Math.Round(44 + (own * 4) + (driftDb * 3), 1)
        );
    }

    /// <summary>One step of a walk that is drawn back to zero: some tenths of a dB, as temperature and splices make them.</summary>
    public static double Drift(double now, double random) => Math.Clamp((now * 0.9) + ((random - 0.5) * 0.3), -1.5, 1.5);

    private static double OwnOf(string serial)
    {
        var sum = 17;
        foreach (var c in serial)
        {
            sum = unchecked((sum * 31) + c);
        }

        return ((sum & 0xFF) / 255.0) - 0.5;
    }
}
