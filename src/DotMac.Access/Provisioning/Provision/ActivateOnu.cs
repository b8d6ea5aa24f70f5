using DotMac.Access.NetworkProfiles;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>Step 7: the ONU carries the service, with its VLANs and rates.</summary>
internal sealed class ActivateOnu(Drivers drivers, ITenantFlags flags) : ISagaAction<ProvisionState>
{
    private IPonController? pon;
    private TenantFlags tenantFlags = TenantFlags.Default;

    public async ValueTask<bool> CallsOutAsync(ProvisionState state, CancellationToken ct)
    {
        pon = await drivers.ForAsync<IPonController>(ct);
        tenantFlags = await flags.ReadAsync(ct);
        return pon.CallsOut && state.OnuSerial is not null;
    }

    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        if (state.OnuSerial is null)
        {
            return state.Note(step, StepResult.Skip("No ONU was ordered."));
        }

        var answer = await pon!.ActivateAsync(OrderOf(state, step.DoKey), ct);
        if (answer.Fault is { } fault)
        {
            return fault.ToStep();
        }

        if (!answer.IsConfigured)
        {
            return state.Note(step, StepResult.NoDriver("PON controller"));
        }

        var onu = answer.Value!;
        state.Onu = ProvisionedOnu.Of(onu);
        return state.Note(step, StepResult.Ok(onu, onu.IsSimulated ? "The OLT is simulated." : null));
    }

    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct) =>
        state.OnuSerial is null
            ? StepResult.Skip("No ONU was ordered.")
            : (await pon!.RemoveAsync(step.Key, state.OnuSerial, state.SubscriberId, ct)).ToUndone("PON controller");

    private OnuOrder OrderOf(ProvisionState state, string key)
    {
        var (service, inner) = state.Facts!.VlansInForce(tenantFlags);
        return new(key, state.OnuSerial!, state.SubscriberId, state.Number!, service, inner, state.Plan!.DownKbps, state.Plan.UpKbps);
    }
}
