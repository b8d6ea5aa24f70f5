using DotMac.Kernel.Data;
using DotMac.Kernel.Jobs;
using DotMac.Kernel.Sagas;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Platform.Audit;

/// <summary>The job <c>verify_audit</c>: looks whether the audit trail is as it was written. A broken chain fails the run, and is seen.</summary>
internal static class VerifyAuditJob
{
    private const string Name = "verify_audit";

    public static readonly JobKind Kind = JobKind.Of(
        Name,
        "Verifies the hash chain of the audit trail. No parameters.",
        new Parameters(),
        (services, _, order, ct) => services.GetRequiredService<ISagaRuns>().StartAsync(Name, new State(), order, ct)
    );

    public static readonly SagaDefinition Definition = SagaDefinition.Of<State>(
        Name,
        1,
        SagaStep.Of<Verify>("verify", "audit") with
        {
            Timeout = TimeSpan.FromMinutes(10),
            TakesLong = true,
        }
    );

    internal sealed record Parameters;

    internal sealed record State;

    internal sealed class Verify(UnitOfWork work) : ISagaAction<State>
    {
        public async Task<StepResult> RunAsync(State state, StepContext step, CancellationToken ct)
        {
            var report = await AuditVerification.VerifyAsync(work.Connection, work.Transaction, step.TenantId, "", ct);
            return report.Ok
                ? StepResult.Ok(new { report.Checked, report.Head })
                : StepResult.Fail("audit.chain_broken", $"The audit trail was changed at entry {report.FirstBadSeq}.");
        }

        public Task<StepResult> UndoAsync(State state, StepContext step, CancellationToken ct) => Task.FromResult(StepResult.Ok());
    }
}
