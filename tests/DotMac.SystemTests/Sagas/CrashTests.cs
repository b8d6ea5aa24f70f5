using System.Diagnostics;
using DotMac.Kernel.Sagas;
using DotMac.SystemTests.Harness;
using DotMac.TestWorker;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace DotMac.SystemTests.Sagas;

/// <summary>A PostgreSQL of its own, which the test crashes; what was committed outlives it.</summary>
public sealed class CrashFixture : SagaFixture
{
    public PostgresCluster Cluster { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        Cluster = await PostgresCluster.StartAsync();
        await Cluster.ExecuteAsync("postgres", "ALTER ROLE ALL SET synchronous_commit = on");
        Database.PutOn(Cluster);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Cluster.RemoveAsync();
    }
}

/// <summary>Workers in processes of their own that are killed, a database that crashes under them, and workers that come too late.</summary>
[Trait("Category", "Drill")]
public sealed class CrashTests(CrashFixture host, ITestOutputHelper output) : IClassFixture<CrashFixture>
{
    private const int Seed = 4136;
    private static readonly string[] Kinds = ["refuse", "busy", "throw", "hang", "lose", "kill", "kill_after"];
    private static readonly string[] Names = ["a", "b", "c", "d", "e", "f"];

    [Fact]
    public async Task Killed_workers_and_a_crashing_database_leave_every_run_done_or_undone()
    {
        var random = new Random(Seed);
        await using var starter = host.Node(Toy.V1, Toy.Lenient);
        var runs = new List<Guid>();
        var workers = new[] { await host.SpawnAsync(), await host.SpawnAsync() };
        var start = Stopwatch.GetTimestamp();
        var (kills, crashes) = (0, 0);
        try
        {
            for (var i = 0; i < 80; i++)
            {
                runs.Add(await host.StartAsync(starter, random.Next(4) == 0 ? "lenient" : "toy", Troubled(random)));
                if (i % 10 == 9)
                {
                    await Task.Delay(random.Next(50, 400));
                    workers[i / 10 % 2].Kill();
                    kills++;
                }

                if (i is 35 or 70)
                {
                    await host.Cluster.StopServerAsync("immediate");
                    await host.Cluster.StartServerAsync();
                    crashes++;
                    Npgsql.NpgsqlConnection.ClearAllPools();
                }

                kills += await ReviveAsync(workers);
            }

            await Eventually.IsTrueAsync(
                async () =>
                {
                    kills += await ReviveAsync(workers);
                    return await host.Database.ScalarAsync<long>("SELECT count(*) FROM saga_runs WHERE status IN (0, 1, 4)") == 0;
                },
                "every run has ended",
                TimeSpan.FromMinutes(5)
            );
        }
        finally
        {
            Array.ForEach(workers, w => w.Kill());
        }

        var ends = await host.Database.QueryAsync<(short, long)>("SELECT status, count(*) FROM saga_runs GROUP BY status ORDER BY status");
        output.WriteLine(
            $"{runs.Count} runs, {kills} worker deaths, {crashes} crashes of PostgreSQL, {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s: "
                + string.Join(", ", ends.Select(e => $"{(SagaStatus)e.Item1} {e.Item2}"))
        );
        foreach (var run in runs)
        {
            await ShouldBeWholeAsync(run);
        }
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_commits_nothing()
    {
        // Long enough that the other one has it before the first is answered.
        var patient = SagaDefinition.Of<ToyState>(
            "toy",
            1,
            [.. Toy.V1.Steps.Select(s => s.Name == "e" ? s with { Timeout = TimeSpan.FromSeconds(5) } : s)]
        );
        await using var node = host.Node(patient);
        var queue = node.GetRequiredService<RunQueue>();
        var executor = node.GetRequiredService<RunExecutor>();
        var run = await host.StartAsync(node, "toy", new ToyState { Faults = [new("e", "hang", UpTo: 1)] });
        var first = (await queue.ClaimAsync(1, default)).ShouldHaveSingleItem();
        first.Id.ShouldBe(run);
        var zombie = executor.CarryOnAsync(first, default);
        await Eventually.IsTrueAsync(async () => (await host.StepsAsync(run))["e"] == StepStatus.Running, "e is being asked");
        await host.Database.ExecuteAsync("UPDATE saga_runs SET leased_until = now() - interval '1 second' WHERE id = @run", new { run });
        var second = (await queue.ClaimAsync(1, default)).ShouldHaveSingleItem();
        second.Token.ShouldNotBe(first.Token);
        await Should.ThrowAsync<RunLostException>(zombie);
        (await host.StepsAsync(run))["e"].ShouldBe(StepStatus.Running, "what it heard is not written down");
        await Should.ThrowAsync<RunLostException>(executor.CarryOnAsync(first, default));

        await executor.CarryOnAsync(second, default);
        (await host.StatusAsync(run)).ShouldBe(SagaStatus.Completed);
        (await host.EffectsAsync(run)).ShouldBe(Names);
    }

    [Fact]
    public async Task A_lease_is_renewed_while_a_call_takes_longer_than_it()
    {
        var slow = SagaDefinition.Of<ToyState>(
            "slow",
            1,
            Toy.Out("a") with
            {
                Timeout = TimeSpan.FromSeconds(15),
                Retries = 0,
            },
            Toy.Local("b")
        );
        await using var node = host.Node(TimeSpan.FromSeconds(5), slow);
        await using var other = host.Node(TimeSpan.FromSeconds(5), slow);
        await using var working = await SagaFixture.WorkAsync(node);
        await using var waiting = await SagaFixture.WorkAsync(other);
        var run = await host.StartAsync(node, "slow", new ToyState { Faults = [new("a", "hang", UpTo: 99)] });
        await host.BecomesAsync(run, SagaStatus.Compensated);
        (await host.Database.ScalarAsync<int>("SELECT attempts FROM saga_steps WHERE run_id = @run AND seq = 0", new { run })).ShouldBe(
            1,
            "nobody else took it meanwhile"
        );
    }

    [Fact]
    public async Task A_run_ends_by_the_version_it_began_with()
    {
        await using var old = host.Node(Toy.V1);
        await using var fresh = host.Node(Toy.V1, Toy.V2);
        await using var onlyNew = host.Node(Toy.V2);
        var before = await host.StartAsync(old, "toy", new ToyState());
        var after = await host.StartAsync(fresh, "toy", new ToyState());
        await using (await SagaFixture.WorkAsync(onlyNew))
        {
            await host.BecomesAsync(after, SagaStatus.Completed);
            await Eventually.IsTrueAsync(
                async () =>
                    await host.Database.ScalarAsync<bool>(
                        "SELECT unknown_since IS NOT NULL FROM saga_runs WHERE id = @before",
                        new { before }
                    ),
                "it is said that v1 waits for somebody who knows it"
            );
            (await host.StatusAsync(before)).ShouldBe(SagaStatus.Pending);
        }

        await using (await SagaFixture.WorkAsync(fresh))
        {
            await host.BecomesAsync(before, SagaStatus.Completed);
        }

        (await host.EffectsAsync(before)).ShouldBe(Names);
        (await host.EffectsAsync(after)).ShouldBe([.. Names, "g"]);
    }

    private static ToyState Troubled(Random random)
    {
        var faults = new List<ToyFault>();
        while (random.Next(3) != 0)
        {
            faults.Add(
                new ToyFault(
                    Names[random.Next(Names.Length)],
                    Kinds[random.Next(Kinds.Length)],
                    random.Next(1, 4),
                    Undo: random.Next(3) == 0
                )
            );
        }

        // An undoing refused for good is the dead-letter's matter, not this test's.
        faults.RemoveAll(f => f.Undo && f.Kind == "refuse");
        return new ToyState { Faults = faults };
    }

    /// <summary>Starts a worker in the place of each that died; answers how many had died by themselves.</summary>
    private async Task<int> ReviveAsync(Process[] workers)
    {
        var died = 0;
        for (var i = 0; i < workers.Length; i++)
        {
            if (workers[i].HasExited)
            {
                Workspace.Forget(workers[i].Id);
                workers[i] = await host.SpawnAsync();
                died++;
            }
        }

        return died;
    }

    private async Task ShouldBeWholeAsync(Guid run)
    {
        var status = await host.StatusAsync(run);
        var steps = await host.StepsAsync(run);
        var effects = await host.EffectsAsync(run);
        if (status == SagaStatus.Stuck)
        {
            // Undoing that stayed busy beyond its patience: what is left is what the dead-letter says, no more.
            effects.ShouldBeSubsetOf(
                steps.Where(s => s.Value is StepStatus.Done or StepStatus.UndoFailed or StepStatus.Failed).Select(s => s.Key)
            );
            return;
        }

        effects.Distinct().Count().ShouldBe(effects.Count, "no effect stands twice");
        var done = steps.Where(s => s.Value == StepStatus.Done).Select(s => s.Key).ToList();
        switch (status)
        {
            case SagaStatus.Compensated:
                effects.ShouldBeEmpty();
                break;
            case SagaStatus.Completed:
                effects.ShouldBe(Names);
                break;
            default:
                status.ShouldBe(SagaStatus.Degraded);
                done.Except(effects).ShouldBeEmpty();
                effects.Except(done).ShouldBeSubsetOf(steps.Where(s => s.Value == StepStatus.Failed).Select(s => s.Key));
                break;
        }
    }
}
