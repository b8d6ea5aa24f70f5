using DotMac.Access.NetworkProfiles;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
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

/// <summary>What the line holds of the kinds that change, and of the pair that it takes along to another site: it is given back at the end.</summary>
internal sealed class ReadHoldings(Drivers drivers, UnitOfWork work) : PlanStep(drivers)
{
    private IReadOnlyList<Guid> owners = [];

    public override async ValueTask<bool> CallsOutAsync(NetworkChange state, CancellationToken ct)
    {
        owners = await LineOwners.OfAsync(work, state.SubscriberId, ct);
        return await base.CallsOutAsync(state, ct);
    }

    public override async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        if (state.Addresses.Count == 0 && state.Vlan is null && state.PairOfMove() is null)
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
        state.TakesPairAlong = false;
        if (state.PairOfMove() is { } pair)
        {
            // Under the line's name, or under that of a change before this one whose old holdings are not given back yet.
            foreach (var owner in owners)
            {
                var known = owner == state.SubscriberId ? held : await Plan.HeldByAsync(owner, ct);
                if (known.Fault is { } silent)
                {
                    return silent.ToStep();
                }

                state.TakesPairAlong |= known.Value!.Vlans.Any(v => (v.ServiceVlan, v.InnerVlan) == pair);
            }
        }

        state.OldVlan = state.VlanToTake() is not null && held.Value.Vlans.Count > 0 ? held.Value.Vlans[0] : null;
        return StepResult.Ok(new { state.OldAddresses, state.OldVlan });
    }

    public override Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Ok());
}

/// <summary>The new addresses, held by the change itself while the line still has the old ones.</summary>
internal sealed class TakeAddresses(Drivers drivers, ITenantFlags flags, UnitOfWork work) : PlanStep(drivers)
{
    private TenantFlags tenantFlags = TenantFlags.Default;
    private IReadOnlyList<Guid> owners = [];

    public override async ValueTask<bool> CallsOutAsync(NetworkChange state, CancellationToken ct)
    {
        tenantFlags = await flags.ReadAsync(ct);
        owners = await LineOwners.OfAsync(work, state.SubscriberId, ct);
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
            var answer = await Plan.AllocateAsync(need.ToOrder(KeyOf(step.DoKey, wish.Kind), state.Holder, state.Number, site, owners), ct);
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

/// <summary>The new VLAN, held by the change itself. A pair that is the line's where it is wanted stays whose it is.</summary>
internal sealed class TakeVlan(Drivers drivers, ITenantFlags flags, UnitOfWork work) : PlanStep(drivers)
{
    private TenantFlags tenantFlags = TenantFlags.Default;
    private IReadOnlyList<Guid> owners = [];

    public override async ValueTask<bool> CallsOutAsync(NetworkChange state, CancellationToken ct)
    {
        tenantFlags = await flags.ReadAsync(ct);
        owners = await LineOwners.OfAsync(work, state.SubscriberId, ct);
        return await base.CallsOutAsync(state, ct);
    }

    public override async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        if (state.VlanToTake() is not { } wish)
        {
            return StepResult.Skip("No VLAN changes.");
        }

        // With ENABLE_QINQ_PROVISIONING off there is no inner one; what the line has it keeps.
        var isQinQ = wish.IsQinQ == true && (state.TakesPairAlong || tenantFlags.IsOn(TenantFlag.QinqProvisioning));
        var order = new VlanOrder(
            step.DoKey,
            state.Holder,
            state.Number,
            wish.Pool,
            isQinQ,
            wish.ServiceVlan,
            isQinQ ? wish.InnerVlan : null,
            state.Place?.SiteId ?? state.Before!.SiteId,
            owners
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
        state.VlanToTake() is null ? StepResult.Ok() : (await Plan.ReleaseVlanAsync(step.DoKey, state.Holder, ct)).ToUndone(Role);
}

/// <summary>
/// The old goes back to the plan, and the new becomes the line's own. Until this is done the change holds the new for the line. Repaired after
/// another change has given the line yet another one, it gives its own back.
/// </summary>
internal sealed class GiveBackOld(Drivers drivers, ILineProfiles lines, UnitOfWork work) : PlanStep(drivers)
{
    private LineProfile? profile;
    private IReadOnlyList<Guid> owners = [];

    private LineFacts? Line => profile?.Facts;

    public override async ValueTask<bool> CallsOutAsync(NetworkChange state, CancellationToken ct)
    {
        owners = await LineOwners.OfAsync(work, state.SubscriberId, ct);
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

        // What was the line's own already stays so.
        if (state.NewVlan is { } vlan && vlan.OwnerId != state.SubscriberId)
        {
            if (state.OldVlan is { } old && (await Plan.ReleaseVlanAsync(old.Key, state.SubscriberId, ct)).Fault is { } kept)
            {
                return kept.ToStep();
            }

            if (await TurnAsync(state, vlan, ct) is { } fault)
            {
                return fault.ToStep();
            }
        }

        var isVlanReleased = state.NewVlan is { } taken && taken.OwnerId != state.SubscriberId;
        // What was reserved for the line was its own before, and is now.
        var released = state.OldAddresses.Select(a => a.Network).Except(state.NewAddresses.Select(a => a.Network));
        return StepResult.Ok(new { released, OldVlan = isVlanReleased ? state.OldVlan : null });
    }

    /// <summary>A line that works on the new is not taken back: nothing comes after it.</summary>
    public override Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        Task.FromResult(
            StepResult.Fail("change.handed_over", "The old addresses are another's by now, perhaps. Change the line again instead.")
        );

    private async Task<RoleFault?> TurnAsync(NetworkChange state, HeldVlan vlan, CancellationToken ct)
    {
        var isOn = Line?.ServiceVlan == vlan.ServiceVlan && Line?.InnerVlan == vlan.InnerVlan;
        if (!isOn)
        {
            return (await Plan.ReleaseVlanAsync(vlan.Key, vlan.OwnerId, ct)).Fault;
        }

        var turned = (await Plan.HandOverVlanAsync(vlan.Key, vlan.OwnerId, state.SubscriberId, state.Number, ct)).Fault;
        if (turned is not (null or { Code: "ipam.already_held" }) || vlan.InnerVlan is not { } inner)
        {
            return turned;
        }

        if (turned is null)
        {
            // Another change has moved the line since; where that one still holds the pair itself, it hands it over in its turn.
            return vlan.SiteId is { } at && at != Line!.SiteId
                ? (await Plan.MoveVlanAsync(owners, vlan.ServiceVlan, inner, at, Line.SiteId, ct)).Fault
                : null;
        }

        // The line has moved with the pair, and another change has brought it the same one: it holds it once, where it is.
        var held = await Plan.HeldByAsync(state.SubscriberId, ct);
        return held.Value?.Vlans.Any(v => (v.ServiceVlan, v.InnerVlan) == (vlan.ServiceVlan, vlan.InnerVlan)) != true
            ? held.Fault ?? turned
            : (await Plan.ReleaseVlanAsync(vlan.Key, vlan.OwnerId, ct)).Fault
                ?? (await Plan.MoveVlanAsync([state.SubscriberId], vlan.ServiceVlan, inner, null, Line!.SiteId, ct)).Fault;
    }

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
