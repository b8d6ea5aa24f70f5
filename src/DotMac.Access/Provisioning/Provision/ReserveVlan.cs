using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>Step 5: the line's VLAN, from a pool when one is asked for; one that is given the address plan is told.</summary>
internal sealed class ReserveVlan(Drivers drivers, ITenantFlags flags) : ISagaAction<ProvisionState>
{
    private IAddressPlan? plan;
    private TenantFlags tenantFlags = TenantFlags.Default;

    public async ValueTask<bool> CallsOutAsync(ProvisionState state, CancellationToken ct)
    {
        plan = await drivers.ForAsync<IAddressPlan>(ct);
        tenantFlags = await flags.ReadAsync(ct);
        return plan.CallsOut && OrderOf(state.Facts!, tenantFlags, "", state.SubscriberId, "") is not null;
    }

    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        if (OrderOf(state.Facts!, tenantFlags, step.DoKey, state.SubscriberId, state.Number!) is not { } order)
        {
            return state.Note(step, StepResult.Skip("No VLAN was asked for."));
        }

        var answer = await plan!.ReserveVlanAsync(order, ct);
        if (answer.Fault is { } fault)
        {
            return fault.ToStep();
        }

        if (!answer.IsConfigured)
        {
            return state.Note(step, StepResult.NoDriver("address plan"));
        }

        state.Vlan = answer.Value;
        return state.Note(step, StepResult.Ok(state.Vlan));
    }

    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct) =>
        (await plan!.ReleaseVlanAsync(step.DoKey, state.SubscriberId, ct)).ToUndone("address plan");

    /// <summary>Null when the line has no VLAN. With ENABLE_QINQ_PROVISIONING off there is no inner one.</summary>
    public static VlanOrder? OrderOf(LineFacts line, TenantFlags flags, string key, Guid owner, string label)
    {
        if (line.ServiceVlan is null && line.VlanPool is null)
        {
            return null;
        }

        var isQinQ = line.QinqEnabled && flags.IsOn(TenantFlag.QinqProvisioning);
        return new VlanOrder(key, owner, label, line.VlanPool, isQinQ, line.ServiceVlan, isQinQ ? line.InnerVlan : null, line.SiteId);
    }
}
