using System.Diagnostics;
using DotMac.Kernel.Sagas;
using DotMac.SystemTests.Harness;
using DotMac.TestWorker;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Sagas;

/// <summary>A step that ends whoever comes to it: after a few workers it waits for a person, and the others' runs go on.</summary>
public sealed class LostWorkerTests(SagaFixture host) : IClassFixture<SagaFixture>
{
    private static readonly int Most = new SagaOptions().MostClaims;
    private static readonly SagaDefinition Patient = Toy.V1 with
    {
        Steps = [.. Toy.V1.Steps.Select(s => s with { Timeout = TimeSpan.FromMinutes(1) })],
    };

    [Fact]
    [Trait("Category", "Drill")]
    public async Task A_step_that_ends_its_process_goes_to_the_dead_letter_and_takes_no_other_run_along()
    {
        await using var node = host.Node(Toy.V1);
        var poison = await host.StartAsync(node, "toy", new ToyState { Faults = [new("d", "die")] });
        var others = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            // These take longer than the poison needs to end their worker.
            others.Add(await host.StartAsync(node, "toy", new ToyState { Faults = [new("e", "hang", UpTo: 1)] }));
        }

        var deaths = 0;
        var worker = await host.SpawnAsync();
        try
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    if (worker.HasExited)
                    {
                        deaths++;
                        worker = await host.SpawnAsync();
                    }

