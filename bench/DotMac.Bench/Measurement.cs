using DotMac.Bench.Load;
using DotMac.Bench.Servers;

namespace DotMac.Bench;

/// <summary>One round of one server.</summary>
/// <param name="OwnCpuMicros">Processor time of the server's process for each answer, microseconds.</param>
/// <param name="DatabaseCpuMicros">The same of PostgreSQL; NaN for a server without.</param>
internal sealed record Round(
    string Server,
    double PerSecond,
    double P50Ms,
    double P99Ms,
    long Answered,
    long Refused,
    long Lost,
    long Forged,
    double OwnCpuMicros,
    double DatabaseCpuMicros
);

/// <summary>Rounds of several servers in turn.</summary>
internal static class Measurement
{
    /// <summary>Each server once per round, in the order given; before each, PostgreSQL has come to rest.</summary>
    public static async Task<List<Round>> RunAsync(
        IReadOnlyList<Server> servers,
        int rounds,
        PostgreSql postgres,
        Func<Server, LoadPlan> planOf
    )
    {
        var all = new List<Round>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var server in servers)
            {
                await postgres.SettleAsync();
                all.Add(await OnceAsync(server, postgres, planOf(server)));
            }
        }

        return all;
    }

    private static async Task<Round> OnceAsync(Server server, PostgreSql postgres, LoadPlan plan)
    {
        GC.Collect();
        var own = ProcessorTime.Of(server.ProcessId);
        var database = ProcessorTime.OfFamily(postgres.ProcessId);
        var result = await Driver.RunAsync(plan);
        var answers = Math.Max(1, result.Answered);
        own = (ProcessorTime.Of(server.ProcessId) - own) * 1e6 / answers;
        database = (ProcessorTime.OfFamily(postgres.ProcessId) - database) * 1e6 / answers;
        return new Round(
            server.Key,
            result.PerSecond,
            result.Latencies.Milliseconds(0.5),
            result.Latencies.Milliseconds(0.99),
            result.Answered,
            result.Refused,
            result.Lost,
            result.Forged,
            own,
            server.UsesDatabase ? database : double.NaN
        );
    }
}
