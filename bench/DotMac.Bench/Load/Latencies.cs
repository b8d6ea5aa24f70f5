using System.Diagnostics;

namespace DotMac.Bench.Load;

/// <summary>Counts latencies in microseconds: exact up to 65 ms, by the millisecond up to 4 s.</summary>
internal sealed class Latencies
{
    private const int Fine = 65_536;
    private const int Coarse = 4_000;
    private readonly long[] micros = new long[Fine];
    private readonly long[] millis = new long[Coarse];

    public long Count { get; private set; }

    public void Add(long stopwatchTicks)
    {
        var us = stopwatchTicks * 1_000_000 / Stopwatch.Frequency;
        Count++;
        if (us < Fine)
        {
            micros[us]++;
        }
        else
        {
            millis[Math.Min(us / 1000, Coarse - 1)]++;
        }
    }

    public void Add(Latencies other)
    {
        Count += other.Count;
        for (var i = 0; i < Fine; i++)
        {
            micros[i] += other.micros[i];
        }

        for (var i = 0; i < Coarse; i++)
        {
            millis[i] += other.millis[i];
        }
    }

    /// <summary>Milliseconds that the given share (0..1) of all stayed at or below; NaN when there were none.</summary>
    public double Milliseconds(double share)
    {
        var rest = (long)Math.Ceiling(Count * share);
        if (Count == 0)
        {
            return double.NaN;
        }

        for (var i = 0; i < Fine; i++)
        {
            rest -= micros[i];
            if (rest <= 0)
            {
                return i / 1000.0;
            }
        }

        for (var i = 0; i < Coarse; i++)
        {
            rest -= millis[i];
            if (rest <= 0)
            {
                return i;
            }
        }

        return Coarse;
    }
}
