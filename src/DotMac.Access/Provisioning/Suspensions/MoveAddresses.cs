using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>The addresses stay the line's; their life in its profile goes to suspended, and back to active.</summary>
internal sealed class MoveProfile(ILineProfiles lines) : ISagaAction<AccessChange>
{
    public Task<StepResult> RunAsync(AccessChange state, StepContext step, CancellationToken ct) =>
        MoveAsync(state, state.IsResumption, ct);

    public Task<StepResult> UndoAsync(AccessChange state, StepContext step, CancellationToken ct) =>
        MoveAsync(state, !state.IsResumption, ct);

    private async Task<StepResult> MoveAsync(AccessChange state, bool toActive, CancellationToken ct)
    {
        if (state.IsOvertaken || await lines.FindAsync(state.SubscriberId, ct) is not { } profile)
        {
            return StepResult.Skip(state.IsOvertaken ? "Something else was decided since." : "The line has no network profile.");
        }

        var (from, to) = AddressTurn.Of(toActive);
        var moves = new[] { (AddressFamilyKind.Ipv4, profile.Ipv4State), (AddressFamilyKind.Ipv6, profile.Ipv6State) }
            .Where(f => f.Item2 == from)
            .Select(f => (f.Item1, to))
            .ToList();
        return moves.Count == 0 ? StepResult.Skip($"No address is {Words.Of(from)}.")
            : (await lines.MoveAsync(state.SubscriberId, moves, ct)).Fault is { } fault ? StepResult.Fail(fault.Code, fault.Message)
            : StepResult.Ok(new { moved = moves.Select(m => Words.Of(m.Item1)), to = Words.Of(to) });
    }
}

/// <summary>The same in the books of the address plan.</summary>
internal sealed class MoveHoldings(Drivers drivers) : ISagaAction<AccessChange>
{
    private IAddressPlan? plan;

    public async ValueTask<bool> CallsOutAsync(AccessChange state, CancellationToken ct)
    {
        if (state.IsOvertaken)
        {
            return false;
        }

        plan = await drivers.ForAsync<IAddressPlan>(ct);
        return plan.CallsOut;
    }

    public Task<StepResult> RunAsync(AccessChange state, StepContext step, CancellationToken ct) =>
        MoveAsync(state, state.IsResumption, ct);

    public Task<StepResult> UndoAsync(AccessChange state, StepContext step, CancellationToken ct) =>
        MoveAsync(state, !state.IsResumption, ct);

    private async Task<StepResult> MoveAsync(AccessChange state, bool toActive, CancellationToken ct)
    {
        if (state.IsOvertaken)
        {
            return StepResult.Skip("Something else was decided since.");
        }

        var (from, to) = AddressTurn.Of(toActive);
        var held = await plan!.HeldByAsync(state.SubscriberId, ct);
        if (held.Fault is { } unknown)
        {
            return StepResult.Fail(unknown.Code, unknown.Message, unknown.MayPass);
        }

        if (!held.IsConfigured)
        {
            return StepResult.NoDriver("address plan");
        }

        var going = held.Value!.Addresses.Where(a => a.State == from).ToList();
        if (going.Count == 0)
        {
            return StepResult.Skip($"Nothing that it holds is {Words.Of(from)}.");
        }

        return (await plan.MoveAllAsync(state.SubscriberId, [.. going.Select(a => a.Kind)], to, ct)).Fault is { } fault
            ? StepResult.Fail(fault.Code, fault.Message, fault.MayPass)
            : StepResult.Ok(new { moved = going.Select(a => a.Network.ToString()), to = Words.Of(to) });
    }
}

internal static class AddressTurn
{
    public static (AddressState From, AddressState To) Of(bool toActive) =>
        toActive ? (AddressState.Suspended, AddressState.Active) : (AddressState.Active, AddressState.Suspended);
}
