using System.Globalization;

namespace DotMac.Bench;

/// <summary>Processor time and memory of a process as Linux counts them in <c>/proc</c>. Unlike a rate, it hardly depends on what else runs.</summary>
internal static class ProcessorTime
{
    private const int TicksPerSecond = 100;

    /// <summary>Seconds of processor time of a process with all its threads.</summary>
    public static double Of(int pid)
    {
        var fields = Fields(pid);
        return fields is null ? 0 : Seconds(fields);
    }

    /// <summary>Seconds of processor time of a process, its children that run and those that ended.</summary>
    public static double OfFamily(int pid)
    {
        var seconds = Of(pid) + Ended(pid);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var child)
                && Fields(child) is { } fields
                && Parent(fields) == pid
            )
            {
                seconds += Seconds(fields);
            }
        }

        return seconds;
    }

    /// <summary>Resident memory in MiB.</summary>
    public static double MemoryMegabytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/status")
            .First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>What follows the program's name in <c>stat</c>: state, parent, … (proc(5)).</summary>
    private static string[]? Fields(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // it has ended
        }
    }

    private static int Parent(string[] fields) => int.Parse(fields[1], CultureInfo.InvariantCulture);

    private static double Seconds(string[] fields) => Ticks(fields[11]) + Ticks(fields[12]);

    private static double Ended(int pid) => Fields(pid) is { } fields ? Ticks(fields[13]) + Ticks(fields[14]) : 0;

    private static double Ticks(string field) => double.Parse(field, CultureInfo.InvariantCulture) / TicksPerSecond;
}
