using DotMac.Access.NetworkProfiles;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>A step of the address plan.</summary>
internal abstract class PlanStep(Drivers drivers) : ISagaAction<NetworkChange>
{
    protected const string Role = "address plan";

    protected IAddressPlan Plan { get; private set; } = null!;

    public virtual async ValueTask<bool> CallsOutAsync(NetworkChange state, CancellationToken ct)
    {
        Plan = await drivers.ForAsync<IAddressPlan>(ct);
        return Plan.CallsOut;
    }

    public abstract Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct);

    public abstract Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct);

    protected static string KeyOf(string stepKey, AddressKind kind) => Provision.AllocateAddresses.KeyOf(stepKey, kind);
}

/// <summary>What the line holds of the kinds that change: it is given back at the end.</summary>
internal sealed class ReadHoldings(Drivers drivers) : PlanStep(drivers)
{
    public override async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        if (state.Addresses.Count == 0 && state.Vlan is null)
        {
            return StepResult.Skip("No address and no VLAN changes.");
        }

        var held = await Plan.HeldByAsync(state.SubscriberId, ct);
        if (held.Fault is { } fault)
        {
            return fault.ToStep();
        }

        if (!held.IsConfigured)
        {
            return StepResult.NoDriver(Role);
        }

        state.OldAddresses = [.. held.Value!.Addresses.Where(a => state.Addresses.Any(w => w.Kind == a.Kind))];
        state.OldVlan = state.Vlan is not null && held.Value.Vlans.Count > 0 ? held.Value.Vlans[0] : null;
        return StepResult.Ok(new { state.OldAddresses, state.OldVlan });
    }

    public override Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Ok());
}

/// <summary>The new addresses, held by the change itself while the line still has the old ones.</summary>
internal sealed class TakeAddresses(Drivers drivers, ITenantFlags flags) : PlanStep(drivers)
{
    private TenantFlags tenantFlags = TenantFlags.Default;

    public override async ValueTask<bool> CallsOutAsync(NetworkChange state, CancellationToken ct)
    {
        tenantFlags = await flags.ReadAsync(ct);
        return await base.CallsOutAsync(state, ct);
    }

    public override async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        if (state.Addresses.Count == 0)
        {
            return StepResult.Skip("No address changes.");
        }

        var site = state.Place?.SiteId ?? state.Before!.SiteId;
        foreach (var wish in state.Addresses)
        {
            var need = wish.ToNeed(state.Before!.Ipv6Mode);
            var answer = await Plan.AllocateAsync(need.ToOrder(KeyOf(step.DoKey, wish.Kind), state.Holder, state.Number, site), ct);
            if (!answer.IsConfigured)
            {
                return StepResult.NoDriver(Role);
            }

            if ((answer.Fault ?? need.Refusal(answer.Value!, tenantFlags)) is { } fault)
            {
                return await GiveBackAsync(state, step, fault, ct);
            }

            state.NewAddresses.RemoveAll(h => h.Kind == wish.Kind);
            state.NewAddresses.Add(answer.Value!);
        }

        return StepResult.Ok(new { state.NewAddresses });
    }

    public override async Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        foreach (var wish in state.Addresses)
        {
            var answer = await Plan.ReleaseAsync(KeyOf(step.DoKey, wish.Kind), state.Holder, ct);
            if (answer.Fault is not null || !answer.IsConfigured)
            {
                return answer.ToUndone(Role);
            }
        }

        return StepResult.Ok();
    }

    /// <summary>Inside the database the attempt is rolled back; a plan outside gets back now what it gave before the fault.</summary>
    private async Task<StepResult> GiveBackAsync(NetworkChange state, StepContext step, RoleFault fault, CancellationToken ct)
    {
        if (Plan.CallsOut && !fault.MayPass)
        {
            await UndoAsync(state, step, ct);
        }

        return fault.ToStep();
    }
}

/// <summary>The new VLAN, held by the change itself.</summary>
internal sealed class TakeVlan(Drivers drivers, ITenantFlags flags) : PlanStep(drivers)
{
    private TenantFlags tenantFlags = TenantFlags.Default;

    public override async ValueTask<bool> CallsOutAsync(NetworkChange state, CancellationToken ct)
    {
        tenantFlags = await flags.ReadAsync(ct);
        return await base.CallsOutAsync(state, ct);
    }

