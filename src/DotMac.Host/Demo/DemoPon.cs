using DotMac.Network.Pon.Simulator;

namespace DotMac.Host.Demo;

/// <summary>The demo's fibre access: one simulated OLT with two ports.</summary>
internal static class DemoPon
{
    private const int Homes = 12;
    private const int Discovered = 3;

    public static readonly CreateSimulatedOlt.Body Olt = new("demo-olt-1", Site: "Demo head-end", Ports: 2);

    /// <summary>Twelve homes, three boxes that belong to nobody yet, one that nobody has plugged in.</summary>
    public static readonly IReadOnlyList<DemoOnu> Boxes =
    [
        .. Enumerable
            .Range(0, Homes + Discovered + 1)
            .Select(i => new DemoOnu($"DMAC{0xD0000000 + i:X8}", i % 2, 400 + (i * 397), IsPlugged: i < Homes + Discovered)),
    ];
}

/// <param name="DistanceM">Metres of fibre.</param>
internal sealed record DemoOnu(string Serial, int Port, int DistanceM, bool IsPlugged)
{
    public PutSimulatedOnu.Body At(Guid olt) => new(olt, Port, DistanceM: DistanceM, Plugged: IsPlugged);
}
