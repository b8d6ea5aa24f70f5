using System.Diagnostics;
using DotMac.Kernel.Sagas;
using DotMac.SystemTests.Harness;
using DotMac.TestWorker;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Sagas;

/// <summary>A step that holds its worker up for longer than the lease: such workers are not lost, and such a step is not tried for ever.</summary>
public sealed class SlowWorkerTests(SagaFixture host) : IClassFixture<SagaFixture>
{
    private const int MostLost = 3;
    private const int MostSlow = 9;

    [Fact]
    [Trait("Category", "Drill")]
    public async Task Workers_that_come_back_too_late_are_not_counted_as_lost()
    {
        await using var node = host.Node(Toy.Patient);
        var run = await host.StartAsync(node, "patient", new ToyState { Faults = [new("e", "stall", UpTo: MostLost + 2)] });
        await WorkAsync(() => host.BecomesAsync(run, SagaStatus.Completed, 120));
        (await AttemptsAsync(run)).ShouldBeGreaterThan(MostLost + 2, "each of them was too late");
        (await host.EffectsAsync(run)).ShouldBe(["a", "b", "c", "d", "e", "f"]);
        (await host.Database.ScalarAsync<Guid[]>("SELECT missing FROM saga_runs WHERE id = @run", new { run })).ShouldBeNull();
    }

    [Fact]
    [Trait("Category", "Drill")]
    public async Task A_step_that_holds_up_every_worker_goes_to_the_dead_letter_takes_no_other_run_along_and_is_done_on_demand()
    {
        await using var node = host.Node(Toy.V1, Toy.Patient);
        var run = await host.StartAsync(node, "patient", new ToyState { Faults = [new("e", "stall", UpTo: int.MaxValue)] });
        var others = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            // These are at work when the first worker is held up.
            others.Add(await host.StartAsync(node, "toy", new ToyState { Faults = [new("e", "hang", UpTo: 1)] }));
        }

        await WorkAsync(async () =>
        {
            await host.BecomesAsync(run, SagaStatus.Stuck, 180);
            foreach (var other in others)
            {
                await host.BecomesAsync(other, SagaStatus.Completed);
            }

            (await WhyAsync(run)).ShouldNotBeNull().ShouldMatch(@"^e run\.worker_slow \d workers in a row were too slow for it$");
            (await host.EffectsAsync(run)).Except(["e"]).ShouldBe(["a", "b", "c", "d"]);

            // Whatever held them up is gone.
            await host.Database.ExecuteAsync("UPDATE saga_runs SET state = state || '{\"faults\": []}' WHERE id = @run", new { run });
            (await host.RetryAsync(node, run)).ShouldBeNull();
            await host.BecomesAsync(run, SagaStatus.Completed);
        });

        (await host.EffectsAsync(run)).ShouldBe(["a", "b", "c", "d", "e", "f"]);
        (await WhyAsync(run)).ShouldBeNull();
    }

    [Fact]
    public async Task Who_comes_back_is_not_missing_and_who_comes_back_when_the_run_has_moved_on_changes_nothing()
    {
        await using var node = host.Node(Toy.Patient);
        var queue = node.GetRequiredService<RunQueue>();
        var run = await host.StartAsync(node, "patient", new ToyState { Faults = [new("e", "hang", UpTo: 1)] });
        var late = await TakeAsync(queue, run);
        var later = await TakeAsync(queue, run);
        var third = await TakeAsync(queue, run);
        (await MissingAsync(run)).ShouldBe([late.Token, later.Token]);
        await queue.CameBackAsync(later, default);
        await queue.CameBackAsync(later, default);
        await queue.CameBackAsync(third, default);
        (await MissingAsync(run)).ShouldBe([late.Token], "one came back, once; the third has it still");

        // The third moves it on, up to the call of e, and is lost there.
        using var power = new CancellationTokenSource();
        var going = node.GetRequiredService<RunExecutor>().CarryOnAsync(third, power.Token);
        await Eventually.IsTrueAsync(async () => (await host.StepsAsync(run))["e"] == StepStatus.Running, "e is being asked");
        (await MissingAsync(run)).ShouldBeEmpty("something came of a step");
        await power.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(going);
        await ExpireAsync(run);
        var fourth = await TakeAsync(queue, run);
        await queue.CameBackAsync(late, default);
        (await MissingAsync(run)).ShouldBe([third.Token], "the first one's word is too late to speak for the third");

        await node.GetRequiredService<RunExecutor>().CarryOnAsync((await ClaimAsync(queue)).ShouldNotBeNull(), default);
        await Should.ThrowAsync<LeaseLostException>(node.GetRequiredService<RunExecutor>().CarryOnAsync(fourth, default));
        (await host.StatusAsync(run)).ShouldBe(SagaStatus.Completed);
        await queue.CameBackAsync(fourth, default);
        (await MissingAsync(run)).ShouldBeEmpty();
    }

    /// <summary>Two workers in processes of their own, while something is waited for.</summary>
    private async Task WorkAsync(Func<Task> wait)
    {
        string[] limits = [$"{MostLost}", $"{MostSlow}"];
        Process[] workers = [await host.SpawnAsync(limits), await host.SpawnAsync(limits)];
        try
        {
            await wait();
            workers.ShouldAllBe(w => !w.HasExited);
        }
        finally
        {
            Array.ForEach(workers, w => w.Kill());
        }
    }

    /// <summary>Takes the run, and is too slow at once.</summary>
    private async Task<RunLease> TakeAsync(RunQueue queue, Guid run)
    {
        var lease = (await ClaimAsync(queue)).ShouldNotBeNull();
        lease.Id.ShouldBe(run);
        await ExpireAsync(run);
        return lease;
    }

    private static async Task<RunLease?> ClaimAsync(RunQueue queue) =>
        (await queue.ClaimAsync(1, default)).FirstOrDefault() ?? await queue.ClaimSuspectedAsync(default);

    private Task ExpireAsync(Guid run) =>
        host.Database.ExecuteAsync("UPDATE saga_runs SET leased_until = now() - interval '1 second' WHERE id = @run", new { run });

    private async Task<Guid[]> MissingAsync(Guid run) =>
        await host.Database.ScalarAsync<Guid[]>("SELECT missing FROM saga_runs WHERE id = @run", new { run }) ?? [];

    private Task<int> AttemptsAsync(Guid run) =>
        host.Database.ScalarAsync<int>("SELECT attempts FROM saga_steps WHERE run_id = @run AND name = 'e'", new { run });

    private Task<string?> WhyAsync(Guid run) =>
        host.Database.ScalarAsync<string>(
            "SELECT error_step || ' ' || error_code || ' ' || split_part(error_message, ':', 1) FROM saga_runs WHERE id = @run",
            new { run }
        );
}
