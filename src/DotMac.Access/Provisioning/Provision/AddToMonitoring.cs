using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>Step 10: the line is watched. Optional.</summary>
internal sealed class AddToMonitoring(Drivers drivers) : ISagaAction<ProvisionState>
{
    private IMonitoring? monitoring;

    public async ValueTask<bool> CallsOutAsync(ProvisionState state, CancellationToken ct)
    {
        monitoring = await drivers.ForAsync<IMonitoring>(ct);
        return monitoring.CallsOut;
    }

    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        var line = state.Facts!;
        var order = new WatchOrder(
            step.DoKey,
            state.SubscriberId,
            state.Number!,
            line.StaticIpv4 ?? line.StaticIpv6,
            state.OnuSerial,
            line.SiteId
        );
        var answer = await monitoring!.WatchAsync(order, ct);
        if (answer.Fault is { } fault)
        {
            return fault.ToStep();
        }

        if (!answer.IsConfigured)
        {
            return state.Note(step, StepResult.NoDriver("monitoring"));
        }

        state.MonitoringId = answer.Value;
        return state.Note(step, StepResult.Ok(new { state.MonitoringId }));
    }

    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct) =>
        (await monitoring!.UnwatchAsync(step.DoKey, state.SubscriberId, ct)).ToUndone("monitoring");
}
