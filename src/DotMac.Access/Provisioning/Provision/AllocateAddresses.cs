using DotMac.Access.NetworkProfiles;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>
/// Step 4: every address and prefix that the line needs (<see cref="AddressNeeds"/>). What is static the address plan is told; the rest it
/// hands out. The line gets it with its account (<see cref="CreateAaaAccount"/>).
/// </summary>
internal sealed class AllocateAddresses(Drivers drivers, ITenantFlags flags) : ISagaAction<ProvisionState>
{
    private IAddressPlan? plan;
    private TenantFlags tenantFlags = TenantFlags.Default;

    public async ValueTask<bool> CallsOutAsync(ProvisionState state, CancellationToken ct)
    {
        plan = await drivers.ForAsync<IAddressPlan>(ct);
        tenantFlags = await flags.ReadAsync(ct);
        return plan.CallsOut;
    }

    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        var needs = AddressNeeds.Of(state.Facts!, tenantFlags, state.Reservations);
        if (needs.Count == 0)
        {
            return state.Note(step, StepResult.Skip("The line needs no address of its own."));
        }

        foreach (var need in needs)
        {
            var order = need.ToOrder(KeyOf(step.DoKey, need.Kind), state.SubscriberId, state.Number!, state.Facts!.SiteId);
            var answer = await plan!.AllocateAsync(order, ct);
            if (!answer.IsConfigured)
            {
                return state.Note(step, StepResult.NoDriver("address plan"));
            }

            var fault = answer.Fault ?? need.Refusal(answer.Value!, tenantFlags);
            if (fault is not null)
            {
                return await GiveBackAsync(state, step, needs, fault, ct);
            }

            Keep(state, need, answer.Value!);
        }

        state.Bypassed = tenantFlags.IsOn(TenantFlag.StaticIpBypass) ? [.. needs.Where(n => n.IsStatic).Select(n => n.Kind)] : [];
        state.StaticIpBypass = state.Bypassed.Count > 0;

        return state.Note(
            step,
            StepResult.Ok(
                new
                {
                    state.Ipv4,
                    state.Ipv6,
                    state.DelegatedPrefix,
                    state.StaticIpBypass,
                }
            )
        );
    }

    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        // All kinds, whether it is known that they were taken or not: what was never taken is given back by doing nothing.
        foreach (var kind in Enum.GetValues<AddressKind>())
        {
            var answer = await plan!.ReleaseAsync(KeyOf(step.DoKey, kind), state.SubscriberId, ct);
            if (answer.Fault is not null || !answer.IsConfigured)
            {
                return answer.ToUndone("address plan");
            }
        }

        return StepResult.Ok();
    }

    public static string KeyOf(string stepKey, AddressKind kind) => $"{stepKey}:{Words.Of(kind)}";

    private static void Keep(ProvisionState state, AddressNeed need, HeldAddress held)
    {
        switch (need.Kind)
        {
            case AddressKind.Ipv4:
                state.Ipv4 = held;
                break;
            case AddressKind.Ipv6:
                state.Ipv6 = held;
                break;
            default:
                state.DelegatedPrefix = held;
                break;
        }
    }

    /// <summary>Inside the database the attempt is rolled back; a plan outside keeps what it gave before the fault, so it gets it back now.</summary>
    private async Task<StepResult> GiveBackAsync(
        ProvisionState state,
        StepContext step,
        IReadOnlyList<AddressNeed> needs,
        RoleFault fault,
        CancellationToken ct
    )
    {
        foreach (var need in plan!.CallsOut && !fault.MayPass ? needs : [])
        {
            await plan.ReleaseAsync(KeyOf(step.DoKey, need.Kind), state.SubscriberId, ct);
        }

        return fault.ToStep();
    }
}
