using System.Diagnostics;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>
/// Two workers that are killed at random points of the way and replaced, over a PostgreSQL that crashes now and then. A point is so many steps that
/// have been begun, so that a slow machine sees as much of it as a fast one.
/// </summary>
public sealed class DrillStorm : IAsyncDisposable
{
    /// <summary>Five minutes on a quiet machine; only one that hangs takes this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(40);

    private readonly ProvisionDrillFixture host;
    private readonly int seed;
    private readonly Random random;
    private readonly Queue<(int At, bool IsCrash)> blows;
    private readonly HostProcess[] workers = new HostProcess[2];
    private readonly Task[] starting = [Task.CompletedTask, Task.CompletedTask];
    private readonly long start = Stopwatch.GetTimestamp();

    private DrillStorm(ProvisionDrillFixture host, int seed, int kills, int crashes, int steps)
    {
        (this.host, this.seed, random) = (host, seed, new Random(seed));
        blows = new(Enumerable.Range(0, kills + crashes).Select(i => (At: random.Next(steps), i >= kills)).OrderBy(b => b.At));
    }

    /// <summary>By kill -9 from here.</summary>
    public int Kills { get; private set; }

    /// <summary>Of all kinds: also those that a step ended.</summary>
    public int Deaths { get; private set; }

    /// <summary>Of PostgreSQL.</summary>
    public int Crashes { get; private set; }

    public TimeSpan Lasted => Stopwatch.GetElapsedTime(start);

    /// <param name="steps">So many will be begun.</param>
    public static async Task<DrillStorm> BeginAsync(ProvisionDrillFixture host, int seed, int kills, int crashes, int steps)
    {
        var storm = new DrillStorm(host, seed, kills, crashes, steps);
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

            await Task.Delay(random.Next(50, 400));
            await ReviveAsync();
            if (!blows.TryPeek(out var blow) || await BegunAsync() < blow.At)
            {
                continue;
            }

            if (blow.IsCrash)
            {
                blows.Dequeue();
                // One that finds no database at its start would not start.
                await Task.WhenAll(starting);
                await host.Cluster.StopServerAsync("immediate");
                await Task.Delay(random.Next(100, 1500));
                await host.Cluster.StartServerAsync();
                Crashes++;
            }
            else if (workers[random.Next(workers.Length)] is { IsRunning: true } victim)
            {
                blows.Dequeue();
                await victim.KillHardAsync();
                Kills++;
            }
        }
    }

    private Task<long> BegunAsync() => host.Database.ScalarAsync<long>("SELECT count(*) FROM saga_steps WHERE status <> 0");

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var worker in workers)
        {
            await worker.DisposeAsync();
        }
    }

    /// <summary>Begins to start a worker in the place of each that died. Nobody waits for it: the other one is not spared meanwhile.</summary>
    private async Task ReviveAsync()
    {
        for (var i = 0; i < workers.Length; i++)
        {
            if (!workers[i].IsRunning && starting[i].IsCompleted)
            {
                await starting[i];
                Deaths++;
                starting[i] = StartAsync(i);
            }
        }
    }

    private async Task StartAsync(int place)
    {
        await workers[place].DisposeAsync();
        try
        {
            workers[place] = await host.WorkerAsync(seed);
        }
        catch (InvalidOperationException e) when (e.Message.Contains("ended with 137", StringComparison.Ordinal))
        { /* A step ended it before it had said that it is ready. */
        }
    }
}
