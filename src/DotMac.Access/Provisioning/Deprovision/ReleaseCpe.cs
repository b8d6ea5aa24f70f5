using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.Secrets;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>
/// Step 4: the customer's router loses its settings. Optional: a router that is switched off holds up nothing, it is a repair task.
/// Undone, it gets its line back; its Wi-Fi stays as the customer set it.
/// </summary>
internal sealed class ReleaseCpe(Drivers drivers, AccessDb db, SecretBox box) : ISagaAction<DeprovisionState>
{
    private IAcs? acs;
    private byte[] password = [];

    public async ValueTask<bool> CallsOutAsync(DeprovisionState state, CancellationToken ct)
    {
        acs = await drivers.ForAsync<IAcs>(ct);
        password = await db.Subscribers.Where(s => s.Id == state.SubscriberId).Select(s => s.Password).SingleAsync(ct);
        return acs.CallsOut;
    }

    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        var answer = await acs!.ReleaseAsync(step.Key, state.SubscriberId, ct);
        return answer.Fault is { } fault ? fault.ToStep()
            : answer.IsConfigured ? StepResult.Ok()
            : StepResult.NoDriver("ACS");
    }

    public async Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        var before = state.Before!;
        var order = new CpeOrder(
            step.Key,
            state.SubscriberId,
            state.Number,
            before.CpeMacAddress,
            before.OnuSerial,
            state.Username,
            box.Open(SecretPurpose.SubscriberPassword, password),
            before.Facts?.ServiceVlan,
            before.Facts?.StaticIpv4,
            before.Facts?.Ipv6Mode ?? Ipv6Mode.None,
            before.Facts?.DelegatedIpv6Prefix,
            Wifi: null
        );
        return (await acs!.ConfigureAsync(order, ct)).ToUndone("ACS");
    }
}
