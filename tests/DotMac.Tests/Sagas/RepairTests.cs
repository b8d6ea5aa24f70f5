using DotMac.Kernel.Sagas;

namespace DotMac.Tests.Sagas;

/// <summary>What a repair does again: what failed, and what asks anew whether it is wanted or writes down what came of it.</summary>
public sealed class RepairTests
{
    private static readonly SagaDefinition Definition = SagaDefinition.Of<object>(
        "mend",
        1,
        SagaStep.Of<object>("confirm", "here") with
        {
            RepeatsWithRepair = true,
        },
        SagaStep.Of<object>("before", "here"),
        SagaStep.Of<object>("fragile", "there") with
        {
            IsRequired = false,
        },
        SagaStep.Of<object>("after", "here"),
        SagaStep.Of<object>("finish", "here") with
        {
            RepeatsWithRepair = true,
        }
    );

    [Fact]
    public void A_repair_asks_again_and_writes_down_again_but_repeats_no_other_step_that_is_done()
    {
        var steps = Definition
            .Steps.Select(
                (s, i) =>
                    new StepRecord
                    {
                        Seq = (short)i,
                        Name = s.Name,
                        Status = s.Name == "fragile" ? StepStatus.Failed : StepStatus.Done,
                    }
            )
            .ToList();
        var run = new RunRecord(Definition, steps)
        {
            TenantId = Guid.NewGuid(),
            Id = Guid.NewGuid(),
            StartedBy = "somebody",
            Input = "{}",
            State = "{}",
            Status = SagaStatus.Degraded,
        };

        run.Retry(null, DateTimeOffset.UnixEpoch).ShouldBeNull();

        steps.Where(s => s.Status == StepStatus.Waiting).Select(s => s.Name).ShouldBe(["confirm", "fragile", "finish"]);
    }
}
