using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>Step 3: the OLT forgets the ONU. Undone, it carries the service again as before.</summary>
internal sealed class DeleteOnu(Drivers drivers) : ISagaAction<DeprovisionState>
{
    private IPonController? pon;

    public async ValueTask<bool> CallsOutAsync(DeprovisionState state, CancellationToken ct)
    {
        pon = await drivers.ForAsync<IPonController>(ct);
        return pon.CallsOut && state.Before!.OnuSerial is not null;
    }

    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        if (state.Before!.OnuSerial is not { } serial)
        {
            return state.Note(step, StepResult.Skip("It had no ONU."));
        }

        var answer = await pon!.RemoveAsync(step.Key, serial, state.SubscriberId, ct);
        return answer.Fault is { } fault ? fault.ToStep()
            : answer.IsConfigured ? state.Note(step, StepResult.Ok(new { serial }))
            : state.Note(step, StepResult.NoDriver("PON controller"));
    }

    public async Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        if (state.Before!.OnuSerial is not { } serial)
        {
            return StepResult.Skip("It had no ONU.");
        }

        var before = state.Before;
        var order = new OnuOrder(
            step.Key,
            serial,
            state.SubscriberId,
            state.Number,
            before.Facts?.ServiceVlan,
            before.Facts?.InnerVlan,
            before.DownKbps,
            before.UpKbps
        );
        return (await pon!.ActivateAsync(order, ct)).ToUndone("PON controller");
    }
}