                    return await host.StatusAsync(poison) == SagaStatus.Stuck
                        && await host.Database.ScalarAsync<long>("SELECT count(*) FROM saga_runs WHERE status IN (0, 1, 4)") == 0;
                },
                "the poison is set aside, the others are done",
                TimeSpan.FromMinutes(5)
            );
        }
        finally
        {
            worker.Kill();
        }

        // The first worker dies with b's answer not yet written down; from the second on each step is committed by itself.
        // A worker that is held up before the deadly step claims the run once more: its end then counts for two.
        deaths.ShouldBeInRange(Most - 1, Most + 1);
        foreach (var other in others)
        {
            (await host.StatusAsync(other)).ShouldBe(SagaStatus.Completed);
        }

        (await WhyAsync(poison)).ShouldBe("d run.worker_lost");
        (await host.EffectsAsync(poison)).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task What_was_set_aside_is_done_on_when_its_cause_is_mended()
    {
        await using var node = host.Node(Patient);
        var run = await SetAsideAsync(node, new ToyState());
        (await WhyAsync(run)).ShouldBe("a run.worker_lost");
        (await host.RetryAsync(node, run)).ShouldBeNull();
        await CarryOnAsync(node);
        (await host.StatusAsync(run)).ShouldBe(SagaStatus.Completed);
        (await host.EffectsAsync(run)).ShouldBe(["a", "b", "c", "d", "e", "f"]);
        (await host.Database.ScalarAsync<string>("SELECT error_code FROM saga_runs WHERE id = @run", new { run })).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_set_aside_while_it_called_out_can_be_cancelled_and_undoes_what_it_may_have_done()
    {
        await using var node = host.Node(Patient);
        var run = await SetAsideAsync(node, new ToyState { Faults = [new("e", "hang", UpTo: 99)] }, at: "e");
        (await WhyAsync(run)).ShouldBe("e run.worker_lost");
        (await host.ActAsync(node, r => r.CancelAsync(run, default))).ShouldBeNull();
        await CarryOnAsync(node);
        (await host.StatusAsync(run)).ShouldBe(SagaStatus.Compensated);
        (await host.EffectsAsync(run)).ShouldBeEmpty();
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM toy_effects WHERE run_id = @run AND step = 'e' AND undone",
                new { run }
            )
        ).ShouldBe(1, "e was begun, and is undone whether it was done or not");
    }

    [Fact]
    public async Task An_undoing_that_loses_its_workers_is_set_aside_as_one_that_cannot_be_undone()
    {
        await using var node = host.Node(Patient);
        var state = new ToyState { Faults = [new("f", "refuse"), new("b", "hang", UpTo: 99, Undo: true)] };
        var run = await SetAsideAsync(node, state, at: "b", undoing: true);
        (
            await host.Database.ScalarAsync<string>(
                "SELECT s.undo_code || ' ' || r.error_step FROM saga_steps s JOIN saga_runs r ON r.id = s.run_id WHERE r.id = @run AND s.name = 'b'",
                new { run }
            )
        ).ShouldBe("run.worker_lost f");
        (await host.ActAsync(node, r => r.CancelAsync(run, default))).ShouldBe(RunErrors.Over);
    }

    [Fact]
    public async Task Suspected_runs_are_carried_one_at_a_time_and_without_a_pause()
    {
        var pause = TimeSpan.FromSeconds(10);
        await using var node = host.Node(new SagaOptions { Poll = pause }, Toy.V1);
        var runs = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            runs.Add(await host.StartAsync(node, "toy", new ToyState()));
        }

        await host.Database.ExecuteAsync("UPDATE saga_runs SET claims = @most WHERE id = ANY (@runs)", new { most = Most - 1, runs });
        var (atOnce, start) = (0L, Stopwatch.GetTimestamp());
        await using (await SagaFixture.WorkAsync(node))
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    var (held, left) = (
                        await host.Database.QueryAsync<(long, long)>(
                            "SELECT count(lease_token), count(*) FROM saga_runs WHERE id = ANY (@runs) AND status IN (0, 1, 4)",
                            new { runs }
                        )
                    )[0];
                    atOnce = Math.Max(atOnce, held);
                    return left == 0;
                },
                "all are done"
            );
        }

        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(pause, "the next one follows at once");
        atOnce.ShouldBeLessThanOrEqualTo(1);
        foreach (var run in runs)
        {
            (await host.StatusAsync(run)).ShouldBe(SagaStatus.Completed);
        }
    }

    [Fact]
    public async Task An_orderly_stop_is_not_counted()
    {
        await using var node = host.Node(Patient);
        var queue = node.GetRequiredService<RunQueue>();
        var run = await host.StartAsync(node, "toy", new ToyState());
        for (var i = 0; i < 2 * Most; i++)
        {
            await queue.LetGoAsync((await queue.ClaimAsync(1, default)).ShouldHaveSingleItem(), default);
        }

        await CarryOnAsync(node);
        (await host.StatusAsync(run)).ShouldBe(SagaStatus.Completed);
    }

    /// <summary>Workers take the run and are lost: at once, or while they ask the system of a step.</summary>
    private async Task<Guid> SetAsideAsync(ServiceProvider node, ToyState state, string? at = null, bool undoing = false)
    {
        var run = await host.StartAsync(node, "toy", state);
        for (var lost = 0; lost < Most; lost++)
        {
            var lease = await ClaimAsync(node);
            lease.Id.ShouldBe(run);
            if (at is not null)
            {
                using var power = new CancellationTokenSource();
                var going = node.GetRequiredService<RunExecutor>().CarryOnAsync(lease, power.Token);
                await Eventually.IsTrueAsync(
                    async () =>
                        await host.Database.ScalarAsync<int>(
                            "SELECT CASE WHEN @undoing THEN undo_attempts ELSE attempts END FROM saga_steps WHERE run_id = @run AND name = @at",
                            new
                            {
                                run,
                                at,
                                undoing,
                            }
                        ) > lost,
                    "it is asked"
                );
                await power.CancelAsync();
                await Should.ThrowAsync<OperationCanceledException>(going);
            }

            (await host.StatusAsync(run)).ShouldNotBe(SagaStatus.Stuck);
            await host.Database.ExecuteAsync(
                "UPDATE saga_runs SET leased_until = now() - interval '1 second' WHERE id = @run",
                new { run }
            );
        }

        await CarryOnAsync(node);
        (await host.StatusAsync(run)).ShouldBe(SagaStatus.Stuck);
        return run;
    }

    private static async Task CarryOnAsync(ServiceProvider node) =>
        await node.GetRequiredService<RunExecutor>().CarryOnAsync(await ClaimAsync(node), default);

    private static async Task<RunLease> ClaimAsync(ServiceProvider node)
    {
        var queue = node.GetRequiredService<RunQueue>();
        return (await queue.ClaimAsync(1, default)).FirstOrDefault() ?? (await queue.ClaimSuspectedAsync(default)).ShouldNotBeNull();
    }

    private Task<string?> WhyAsync(Guid run) =>
        host.Database.ScalarAsync<string>("SELECT error_step || ' ' || error_code FROM saga_runs WHERE id = @run", new { run });
}
