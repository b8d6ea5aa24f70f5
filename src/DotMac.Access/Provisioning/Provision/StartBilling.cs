using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>Step 9: the service is charged for from now on.</summary>
internal sealed class StartBilling(Drivers drivers, TimeProvider clock) : ISagaAction<ProvisionState>
{
    private IServiceBilling? billing;

    public async ValueTask<bool> CallsOutAsync(ProvisionState state, CancellationToken ct)
    {
        billing = await drivers.ForAsync<IServiceBilling>(ct);
        return billing.CallsOut;
    }

    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        var order = new ChargeOrder(step.DoKey, state.ServiceId, state.SubscriberId, state.CustomerId, state.PlanId, clock.GetUtcNow());
        var answer = await billing!.StartAsync(order, ct);
        return answer.Fault is { } fault ? fault.ToStep()
            : answer.IsConfigured ? state.Note(step, StepResult.Ok(order))
            : state.Note(step, StepResult.NoDriver("billing system"));
    }

    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct) =>
        (await billing!.VoidAsync(step.DoKey, ct)).ToUndone("billing system");
}
