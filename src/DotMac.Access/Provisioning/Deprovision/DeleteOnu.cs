using DotMac.Access.NetworkProfiles;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>
/// Step 3: the OLT forgets the line's ONU, and any other that it has as the subscriber's (an exchange that was given up leaves one behind).
/// Undone, the line's carries the service again as before.
/// </summary>
internal sealed class DeleteOnu(Drivers drivers, ITenantFlags flags) : ISagaAction<DeprovisionState>
{
    private IPonController? pon;
    private TenantFlags tenantFlags = TenantFlags.Default;

    public async ValueTask<bool> CallsOutAsync(DeprovisionState state, CancellationToken ct)
    {
        pon = await drivers.ForAsync<IPonController>(ct);
        tenantFlags = await flags.ReadAsync(ct);
        return pon.CallsOut;
    }

    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        var owned = await pon!.OfOwnerAsync(state.SubscriberId, ct);
        if (owned.Fault is { } unknown)
        {
            return unknown.ToStep();
        }

        string[] line = state.Before!.OnuSerial is { } own ? [own] : [];
        string[] serials = [.. line.Union(owned.IsConfigured ? owned.Value!.Select(o => o.Serial) : [], StringComparer.Ordinal)];
        if (serials.Length == 0)
        {
            return StepResult.Skip("It had no ONU.");
        }

        foreach (var serial in serials)
        {
            var answer = await pon.RemoveAsync($"{step.Key}:{serial}", serial, state.SubscriberId, ct);
            if (answer.Fault is { } fault)
            {
                return fault.ToStep();
            }

            if (!answer.IsConfigured)
            {
                return StepResult.NoDriver("PON controller");
            }
        }

        return StepResult.Ok(new { serials });
    }

    public async Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        if (state.Before!.OnuSerial is not { } serial)
        {
            return StepResult.Skip("It had no ONU.");
        }

        var before = state.Before;
        var (service, inner) = before.Facts?.VlansInForce(tenantFlags) ?? default;
        var order = new OnuOrder(step.Key, serial, state.SubscriberId, state.Number, service, inner, before.DownKbps, before.UpKbps);
        return (await pon!.ActivateAsync(order, ct)).ToUndone("PON controller");
    }
}
