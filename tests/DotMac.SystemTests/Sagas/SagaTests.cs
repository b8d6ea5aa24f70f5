using DotMac.Kernel.Sagas;
using DotMac.TestWorker;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Sagas;

/// <summary>How a run goes: forward, back, held up, stopped, tried again; its effects are counted in a table beside.</summary>
public sealed class SagaTests(SagaFixture host) : IClassFixture<SagaFixture>, IAsyncLifetime
{
    private readonly ServiceProvider node = host.Node(Toy.V1, Toy.Lenient);
    private IAsyncDisposable worker = null!;

    public async Task InitializeAsync() => worker = await SagaFixture.WorkAsync(node);

    public async Task DisposeAsync()
    {
        await worker.DisposeAsync();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task A_run_does_every_step_once_and_keeps_what_was_said()
    {
        var run = await host.StartAsync(node, "toy", new ToyState());
        await host.BecomesAsync(run, SagaStatus.Completed);
        (await host.EffectsAsync(run)).ShouldBe(["a", "b", "c", "d", "e", "f"]);
        (await host.Database.ScalarAsync<long>("SELECT sum(calls) FROM toy_effects WHERE run_id = @run", new { run })).ShouldBe(6);
        (await host.Database.ScalarAsync<string>("SELECT state ->> 'trace' FROM saga_runs WHERE id = @run", new { run })).ShouldBe(
            """["a", "b", "c", "d", "e", "f"]"""
        );
        (
            await host.Database.ScalarAsync<string>(
                "SELECT output ->> 'key' FROM saga_steps WHERE run_id = @run AND name = 'e'",
                new { run }
            )
        ).ShouldBe($"{run:N}:e");
        (
            await host.Database.ScalarAsync<int>(
                "SELECT count(*)::int FROM saga_steps WHERE run_id = @run AND duration_ms > 0",
                new { run }
            )
        ).ShouldBe(6);
    }

    [Theory]
    [InlineData("c", "refuse")]
    [InlineData("e", "refuse")]
    [InlineData("f", "throw")]
    [InlineData("e", "lose")]
    [InlineData("e", "hang")]
    public async Task A_required_step_that_fails_for_good_turns_the_run_back_and_nothing_is_left(string step, string kind)
    {
        var run = await host.StartAsync(node, "toy", new ToyState { Faults = [new(step, kind, UpTo: 99)] });
        await host.BecomesAsync(run, SagaStatus.Compensated);
        (await host.EffectsAsync(run)).ShouldBeEmpty();
        (await host.Database.ScalarAsync<string>("SELECT error_step FROM saga_runs WHERE id = @run", new { run })).ShouldBe(step);
    }

    [Theory]
    [InlineData("c", "busy")]
    [InlineData("c", "throw")]
    [InlineData("c", "lose")]
    [InlineData("e", "busy")]
    [InlineData("e", "lose")]
    [InlineData("e", "hang")]
    public async Task A_failure_that_may_pass_is_tried_again_under_the_same_key(string step, string kind)
    {
        var run = await host.StartAsync(node, "toy", new ToyState { Faults = [new(step, kind, UpTo: 2)] });
        await host.BecomesAsync(run, SagaStatus.Completed);
        (await host.EffectsAsync(run)).ShouldBe(["a", "b", "c", "d", "e", "f"]);
        (
            await host.Database.ScalarAsync<int>("SELECT attempts FROM saga_steps WHERE run_id = @run AND name = @step", new { run, step })
        ).ShouldBe(3);
        (
            await host.Database.ScalarAsync<int>(
                """
                SELECT count(*)::int FROM saga_steps s, jsonb_to_recordset(s.failed_attempts) AS f (at timestamptz, move text, code text, message text)
                WHERE s.run_id = @run AND s.name = @step AND s.error_code IS NULL AND f.move = 'do' AND f.code <> '' AND f.message <> '' AND f.at <= now()
                """,
                new { run, step }
            )
        ).ShouldBe(2, "why it failed twice is kept although it was done in the end");
        (
            await host.Database.ScalarAsync<int>(
                "SELECT count(*)::int FROM toy_effects WHERE run_id = @run AND step = @step",
                new { run, step }
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_skipped_or_has_no_system_is_not_undone()
    {
        var state = new ToyState
        {
            Skip = ["a"],
            Absent = ["b"],
            Faults = [new("f", "refuse")],
        };
        var run = await host.StartAsync(node, "toy", state);
        await host.BecomesAsync(run, SagaStatus.Compensated);
        var steps = await host.StepsAsync(run);
        steps["a"].ShouldBe(StepStatus.Skipped);
        steps["b"].ShouldBe(StepStatus.NotConfigured);
        (await host.Database.QueryAsync<string>("SELECT step FROM toy_effects WHERE run_id = @run ORDER BY step", new { run })).ShouldBe([
            "c",
            "d",
            "e",
        ]);
    }

    [Fact]
    public async Task An_optional_failure_leaves_a_repair_task_until_it_succeeds()
    {
        var run = await host.StartAsync(node, "lenient", new ToyState { Faults = [new("e", "refuse", UpTo: 2)] });
        await host.BecomesAsync(run, SagaStatus.Degraded);
        (await host.EffectsAsync(run)).ShouldBe(["a", "b", "c", "d", "f"]);

        (await host.RetryAsync(node, run)).ShouldBeNull();
        await host.BecomesAsync(run, SagaStatus.Degraded);
        (await host.EffectsAsync(run)).ShouldBe(["a", "b", "c", "d", "f"], "a repair that fails again undoes nothing");

        (await host.RetryAsync(node, run, "e")).ShouldBeNull();
        await host.BecomesAsync(run, SagaStatus.Completed);
        (await host.EffectsAsync(run)).ShouldBe(["a", "b", "c", "d", "e", "f"]);
        (await host.RetryAsync(node, run)).ShouldBe(RunErrors.NotRetryable);
    }

    [Fact]
    public async Task An_undoing_that_fails_for_good_waits_in_the_dead_letter_and_can_be_repeated()
    {
        var faults = new List<ToyFault> { new("f", "refuse"), new("c", "refuse", UpTo: 1, Undo: true) };
        var run = await host.StartAsync(node, "toy", new ToyState { Faults = faults });
        await host.BecomesAsync(run, SagaStatus.Stuck);
        (await host.EffectsAsync(run)).ShouldBe(["a", "b", "c"], "in reverse, and not past the one that could not be undone");
        (await host.RetryAsync(node, run)).ShouldBeNull();
        await host.BecomesAsync(run, SagaStatus.Compensated);
        (await host.EffectsAsync(run)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stuck_run_can_be_given_up_with_a_reason()
    {
        var subject = Guid.NewGuid();
        var faults = new List<ToyFault> { new("f", "refuse"), new("c", "refuse", UpTo: 99, Undo: true) };
        var run = await host.StartAsync(node, "toy", new ToyState { Faults = faults }, new RunOrder(subject, "S-2"));
        await host.BecomesAsync(run, SagaStatus.Stuck);
        (await host.ActAsync(node, r => r.StartAsync("toy", new ToyState(), new RunOrder(subject, "S-2"), default))).Error.ShouldBe(
            RunErrors.SubjectBusy
        );
        (await host.ActAsync(node, r => r.GiveUpAsync(run, "The shelf burnt down.", default))).ShouldBeNull();
        (await host.StatusAsync(run)).ShouldBe(SagaStatus.GivenUp);
        (await host.ActAsync(node, r => r.StartAsync("toy", new ToyState(), new RunOrder(subject, "S-2"), default))).Error.ShouldBeNull();
        (
            await host.Database.ScalarAsync<int>(
                "SELECT count(*)::int FROM audit_log WHERE action = 'saga_run.give_up' AND entity_id = @id",
                new { id = run.ToString() }
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task A_run_undone_after_a_failure_is_done_again_under_fresh_keys()
    {
        var run = await host.StartAsync(node, "toy", new ToyState { Faults = [new("f", "refuse", UpTo: 1)] });
        await host.BecomesAsync(run, SagaStatus.Compensated);
        (await host.RetryAsync(node, run)).ShouldBeNull();
        await host.BecomesAsync(run, SagaStatus.Completed);
        (await host.EffectsAsync(run)).ShouldBe(["a", "b", "c", "d", "e", "f"]);
        (
            await host.Database.QueryAsync<string>(
                "SELECT key FROM toy_effects WHERE run_id = @run AND NOT undone ORDER BY key",
                new { run }
            )
        ).ShouldBe(
            [$"{run:N}:a:2", $"{run:N}:b:2", $"{run:N}:c:2", $"{run:N}:d:2", $"{run:N}:e:2", $"{run:N}:f"],
            "f was refused and never done, so its key is the first one"
        );
    }

    [Fact]
    public async Task A_cancelled_run_stops_before_its_next_step_and_is_undone()
    {
        var run = await host.StartAsync(node, "toy", new ToyState { Faults = [new("b", "busy", UpTo: 1)] }, Later(3600));
        (await host.ActAsync(node, r => r.CancelAsync(run, default))).ShouldBeNull();
        await host.BecomesAsync(run, SagaStatus.Compensated);
        (await host.Database.ScalarAsync<int>("SELECT count(*)::int FROM toy_effects WHERE run_id = @run", new { run })).ShouldBe(
            0,
            "it had not begun"
        );
        (await host.ActAsync(node, r => r.CancelAsync(run, default))).ShouldBe(RunErrors.Over);
        (await host.RetryAsync(node, run)).ShouldBe(RunErrors.NotRetryable);

        var hanging = await host.StartAsync(node, "toy", new ToyState { Faults = [new("e", "hang", UpTo: 99)] });
        await Harness.Eventually.IsTrueAsync(async () => (await host.StepsAsync(hanging))["e"] == StepStatus.Running, "e is being asked");
        (await host.ActAsync(node, r => r.CancelAsync(hanging, default))).ShouldBeNull();
        await host.BecomesAsync(hanging, SagaStatus.Compensated);
        (await host.EffectsAsync(hanging)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_subject_has_one_unfinished_run()
    {
        var subject = Guid.NewGuid();
        var holder = await HoldAsync(subject);
        (await TryStartAsync(subject)).Error.ShouldBe(RunErrors.SubjectBusy);
        await ReleaseAsync(holder);
        (await TryStartAsync(subject)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_ordered_for_later_leaves_its_subject_to_others_until_its_time()
    {
        var subject = Guid.NewGuid();
        var later = await host.StartAsync(node, "toy", new ToyState(), Later(3600, subject));
        var now = (await TryStartAsync(subject)).Value;
        await host.BecomesAsync(now, SagaStatus.Completed);
        (await host.StatusAsync(later)).ShouldBe(SagaStatus.Pending, "it is not to begin yet");
        // Its time comes.
        await host.Database.ExecuteAsync("UPDATE saga_runs SET not_before = now(), due_at = now() WHERE id = @later", new { later });
        await host.BecomesAsync(later, SagaStatus.Completed);
        (
            await host.Database.ScalarAsync<bool>("SELECT started_at >= not_before FROM saga_runs WHERE id = @later", new { later })
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task When_its_time_comes_and_another_run_has_the_subject_it_waits_and_says_for_whom()
    {
        var subject = Guid.NewGuid();
        var holder = await HoldAsync(subject);
        var later = await host.StartAsync(node, "toy", new ToyState(), Later(2, subject));
        await WaitsForAsync(later, holder);
        (await host.StatusAsync(later)).ShouldBe(SagaStatus.Pending);
        await ReleaseAsync(holder);
        await host.BecomesAsync(later, SagaStatus.Completed);
        (await host.Database.ScalarAsync<Guid?>("SELECT waits_for FROM saga_runs WHERE id = @later", new { later })).ShouldBeNull();
    }

    [Fact]
    public async Task Of_two_ordered_for_later_the_one_with_the_earlier_time_goes_first()
    {
        var subject = Guid.NewGuid();
        var holder = await HoldAsync(subject);
        var now = DateTimeOffset.UtcNow;
        var second = await host.StartAsync(node, "toy", new ToyState(), new(subject, "S-4", NotBefore: now.AddSeconds(2.5)));
        var first = await host.StartAsync(node, "toy", new ToyState(), new(subject, "S-4", NotBefore: now.AddSeconds(2)));
        await WaitsForAsync(first, holder);
        // The second comes to its turn sooner than the first comes again, and leaves it the turn all the same.
        await host.Database.ExecuteAsync("UPDATE saga_runs SET due_at = due_at + interval '4 seconds' WHERE id = @first", new { first });
        await ReleaseAsync(holder);
        await WaitsForAsync(second, first);
        await host.BecomesAsync(second, SagaStatus.Completed, seconds: 40);
        (
            await host.Database.ScalarAsync<bool>(
                "SELECT f.finished_at <= s.started_at FROM saga_runs f, saga_runs s WHERE f.id = @first AND s.id = @second",
                new { first, second }
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task What_waits_for_its_turn_can_be_cancelled_while_another_run_has_the_subject()
    {
        var subject = Guid.NewGuid();
        var holder = await HoldAsync(subject);
        var later = await host.StartAsync(node, "toy", new ToyState(), Later(3600, subject));
        (await host.ActAsync(node, r => r.CancelAsync(later, default))).ShouldBeNull();
        await host.BecomesAsync(later, SagaStatus.Compensated);
        (await host.StatusAsync(holder)).ShouldBe(SagaStatus.Pending);
        await ReleaseAsync(holder);
    }

    [Fact]
    public async Task The_end_of_a_subject_cancels_what_was_ordered_for_later_and_gives_repair_tasks_up()
    {
        var subject = Guid.NewGuid();
        var repair = await host.StartAsync(
            node,
            "lenient",
            new ToyState { Faults = [new("e", "refuse", 99)] },
            new RunOrder(subject, "S-3")
        );
        await host.BecomesAsync(repair, SagaStatus.Degraded);
        var later = await host.StartAsync(node, "toy", new ToyState(), Later(3600, subject));
        var closed = await host.ActAsync(node, r => r.CloseSubjectAsync(subject, "It moved away.", default));
        closed.Select(c => (c.Id, c.Status)).ShouldBe([(repair, SagaStatus.GivenUp), (later, SagaStatus.Compensated)], ignoreOrder: true);
        (
            await host.Database.QueryAsync<string>(
                "SELECT status || ' ' || error_code || ' ' || closed_by || ' ' || closed_reason FROM saga_runs WHERE subject_id = @subject ORDER BY status",
                new { subject }
            )
        ).ShouldBe([$"5 run.cancelled {SagaFixture.Starter} It moved away.", $"7 toy.refused {SagaFixture.Starter} It moved away."]);
        (await host.RetryAsync(node, later)).ShouldBe(RunErrors.NotRetryable);
        (await host.RetryAsync(node, repair)).ShouldBe(RunErrors.NotRetryable);
    }

    /// <summary>A run that has the subject until it is released: no worker here knows its version.</summary>
    private async Task<Guid> HoldAsync(Guid subject)
    {
        await using var other = host.Node(Toy.V2);
        return await host.StartAsync(other, "toy", new ToyState(), new RunOrder(subject, "S-3"));
    }

    private Task ReleaseAsync(Guid holder) =>
        host.Database.ExecuteAsync("UPDATE saga_runs SET status = 2, finished_at = clock_timestamp() WHERE id = @holder", new { holder });

    private Task WaitsForAsync(Guid run, Guid other) =>
        Harness.Eventually.IsTrueAsync(
            async () => await host.Database.ScalarAsync<Guid?>("SELECT waits_for FROM saga_runs WHERE id = @run", new { run }) == other,
            "it says for whom it waits",
            TimeSpan.FromSeconds(30)
        );

    private Task<Kernel.Results.Result<Guid>> TryStartAsync(Guid subject) =>
        host.ActAsync(node, r => r.StartAsync("toy", new ToyState(), new RunOrder(subject, "S-3"), default));

    private static RunOrder Later(double seconds, Guid? subject = null) =>
        new(subject ?? Guid.NewGuid(), "S-4", NotBefore: DateTimeOffset.UtcNow.AddSeconds(seconds));
}
