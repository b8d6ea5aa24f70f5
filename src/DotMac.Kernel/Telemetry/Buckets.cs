using System.Diagnostics.Metrics;

namespace DotMac.Kernel.Telemetry;

/// <summary>The fixed upper bounds of a histogram, in the instrument's own unit.</summary>
internal static class Buckets
{
    /// <summary>50 µs to 10 s: a RADIUS answer and a report both fall into the middle.</summary>
    private static readonly double[] Seconds =
    [
        0.00005,
        0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
    ];

    private static readonly double[] Bytes = [64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 16777216];

    private static readonly double[] Counts = [0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000];

    /// <summary>The instrument's own advice, or what suits its unit.</summary>
    public static double[] For(Instrument instrument) =>
        Advice(instrument)
        ?? instrument.Unit switch
        {
            "s" => Seconds,
            "ms" => [.. Seconds.Select(bound => bound * 1000)],
            "By" => Bytes,
            _ => Counts,
        };

    private static double[]? Advice(Instrument instrument) =>
        instrument switch
        {
            Instrument<double> d => d.Advice?.HistogramBucketBoundaries?.ToArray(),
            Instrument<long> l => l.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
            Instrument<int> i => i.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
            _ => null,
        };
}