    public override async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        if (state.Vlan is not { } wish)
        {
            return StepResult.Skip("No VLAN changes.");
        }

        // With ENABLE_QINQ_PROVISIONING off there is no inner one.
        var isQinQ = wish.IsQinQ == true && tenantFlags.IsOn(TenantFlag.QinqProvisioning);
        var order = new VlanOrder(
            step.DoKey,
            state.Holder,
            state.Number,
            wish.Pool,
            isQinQ,
            wish.ServiceVlan,
            isQinQ ? wish.InnerVlan : null,
            state.Place?.SiteId ?? state.Before!.SiteId
        );
        var answer = await Plan.ReserveVlanAsync(order, ct);
        if (answer.Fault is { } fault)
        {
            return fault.ToStep();
        }

        state.NewVlan = answer.Value;
        return answer.IsConfigured ? StepResult.Ok(state.NewVlan) : StepResult.NoDriver(Role);
    }

    public override async Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        state.Vlan is null ? StepResult.Ok() : (await Plan.ReleaseVlanAsync(step.DoKey, state.Holder, ct)).ToUndone(Role);
}

/// <summary>
/// The old goes back to the plan, and the new becomes the line's own. Until this is done the change holds the new for the line. Repaired after
/// another change has given the line yet another one, it gives its own back.
/// </summary>
internal sealed class GiveBackOld(Drivers drivers, ILineProfiles lines) : PlanStep(drivers)
{
    private LineProfile? profile;

    private LineFacts? Line => profile?.Facts;

    public override async ValueTask<bool> CallsOutAsync(NetworkChange state, CancellationToken ct)
    {
        profile = await lines.FindAsync(state.SubscriberId, ct);
        return await base.CallsOutAsync(state, ct);
    }

    public override async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        if (state.NewAddresses.Count == 0 && state.NewVlan is null)
        {
            return StepResult.Skip("Nothing was allocated.");
        }

        foreach (var held in state.NewAddresses)
        {
            var fault = await TurnAsync(state, held, ct);
            if (fault is not null)
            {
                return fault.ToStep();
            }
        }

        if (state.NewVlan is { } vlan)
        {
            if (state.OldVlan is { } old && (await Plan.ReleaseVlanAsync(old.Key, state.SubscriberId, ct)).Fault is { } kept)
            {
                return kept.ToStep();
            }

            var turned =
                Line?.ServiceVlan == vlan.ServiceVlan && Line?.InnerVlan == vlan.InnerVlan
                    ? await Plan.HandOverVlanAsync(vlan.Key, state.Holder, state.SubscriberId, state.Number, ct)
                    : await Plan.ReleaseVlanAsync(vlan.Key, state.Holder, ct);
            if (turned.Fault is { } fault)
            {
                return fault.ToStep();
            }
        }

        return StepResult.Ok(new { released = state.OldAddresses.Select(a => a.Network), state.OldVlan });
    }

    /// <summary>A line that works on the new is not taken back: nothing comes after it.</summary>
    public override Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        Task.FromResult(
            StepResult.Fail("change.handed_over", "The old addresses are another's by now, perhaps. Change the line again instead.")
        );

    private async Task<RoleFault?> TurnAsync(NetworkChange state, HeldAddress held, CancellationToken ct)
    {
        foreach (var old in state.OldAddresses.Where(o => o.Kind == held.Kind))
        {
            if ((await Plan.ReleaseAsync(old.Key, state.SubscriberId, ct)).Fault is { } kept)
            {
                return kept;
            }
        }

        if (Line?.Has(held) != true)
        {
            return (await Plan.ReleaseAsync(held.Key, state.Holder, ct)).Fault;
        }

        var fault = (await Plan.HandOverAsync(held.Key, state.Holder, state.SubscriberId, state.Number, ct)).Fault;
        // In the plan's books it is where it is in the profile's.
        var now = held.Kind == AddressKind.Ipv4 ? profile!.Ipv4State : profile!.Ipv6State;
        foreach (var to in AddressState.Allocated.PathTo(NetworkChange.IsLiving(now) ? now : AddressState.Active))
        {
            fault ??= (await Plan.MoveAsync(state.SubscriberId, held.Kind, to, ct)).Fault;
        }

        return fault;
    }
}
