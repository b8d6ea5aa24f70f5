using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace DotMac.Kernel.Telemetry;

/// <summary>All label sets of one instrument, as one Prometheus metric family.</summary>
internal sealed class Series
{
    private readonly ConcurrentDictionary<TagSet, Cell> cells = new(TagSet.Comparer);
    private readonly ConcurrentDictionary<TagSet, Cell>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> byTags;
    private readonly string kind;
    private readonly bool adds;
    private readonly bool observable;
    private readonly double[]? bounds;
    private readonly string help;

    private Series(Instrument instrument, string kind, bool adds, double[]? bounds)
    {
        this.kind = kind;
        this.adds = adds;
        this.bounds = bounds;
        observable = instrument.IsObservable;
        Name = PrometheusName.Of(instrument.Name, instrument.Unit, isCounter: string.Equals(kind, "counter", StringComparison.Ordinal));
        help = instrument.Description ?? instrument.Name;
        byTags = cells.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public string Name { get; }

    public static Series Of(Instrument instrument)
    {
        var type = instrument.GetType();
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return definition == typeof(Counter<>) ? new Series(instrument, "counter", adds: true, null)
            : definition == typeof(ObservableCounter<>) ? new Series(instrument, "counter", adds: false, null)
            : definition == typeof(UpDownCounter<>) ? new Series(instrument, "gauge", adds: true, null)
            : definition == typeof(Histogram<>) ? new Series(instrument, "histogram", adds: true, Buckets.For(instrument))
            : new Series(instrument, "gauge", adds: false, null);
    }

    /// <summary>False when the label set is new and there are already too many.</summary>
    public bool Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!byTags.TryGetValue(tags, out var cell))
        {
            if (cells.Count >= (observable ? PrometheusCollector.MostObserved : PrometheusCollector.MostSeries))
            {
                return false;
            }

            cell = cells.GetOrAdd(new TagSet(tags), static (_, bounds) => new Cell(bounds), bounds);
        }

        if (bounds is not null)
        {
            cell.Observe(value);
        }
        else if (adds)
        {
            cell.Add(value);
        }
        else
        {
            cell.Set(value);
        }

        return true;
    }

    /// <summary>An observed label set that is not reported again is gone, not frozen at its last value.</summary>
    public void ForgetObserved()
    {
        if (observable)
        {
            cells.Clear();
        }
    }

    public void WriteHead(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ');
        text.Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings("\\n")).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(kind).Append('\n');
    }

    public void WriteTo(StringBuilder text)
    {
        foreach (var (tags, cell) in cells.OrderBy(pair => pair.Key.Labels, StringComparer.Ordinal))
        {
            if (bounds is null)
            {
                Line(text, "", tags.Labels, null, cell.Value);
                continue;
            }

            var (counts, sum) = cell.Read();
            long running = 0;
            for (var i = 0; i < bounds.Length; i++)
            {
                running += counts[i];
                Line(text, "_bucket", tags.Labels, Number(bounds[i]), running);
            }

            running += counts[^1];
            Line(text, "_bucket", tags.Labels, "+Inf", running);
            Line(text, "_sum", tags.Labels, null, sum);
            Line(text, "_count", tags.Labels, null, running);
        }
    }

    private void Line(StringBuilder text, string suffix, string labels, string? upTo, double value)
    {
        text.Append(Name).Append(suffix);
        if (labels.Length > 0 || upTo is not null)
        {
            text.Append('{').Append(labels);
            if (upTo is not null)
            {
                text.Append(labels.Length > 0 ? "," : "").Append("le=\"").Append(upTo).Append('"');
            }

            text.Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>One label set's numbers.</summary>
    private sealed class Cell(double[]? bounds)
    {
        private readonly long[] counts = bounds is null ? [] : new long[bounds.Length + 1];
        private double value;

        public double Value => Volatile.Read(ref value);

        public void Set(double to) => Volatile.Write(ref value, to);

        public void Add(double by)
        {
            double before;
            do
            {
                before = Volatile.Read(ref value);
            } while (
                BitConverter.DoubleToInt64Bits(Interlocked.CompareExchange(ref value, before + by, before))
                != BitConverter.DoubleToInt64Bits(before)
            );
        }

        public void Observe(double measured)
        {
            var bucket = 0;
            while (bucket < bounds!.Length && measured > bounds[bucket])
            {
                bucket++;
            }

            Interlocked.Increment(ref counts[bucket]);
            Add(measured);
        }

        public (long[] Counts, double Sum) Read() => ([.. counts], Value);
    }
}
