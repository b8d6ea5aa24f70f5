using System.Diagnostics;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>Two workers that are killed at random points and replaced, over a PostgreSQL that crashes now and then.</summary>
public sealed class DrillStorm : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly ProvisionDrillFixture host;
    private readonly int seed;
    private readonly int mostKills;
    private readonly Random random;
    private readonly HostProcess[] workers = new HostProcess[2];
    private readonly long start = Stopwatch.GetTimestamp();

    private DrillStorm(ProvisionDrillFixture host, int seed, int mostKills)
    {
        (this.host, this.seed, this.mostKills) = (host, seed, mostKills);
        random = new Random(seed);
    }

    /// <summary>By kill -9 from here.</summary>
    public int Kills { get; private set; }

    /// <summary>Of all kinds: also those that a step ended.</summary>
    public int Deaths { get; private set; }

    /// <summary>Of PostgreSQL.</summary>
    public int Crashes { get; private set; }

    public TimeSpan Lasted => Stopwatch.GetElapsedTime(start);

    public static async Task<DrillStorm> BeginAsync(ProvisionDrillFixture host, int seed, int mostKills)
    {
        var storm = new DrillStorm(host, seed, mostKills);
        for (var i = 0; i < storm.workers.Length; i++)
        {
            storm.workers[i] = await host.WorkerAsync(seed);
        }

        return storm;
    }

    /// <summary>Goes on until it is over; <paramref name="state"/> says where things stand when it is not in time.</summary>
    public async Task RageAsync(Func<Task<bool>> isOver, Func<Task<string>> state)
    {
        while (!await isOver())
        {
            if (Lasted > Patience)
            {
                throw new TimeoutException($"Not over after {Lasted}:\n{await state()}");
            }

            await Task.Delay(random.Next(100, 900));
            await ReviveAsync();
            var (blow, victim) = (random.Next(10), workers[random.Next(workers.Length)]);
            if (blow < 4 && Kills < mostKills && victim.IsRunning)
            {
                await victim.KillHardAsync();
                Kills++;
                await ReviveAsync();
            }
            else if (blow is 4 or 5 && Crashes < 3)
            {
                await host.Cluster.StopServerAsync("immediate");
                await Task.Delay(random.Next(100, 1500));
                await host.Cluster.StartServerAsync();
                Crashes++;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
        {
            await worker.DisposeAsync();
        }
    }

    /// <summary>Starts a worker in the place of each that died.</summary>
    private async Task ReviveAsync()
    {
        var dead = Enumerable.Range(0, workers.Length).Where(i => !workers[i].IsRunning).ToList();
        Deaths += dead.Count;
        await Task.WhenAll(
            dead.Select(async i =>
            {
                await workers[i].DisposeAsync();
                try
                {
                    workers[i] = await host.WorkerAsync(seed);
                }
                catch (InvalidOperationException e) when (e.Message.Contains("ended with 137", StringComparison.Ordinal))
                { /* A step ended it before it had said that it is ready. */
                }
            })
        );
    }
}
