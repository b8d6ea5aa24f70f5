using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>Step 5: the line is watched no more: nobody is woken by its end. Optional.</summary>
internal sealed class RemoveFromMonitoring(Drivers drivers) : ISagaAction<DeprovisionState>
{
    private IMonitoring? monitoring;

    public async ValueTask<bool> CallsOutAsync(DeprovisionState state, CancellationToken ct)
    {
        monitoring = await drivers.ForAsync<IMonitoring>(ct);
        return monitoring.CallsOut;
    }

    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        var answer = await monitoring!.UnwatchAsync(step.Key, state.SubscriberId, ct);
        return answer.Fault is { } fault ? fault.ToStep()
            : answer.IsConfigured ? StepResult.Ok()
            : StepResult.NoDriver("monitoring");
    }

    public async Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        var line = state.Before!.Facts;
        var order = new WatchOrder(
            step.Key,
            state.SubscriberId,
            state.Number,
            line?.StaticIpv4 ?? line?.StaticIpv6,
            state.Before.OnuSerial,
            line?.SiteId
        );
        return (await monitoring!.WatchAsync(order, ct)).ToUndone("monitoring");
    }
}
