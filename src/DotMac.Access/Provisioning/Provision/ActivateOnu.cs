using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>Step 7: the ONU carries the service, with its VLANs and rates.</summary>
internal sealed class ActivateOnu(Drivers drivers) : ISagaAction<ProvisionState>
{
    private IPonController? pon;

    public async ValueTask<bool> CallsOutAsync(ProvisionState state, CancellationToken ct)
    {
        pon = await drivers.ForAsync<IPonController>(ct);
        return pon.CallsOut && state.OnuSerial is not null;
    }

    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        if (state.OnuSerial is null)
        {
            return state.Note(step, StepResult.Skip("No ONU was ordered."));
        }

        var order = OrderOf(state, step.DoKey);
        var answer = await pon!.ActivateAsync(order, ct);
        if (answer.Fault is { } fault)
        {
            return fault.ToStep();
        }

        if (!answer.IsConfigured)
        {
            return state.Note(step, StepResult.NoDriver("PON controller"));
        }

        var onu = answer.Value!;
        state.Onu = new ProvisionedOnu(onu.Serial, onu.Id, onu.OltName, onu.PonPort, onu.IsSimulated);
        return state.Note(step, StepResult.Ok(onu, onu.IsSimulated ? "The OLT is simulated." : null));
    }

    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct) =>
        state.OnuSerial is null
            ? StepResult.Skip("No ONU was ordered.")
            : (await pon!.RemoveAsync(step.Key, state.OnuSerial, state.SubscriberId, ct)).ToUndone("PON controller");

    public static OnuOrder OrderOf(ProvisionState state, string key) =>
        new(
            key,
            state.OnuSerial!,
            state.SubscriberId,
            state.Number!,
            state.Facts!.ServiceVlan,
            state.Facts.InnerVlan,
            state.Plan!.DownKbps,
            state.Plan.UpKbps
        );
}
