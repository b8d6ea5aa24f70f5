using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>Step 7: the service is charged for no more; what is open becomes the final invoice. Undone, it is as if it had never ended: paused if it was.</summary>
internal sealed class StopBilling(Drivers drivers, TimeProvider clock) : ISagaAction<DeprovisionState>
{
    private IServiceBilling? billing;

    public async ValueTask<bool> CallsOutAsync(DeprovisionState state, CancellationToken ct)
    {
        billing = await drivers.ForAsync<IServiceBilling>(ct);
        return billing.CallsOut;
    }

    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        var at = clock.GetUtcNow();
        var answer = await billing!.StopAsync(step.DoKey, state.ServiceId, at, ct);
        return answer.Fault is { } fault ? fault.ToStep()
            : answer.IsConfigured ? state.Note(step, StepResult.Ok(new { stopped_at = at }))
            : state.Note(step, StepResult.NoDriver("billing system"));
    }

    public async Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct) =>
        (await billing!.VoidAsync(step.DoKey, ct)).ToUndone("billing system");
}
