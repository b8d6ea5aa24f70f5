using DotMac.Kernel.Sagas;

namespace DotMac.Tests.Sagas;

/// <summary>Runs are leased by the clock of the database; a worker whose own is behind carries them on all the same.</summary>
public sealed class LeasedRunTests
{
    private static readonly DateTimeOffset Here = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(30)]
    [InlineData(0)]
    [InlineData(-30)]
    public void What_was_leased_is_due_whatever_this_nodes_clock_says(int secondsAhead)
    {
        var due = Here.AddSeconds(secondsAhead);
        var run = Run(due);
        run.Leased(Here);
        run.DueAt.ShouldBeLessThanOrEqualTo(Here, "it is carried on now");
        run.DueAt.ShouldBe(secondsAhead > 0 ? Here : due, "and waits no longer than it did");
        run.Next(Here).Move.ShouldBe(Move.Do);
    }

    private static RunRecord Run(DateTimeOffset due) =>
        new(SagaDefinition.Of<object>("one", 1, SagaStep.Of<object>("step", "here")), [new StepRecord { Seq = 0, Name = "step" }])
        {
            TenantId = Guid.NewGuid(),
            Id = Guid.NewGuid(),
            StartedBy = "somebody",
            Input = "{}",
            State = "{}",
            DueAt = due,
        };
}
