using System.Diagnostics;
using System.Net;
using DotMac.Radius.Wire;

namespace DotMac.Bench.Load;

/// <summary>What a server is asked, and how.</summary>
/// <param name="Sources">One for each socket.</param>
/// <param name="InFlight">Most requests under way, over all sockets.</param>
/// <param name="Rate">Requests per second over all sockets, sent without waiting for answers; 0 sends the next when one is answered.</param>
/// <param name="Expected">The code of a right answer.</param>
/// <param name="Signed">Whether an answer must carry a Message-Authenticator.</param>
internal sealed record LoadPlan(
    IPEndPoint Target,
    IReadOnlyList<ISource> Sources,
    int InFlight,
    int Rate,
    TimeSpan Duration,
    PacketCode Expected,
    bool Signed
);

/// <summary>What came of it.</summary>
/// <param name="Answered">Right answers within the time.</param>
/// <param name="Refused">Answers of another code.</param>
/// <param name="Lost">Requests without an answer for a second.</param>
/// <param name="Forged">Sampled answers (one of 64) whose signature was wrong.</param>
internal sealed record LoadResult(long Answered, long Refused, long Lost, long Forged, double Seconds, Latencies Latencies)
{
    public double PerSecond => Answered / Seconds;
}

/// <summary>Puts a server under load from several sockets, one thread each.</summary>
internal static class Driver
{
    public static async Task<LoadResult> RunAsync(LoadPlan plan)
    {
        var lanes = plan.Sources.Select((source, i) => new Lane(plan, source, ShareOf(plan.InFlight, i, plan.Sources.Count))).ToList();
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(plan.Duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(
            lanes.Select(lane =>
                Task.Factory.StartNew(() => lane.Run(end), default, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            )
        );
        var all = new Latencies();
        lanes.ForEach(lane => all.Add(lane.Latencies));
        lanes.ForEach(lane => lane.Dispose());
        return new LoadResult(
            lanes.Sum(l => l.Answered),
            lanes.Sum(l => l.Refused),
            lanes.Sum(l => l.Lost),
            lanes.Sum(l => l.Forged),
            plan.Duration.TotalSeconds,
            all
        );
    }

    private static int ShareOf(int total, int index, int parts) => Math.Max(1, (total / parts) + (index < total % parts ? 1 : 0));
}
