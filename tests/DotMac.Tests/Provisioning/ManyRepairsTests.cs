using DotMac.Access.Provisioning.Reconciliation;
using DotMac.Kernel.Sagas;

namespace DotMac.Tests.Provisioning;

/// <summary>What may be asked for in one repair of many, and what each of its runs is called.</summary>
public sealed class ManyRepairsTests
{
    [Fact]
    public void All_faults_are_told_at_once()
    {
        var id = Guid.NewGuid();
        var fault = RepairFindings.Fault([new(id, "t"), new(id), new(Guid.NewGuid(), "")]);
        fault!
            .Faults!.Select(f => (f.Field, f.Code))
            .ShouldBe([("findings[1].id", "duplicate"), ("findings[1].token", "required"), ("findings[2].token", "required")]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public void As_many_as_one_go_takes(int many, bool fits) =>
        (RepairFindings.Fault([.. Enumerable.Range(0, many).Select(_ => new RepairFindings.Chosen(Guid.NewGuid(), "t"))]) is null).ShouldBe(
            fits
        );

    [Theory]
    [InlineData(SagaStatus.Pending, null, false, "Waiting")]
    [InlineData(SagaStatus.Pending, StepStatus.Waiting, true, "Running")]
    [InlineData(SagaStatus.Running, StepStatus.Running, true, "Running")]
    [InlineData(SagaStatus.Completed, StepStatus.Done, true, "Repaired")]
    [InlineData(SagaStatus.Completed, StepStatus.Skipped, true, "Gone")]
    [InlineData(SagaStatus.Compensated, StepStatus.Failed, true, "Failed")]
    [InlineData(SagaStatus.Stuck, StepStatus.Running, true, "Failed")]
    [InlineData(SagaStatus.GivenUp, StepStatus.Failed, true, "Failed")]
    public void What_a_run_makes_of_its_finding(SagaStatus run, StepStatus? apply, bool hasBegun, string state) =>
        GetRepairs.StateOf(run, apply, hasBegun).ToString().ShouldBe(state);
}
