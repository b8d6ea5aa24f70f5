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
        if (state.ServiceId is null)
        {
            return false;
        }

        billing = await drivers.ForAsync<IServiceBilling>(ct);
        return billing.CallsOut;
    }

    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        if (state.ServiceId is not { } service)
        {
            return StepResult.Skip("Nothing is charged for: there is no service.");
        }

        var at = clock.GetUtcNow();
        var answer = await billing!.StopAsync(step.DoKey, service, at, ct);
        return answer.Fault is { } fault ? fault.ToStep()
            : answer.IsConfigured ? StepResult.Ok(new { stopped_at = at })
            : StepResult.NoDriver("billing system");
    }

    public async Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct) =>
        state.ServiceId is null ? StepResult.Ok() : (await billing!.VoidAsync(step.DoKey, ct)).ToUndone("billing system");
}
