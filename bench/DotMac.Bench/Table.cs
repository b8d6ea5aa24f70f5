using System.Globalization;
using DotMac.Bench.Servers;

namespace DotMac.Bench;

/// <summary>A server's rounds in one line: medians over the rounds, losses summed.</summary>
internal sealed record Line(
    string Server,
    string Title,
    double PerSecond,
    double Slowest,
    double Fastest,
    double P50Ms,
    double P99Ms,
    double OwnCpuMicros,
    double DatabaseCpuMicros,
    long Refused,
    long Lost,
    long Forged
)
{
    public static Line Of(Server server, IEnumerable<Round> rounds)
    {
        var own = rounds.Where(r => r.Server == server.Key).ToList();
        return new Line(
            server.Key,
            server.Title,
            Median(own.Select(r => r.PerSecond)),
            own.Min(r => r.PerSecond),
            own.Max(r => r.PerSecond),
            Median(own.Select(r => r.P50Ms)),
            Median(own.Select(r => r.P99Ms)),
            Median(own.Select(r => r.OwnCpuMicros)),
            Median(own.Select(r => r.DatabaseCpuMicros)),
            own.Sum(r => r.Refused),
            own.Sum(r => r.Lost),
            own.Sum(r => r.Forged)
        );
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}

/// <summary>The figures as text for a terminal.</summary>
internal static class Table
{
    public static void Print(string title, IReadOnlyList<Line> lines)
    {
        var sql = lines.FirstOrDefault(l => l.Server == FreeRadius.SqlKey)?.PerSecond;
        var floor = lines.FirstOrDefault(l => l.Server == EmptySigner.Key)?.PerSecond;
        Console.WriteLine();
        Console.WriteLine(title);
        Write("", "per second", "(rounds)", "p50 ms", "p99 ms", "CPU us", "+ PG us", "lost", "refused", "x FR+SQL", "of floor");
        foreach (var line in lines)
        {
            Write(
                line.Title,
                Number(line.PerSecond, "N0"),
                $"{Number(line.Slowest, "N0")}-{Number(line.Fastest, "N0")}",
                Number(line.P50Ms, "0.00"),
                Number(line.P99Ms, "0.00"),
                Number(line.OwnCpuMicros, "0.0"),
                Number(line.DatabaseCpuMicros, "0.0"),
                Number(line.Lost, "N0"),
                Number(line.Refused + line.Forged, "N0"),
                sql is { } peer ? Number(line.PerSecond / peer, "0.0") : "",
                floor is { } most ? Number(line.PerSecond / most, "0 %") : ""
            );
        }
    }

    private static void Write(params string[] cells)
    {
        int[] widths = [24, 12, 19, 9, 9, 9, 9, 8, 9, 10, 9];
        Console.WriteLine(cells[0].PadRight(widths[0]) + string.Concat(cells.Skip(1).Select((c, i) => c.PadLeft(widths[i + 1]))));
    }

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);
}
