using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace DotMac.Kernel.Telemetry;

/// <summary>Listens to the process's meters and writes their state in Prometheus' text format.</summary>
/// <remarks>
/// <para>Counters, up-down counters, gauges and their observable forms, and histograms with fixed buckets. Recording takes no lock:
/// one look-up by the tags and an interlocked add.</para>
/// <para><b>Limit:</b> at most <see cref="MostSeries"/> label sets per instrument, <see cref="MostObserved"/> of an observable one, which
/// are forgotten with each reading; what is beyond is dropped and counted in <c>dotmac_metrics_dropped_total</c>, so that a tag with too
/// many values cannot fill the memory.</para>
/// <para><b>Source:</b> Prometheus, Exposition formats, text format 0.0.4; OpenTelemetry, Prometheus compatibility (names and units).</para>
/// </remarks>
public sealed class PrometheusCollector : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";
    public const int MostSeries = 2000;
    public const int MostObserved = 20_000;

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, Series> instruments = new();
    private readonly Lock rendering = new();
    private long dropped;

    public PrometheusCollector()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (IsOurs(instrument.Meter.Name))
            {
                var series = instruments.GetOrAdd(instrument, static i => Series.Of(i));
                self.EnableMeasurementEvents(instrument, series);
            }
        };
        listener.MeasurementsCompleted = (instrument, _) => _ = instruments.TryRemove(instrument, out Series? _);
        listener.SetMeasurementEventCallback<long>((_, value, tags, series) => Record(series, value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, series) => Record(series, value, tags));
        listener.SetMeasurementEventCallback<short>((_, value, tags, series) => Record(series, value, tags));
        listener.SetMeasurementEventCallback<byte>((_, value, tags, series) => Record(series, value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, series) => Record(series, value, tags));
        listener.SetMeasurementEventCallback<float>((_, value, tags, series) => Record(series, value, tags));
        listener.SetMeasurementEventCallback<decimal>((_, value, tags, series) => Record(series, (double)value, tags));
        listener.Start();
    }

    /// <summary>The meters that are collected here and exported by OTLP; a trailing * is a prefix.</summary>
    public static IReadOnlyList<string> Meters { get; } =
    ["DotMac*", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql"];

    /// <summary>The current state of every instrument.</summary>
    public string Render()
    {
        // One at a time: observable instruments are read into shared state.
        lock (rendering)
        {
            foreach (var series in instruments.Values)
            {
                series.ForgetObserved();
            }

            listener.RecordObservableInstruments();
            var text = new StringBuilder(16 * 1024);
            // Two meters may own instruments of one name; a family's head may stand only once.
            foreach (
                var family in instruments
                    .Values.GroupBy(series => series.Name, StringComparer.Ordinal)
                    .OrderBy(family => family.Key, StringComparer.Ordinal)
            )
            {
                family.First().WriteHead(text);
                foreach (var series in family)
                {
                    series.WriteTo(text);
                }
            }

            text.Append("# HELP dotmac_metrics_dropped_total Measurements dropped because an instrument had too many label sets.\n");
            text.Append("# TYPE dotmac_metrics_dropped_total counter\n");
            text.Append("dotmac_metrics_dropped_total ").Append(Interlocked.Read(ref dropped)).Append('\n');
            return text.ToString();
        }
    }

    public void Dispose() => listener.Dispose();

    private static bool IsOurs(string meter) =>
        Meters.Any(known =>
            known.EndsWith('*')
                ? meter.StartsWith(known.AsSpan(0, known.Length - 1), StringComparison.Ordinal)
                : string.Equals(meter, known, StringComparison.Ordinal)
        );

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (state is Series series && !series.Record(value, tags))
        {
            Interlocked.Increment(ref dropped);
        }
    }
}
