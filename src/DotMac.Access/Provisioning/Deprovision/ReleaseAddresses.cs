using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>
/// Step 6: what the address plan knows the subscriber to hold, with what changes of network that never came to their end hold for it. It is
/// written down before any of it is given back, so that a release that fails half-way is known whole.
/// </summary>
internal sealed class ReadHeld(Drivers drivers, UnitOfWork work) : ISagaAction<DeprovisionState>
{
    private IAddressPlan? plan;
    private IReadOnlyList<Guid> owners = [];

    public async ValueTask<bool> CallsOutAsync(DeprovisionState state, CancellationToken ct)
    {
        plan = await drivers.ForAsync<IAddressPlan>(ct);
        owners = await LineOwners.OfAsync(work, state.SubscriberId, ct);
        return plan.CallsOut;
    }

    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        var (addresses, vlans) = (new List<HeldAddress>(), new List<HeldVlan>());
        foreach (var owner in owners)
        {
            var asked = await plan!.HeldByAsync(owner, ct);
            if (asked.Fault is { } unknown)
            {
                return unknown.ToStep();
            }

            if (!asked.IsConfigured)
            {
                return StepResult.NoDriver("address plan");
            }

            addresses.AddRange(asked.Value!.Addresses);
            vlans.AddRange(asked.Value.Vlans);
        }

        state.Held = new Holdings(state.SubscriberId, addresses, vlans);
        return StepResult.Ok(state.Held);
    }

    public Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct) => Task.FromResult(StepResult.Ok());
}

/// <summary>
/// Step 7: every address, prefix and VLAN of it, under whichever key it was taken, is given back. From here on the run goes forward, with
/// patience: what is given back may be somebody else's a moment later. If it has to turn back all the same, it asks for the very same ones,
/// and waits for an operator when they are gone.
/// </summary>
internal sealed class ReleaseAddresses(Drivers drivers, UnitOfWork work) : ISagaAction<DeprovisionState>
{
    private readonly ReadHeld reading = new(drivers, work);
    private IAddressPlan? plan;

    public async ValueTask<bool> CallsOutAsync(DeprovisionState state, CancellationToken ct)
    {
        plan = await drivers.ForAsync<IAddressPlan>(ct);
        return await reading.CallsOutAsync(state, ct);
    }

    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        // A run of the first version, which has no step that reads.
        if (state.Held is null && await reading.RunAsync(state, step, ct) is var read and not StepResult.Done)
        {
            return read;
        }

        var held = state.Held!;
        foreach (var address in held.Addresses)
        {
            if (await GiveBackAsync(address, ct) is { } fault)
            {
                return fault.ToStep();
            }
        }

        foreach (var vlan in held.Vlans)
        {
            if ((await plan!.ReleaseVlanAsync(vlan.Key, vlan.OwnerId, ct)).Fault is { } fault)
            {
                return fault.ToStep();
            }
        }

        return StepResult.Ok(held);
    }

    public async Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        foreach (var address in state.Held?.Addresses ?? [])
        {
            var order = new AddressOrder(address.Key, address.OwnerId, state.Number, address.Kind, address.Network);
            var answer = await plan!.AllocateAsync(order, ct);
            if (answer.Fault is not null || !answer.IsConfigured)
            {
                return answer.ToUndone("address plan");
            }

            if (address.State is AddressState.Active or AddressState.Suspended)
            {
                await plan.MoveAsync(address.OwnerId, address.Kind, AddressState.Active, ct);
            }
        }

        foreach (var vlan in state.Held?.Vlans ?? [])
        {
            var order = new VlanOrder(
                vlan.Key,
                vlan.OwnerId,
                state.Number,
                vlan.Pool,
                vlan.InnerVlan is not null,
                vlan.ServiceVlan,
                vlan.InnerVlan,
                vlan.SiteId
            );
            var answer = await plan!.ReserveVlanAsync(order, ct);
            if (answer.Fault is not null || !answer.IsConfigured)
            {
                return answer.ToUndone("address plan");
            }
        }

        return StepResult.Ok();
    }

    private async Task<RoleFault?> GiveBackAsync(HeldAddress address, CancellationToken ct)
    {
        if (address.State is AddressState.Allocated or AddressState.Active or AddressState.Suspended)
        {
            var moved = await plan!.MoveAsync(address.OwnerId, address.Kind, AddressState.Revoking, ct);
            if (moved.Fault is { } refused)
            {
                return refused;
            }
        }

        return (await plan!.ReleaseAsync(address.Key, address.OwnerId, ct)).Fault;
    }
}
