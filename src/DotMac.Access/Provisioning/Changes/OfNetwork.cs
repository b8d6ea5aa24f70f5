using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>A step of a change of network inside a change of plan: the VLAN that the new plan brings. Where it brings none, nothing is done.</summary>
internal sealed class OfNetwork<TStep>(TStep inner) : ISagaAction<PlanChange>
    where TStep : class, ISagaAction<NetworkChange>
{
    public async ValueTask<bool> CallsOutAsync(PlanChange state, CancellationToken ct) =>
        state.Network is { } network && await ((ISagaAction<NetworkChange>)inner).CallsOutAsync(network, ct);

    public async Task<StepResult> RunAsync(PlanChange state, StepContext step, CancellationToken ct) =>
        state.Network is { } network ? await inner.RunAsync(network, step, ct) : StepResult.Skip("The line keeps its VLAN.");

    public async Task<StepResult> UndoAsync(PlanChange state, StepContext step, CancellationToken ct) =>
        state.Network is { } network ? await inner.UndoAsync(network, step, ct) : StepResult.Ok();
}
