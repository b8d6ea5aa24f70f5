using System.Diagnostics;
using System.Globalization;
using DotMac.Bench.Load;
using DotMac.Bench.Servers;
using DotMac.Radius.Wire;

namespace DotMac.Bench;

/// <summary>What accounting came to.</summary>
internal sealed record AccountingFigures(IReadOnlyList<Line> Lines, IReadOnlyList<Round> Rounds, IReadOnlyList<StoredFigures> Stored);

/// <summary>What was found in the table.</summary>
/// <param name="Missing">Answered records that were not there a minute later; must be 0.</param>
/// <param name="StoredPerSecond">Records that reached it per second, from the first request until the last was in.</param>
internal sealed record StoredFigures(string Server, long Answered, long Missing, double StoredPerSecond);

/// <summary>Accounting-Starts, each of another session, answered when durable; afterwards every answered one is looked for in the table.</summary>
internal static class AccountingRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<AccountingFigures> MeasureAsync(IReadOnlyList<Server> servers, PostgreSql postgres, BenchOptions options)
    {
        var runs = 0;
        var answered = servers.ToDictionary(s => s.Key, _ => 0L, StringComparer.Ordinal);
        var busy = servers.ToDictionary(s => s.Key, _ => 0.0, StringComparer.Ordinal);
        var rounds = new List<Round>();
        for (var round = -1; round < options.Rounds; round++)
        {
            foreach (var server in servers)
            {
                var run = string.Create(CultureInfo.InvariantCulture, $"r{runs++}");
                var since = Stopwatch.GetTimestamp();
                var seconds = round < 0 ? options.WarmUpSeconds : options.Seconds;
                var sources = Enumerable.Range(0, options.Sockets).Select(i => new AccountingStarts(i, run, options.Users)).ToList();
                var plan = new LoadPlan(
                    server.Acct!,
                    sources,
                    options.InFlight,
                    0,
                    TimeSpan.FromSeconds(seconds),
                    PacketCode.AccountingResponse,
                    Signed: false
                );
                var made = await Measurement.RunAsync([server], 1, postgres, _ => plan);
                answered[server.Key] += made[0].Answered;
                await DrainedAsync(server, answered[server.Key]);
                if (round >= 0)
                {
                    rounds.AddRange(made);
                    busy[server.Key] += Stopwatch.GetElapsedTime(since).TotalSeconds;
                }
            }
        }

        var lines = servers.Select(s => Line.Of(s, rounds)).ToList();
        Table.Print($"Accounting-Requests (Start, each another session), answered when durable, {options.InFlight} in flight", lines);
        var stored = new List<StoredFigures>();
        foreach (var server in servers)
        {
            var missing = Math.Max(0, answered[server.Key] - await server.StoredAsync!());
            var rate = rounds.Where(r => r.Server == server.Key).Sum(r => r.Answered) / busy[server.Key];
            stored.Add(new StoredFigures(server.Key, answered[server.Key], missing, rate));
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{server.Title}: {answered[server.Key]:N0} answered, {missing:N0} missing in radacct; {rate:N0} per second until the last was in the table"
                )
            );
        }

        return new AccountingFigures(lines, rounds, stored);
    }

    private static async Task DrainedAsync(Server server, long answered)
    {
        var since = Stopwatch.GetTimestamp();
        while (await server.StoredAsync!() < answered && Stopwatch.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(100);
        }
    }
}
