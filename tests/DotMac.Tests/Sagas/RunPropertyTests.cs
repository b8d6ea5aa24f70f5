using DotMac.Kernel.Sagas;
using FsCheck;
using FsCheck.Fluent;

namespace DotMac.Tests.Sagas;

/// <summary>Random definitions with random failures, and a worker that dies at random points: every run ends done, or undone to the last step.</summary>
public sealed class RunPropertyTests
{
    private static readonly Config Repeatable = Config
        .QuickThrowOnFailure.WithMaxTest(5_000)
        .WithReplay(new Replay(new Rnd(20_261_121, 41), null));

    private static readonly Gen<Fate> Fates = Gen.Frequency(
        (6, Gen.Constant(Fate.Done)),
        (3, Gen.Constant(Fate.Busy)),
        (1, Gen.Constant(Fate.Refused)),
        (2, Gen.Constant(Fate.Lost))
    );

    private static readonly Gen<Fate> Undoings = Gen.Frequency(
        (8, Gen.Constant(Fate.Done)),
        (2, Gen.Constant(Fate.Busy)),
        (1, Gen.Constant(Fate.Lost))
    );

    private static readonly Gen<PretendStep> Steps =
        from callsOut in Gen.Elements(true, false)
        from required in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        from retries in Gen.Choose(0, 2)
        from absence in Gen.Frequency((8, Gen.Constant(0)), (1, Gen.Constant(1)), (1, Gen.Constant(2)))
        from doing in Fates.ListOf()
        from undoing in Undoings.ListOf()
        from always in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new PretendStep(callsOut, required, retries, absence, [.. doing.Take(4)], [.. undoing.Take(3)], always);

    private static readonly Gen<PretendCase> Cases =
        from count in Gen.Choose(1, 7)
        from steps in Steps.ListOf(count)
        from crashes in Gen.Choose(1, 60).ListOf()
        from cancel in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(1, 40)))
        select new PretendCase([.. steps], new HashSet<int>(crashes), cancel);

    [Fact]
    public void Any_run_ends_done_or_undone_wherever_its_worker_died() =>
        Prop.ForAll(
                Cases.ToArbitrary(),
                told =>
                {
                    var world = new PretendWorld(told);
                    return world.Run() && IsWhole(world, told);
                }
            )
            .Check(Repeatable);

    [Fact]
    public void What_is_tried_again_ends_whole_too() =>
        Prop.ForAll(
                Cases.ToArbitrary(),
                told =>
                {
                    var world = new PretendWorld(told);
                    for (var again = 0; again < 6; again++)
                    {
                        if (!world.Run() || !IsWhole(world, told))
                        {
                            return false;
                        }

                        if (world.Retry(null) is { } refusal)
                        {
                            // What cannot be tried again is done, or undone because somebody wanted it so.
                            return refusal == "run.not_retryable"
                                && (world.Status == SagaStatus.Completed || (world.Status == SagaStatus.Compensated && told.CancelAt > 0));
                        }
                    }

                    return true;
                }
            )
            .Check(Repeatable);

    [Fact]
    public void A_broken_engine_would_be_seen()
    {
        // The check itself must be able to fail: a step that stands twice, or at all in a run that was undone, is no whole run.
        var told = new PretendCase([new PretendStep(true, true, 0, 0, [], [])], new HashSet<int>(), 0);
        IsWhole(SagaStatus.Compensated, [StepStatus.Undone], _ => 1, told).ShouldBeFalse();
        IsWhole(SagaStatus.Completed, [StepStatus.Done], _ => 2, told).ShouldBeFalse();
        IsWhole(SagaStatus.Completed, [StepStatus.Done], _ => 0, told).ShouldBeFalse();
        IsWhole(SagaStatus.Completed, [StepStatus.Done], _ => 1, told).ShouldBeTrue();
        var tells = told with { Steps = [told.Steps[0] with { IsAlwaysUndone = true }] };
        IsWhole(SagaStatus.Compensated, [StepStatus.Waiting], _ => 0, told).ShouldBeTrue();
        IsWhole(SagaStatus.Compensated, [StepStatus.Waiting], _ => 0, tells).ShouldBeFalse();
    }

    private static bool IsWhole(PretendWorld world, PretendCase told) =>
        IsWhole(world.Status, [.. told.Steps.Select((_, i) => world.StatusOf(i))], world.Live, told);

    private static bool IsWhole(SagaStatus status, IReadOnlyList<StepStatus> steps, Func<int, int> live, PretendCase told)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var whole = (status, steps[i]) switch
            {
                (SagaStatus.Compensated, var came) => live(i) == 0 && (!told.Steps[i].IsAlwaysUndone || came == StepStatus.Undone),
                (SagaStatus.Stuck, _) => live(i) <= 1,
                (_, StepStatus.Done) => live(i) == 1,
                // An optional step whose far system did it all the same: the repair task finds it done under its key.
                (SagaStatus.Degraded, StepStatus.Failed) => !told.Steps[i].IsRequired && live(i) <= (told.Steps[i].CallsOut ? 1 : 0),
                (_, StepStatus.Skipped or StepStatus.NotConfigured) => live(i) == 0,
                _ => false,
            };
            if (!whole)
            {
                return false;
            }
        }

        return status is SagaStatus.Completed or SagaStatus.Degraded or SagaStatus.Compensated or SagaStatus.Stuck;
    }
}
