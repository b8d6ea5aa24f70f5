using System.Diagnostics;
using System.Globalization;
using DotMac.Bench.Load;
using DotMac.Bench.Servers;

namespace DotMac.Bench;

/// <summary>One record of every session: how fast it was answered, how fast it was in the table, what it cost.</summary>
internal sealed record LifeFigures(
    string Record,
    double AnsweredPerSecond,
    double StoredPerSecond,
    double OwnCpuMicros,
    double DatabaseCpuMicros
);

/// <summary>
/// Whole lives of sessions through dotmac: a Start, Interim-Updates, a Stop, each sent for every session and waited for in radacct before the next. What
/// PostgreSQL spends on a record hardly depends on what else the machine does: compare two builds by it.
/// </summary>
internal static class LivesRun
{
    private const int Interims = 5;

    public static async Task<IReadOnlyList<LifeFigures>> MeasureAsync(Workshop workshop, PostgreSql postgres, BenchOptions options)
    {
        var server = await DotMacServer.StartAsync(workshop, postgres, options);
        var lives = new AccountingLives(options.Lives, options.Users);
        var figures = new List<LifeFigures>();
        Console.WriteLine("| record | answered/s | in radacct/s | CPU us | PG us |");
        Console.WriteLine("|---|---|---|---|---|");
        for (var age = 0; age <= Interims + 1; age++)
        {
            var (status, name) =
                age == 0 ? (1u, "Start")
                : age > Interims ? (2u, "Stop")
                : (3u, string.Create(CultureInfo.InvariantCulture, $"Interim {age}"));
            await postgres.SettleAsync();
            var own = ProcessorTime.Of(server.ProcessId);
            var database = ProcessorTime.OfFamily(postgres.ProcessId);
            var since = Stopwatch.GetTimestamp();
            var answered = lives.Send(server.Acct!, status, age);
            var stored = string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT count(*) FROM radacct WHERE acctsessiontime = {age * AccountingLives.IntervalSeconds}"
            );
            while (await postgres.CountAsync(DotMacServer.Key, stored) < options.Lives)
            {
                await Task.Delay(500);
            }

            var took = Stopwatch.GetElapsedTime(since).TotalSeconds;
            var one = new LifeFigures(
                name,
                options.Lives / answered,
                options.Lives / took,
                (ProcessorTime.Of(server.ProcessId) - own) * 1e6 / options.Lives,
                (ProcessorTime.OfFamily(postgres.ProcessId) - database) * 1e6 / options.Lives
            );
            figures.Add(one);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {one.Record} | {one.AnsweredPerSecond:N0} | {one.StoredPerSecond:N0} | {one.OwnCpuMicros:0.0} | {one.DatabaseCpuMicros:0.0} |"
                )
            );
        }

        var hot = await postgres.CountAsync(
            DotMacServer.Key,
            "SELECT coalesce(round(100.0 * sum(n_tup_hot_upd) / nullif(sum(n_tup_upd), 0)), 0) FROM pg_stat_user_tables WHERE relname ~ '^radacct_[0-9]'"
        );
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hot} % of the updates of sessions stayed on their page (HOT)"));
        return figures;
    }
}
