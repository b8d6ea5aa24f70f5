using System.Text;

namespace DotMac.Kernel.Telemetry;

/// <summary>Turns instrument names and units into Prometheus' spelling.</summary>
/// <remarks><b>Source:</b> OpenTelemetry, Prometheus and OpenMetrics Compatibility, "Metric Metadata"; UCUM unit codes.</remarks>
internal static class PrometheusName
{
    /// <summary>Letters, digits and _; the unit's word at the end, then <c>_total</c> for counters.</summary>
    public static string Of(string instrument, string? unit, bool isCounter)
    {
        var name = Clean(instrument);
        var word = unit switch
        {
            "s" => "seconds",
            "ms" => "milliseconds",
            "By" => "bytes",
            "bit/s" => "bits_per_second",
            "%" => "percent",
            _ => null,
        };
        // The suffix is kept for histograms: a number of things is spelled so that it cannot be taken for one.
        name = name.EndsWith("_count", StringComparison.Ordinal) ? name[..^"_count".Length] + "_number" : name;
        name = name.EndsWith("_total", StringComparison.Ordinal) ? name[..^"_total".Length] : name;
        if (word is not null && !name.EndsWith("_" + word, StringComparison.Ordinal))
        {
            name = name + "_" + word;
        }

        return isCounter ? name + "_total" : name;
    }

    public static string Label(string name) => Clean(name);

    private static string Clean(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            var kept = char.IsAsciiLetterOrDigit(c) ? c : '_';
            if (text.Length == 0 && char.IsAsciiDigit(kept))
            {
                text.Append('_');
            }

            if (kept != '_' || text.Length == 0 || text[^1] != '_')
            {
                text.Append(kept);
            }
        }

        return text.ToString();
    }
}
