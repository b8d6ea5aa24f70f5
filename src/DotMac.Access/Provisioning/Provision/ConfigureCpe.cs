using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.Secrets;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>Step 8: the customer's router: WAN, VLAN, IPv6 mode, delegated prefix, Wi-Fi. Optional: the line works without it.</summary>
internal sealed class ConfigureCpe(Drivers drivers, SecretBox box) : ISagaAction<ProvisionState>
{
    private IAcs? acs;

    public async ValueTask<bool> CallsOutAsync(ProvisionState state, CancellationToken ct)
    {
        acs = await drivers.ForAsync<IAcs>(ct);
        return acs.CallsOut && HasDevice(state);
    }

    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        if (!HasDevice(state))
        {
            return state.Note(step, acs!.Driver == "none" ? StepResult.NoDriver("ACS") : StepResult.Skip("No customer device was named."));
        }

        var answer = await acs!.ConfigureAsync(OrderOf(state, step.DoKey), ct);
        if (answer.Fault is { } fault)
        {
            return fault.ToStep();
        }

        if (!answer.IsConfigured)
        {
            return state.Note(step, StepResult.NoDriver("ACS"));
        }

        state.CpeDeviceId = answer.Value!.DeviceId;
        return state.Note(step, StepResult.Ok(answer.Value));
    }

    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct) =>
        (await acs!.ReleaseAsync(step.Key, state.SubscriberId, ct)).ToUndone("ACS");

    private static bool HasDevice(ProvisionState state) => (state.CpeMacAddress ?? state.OnuSerial) is not null;

    private CpeOrder OrderOf(ProvisionState state, string key) =>
        new(
            key,
            state.SubscriberId,
            state.Number!,
            state.CpeMacAddress,
            state.OnuSerial,
            state.Username,
            box.Open(SecretPurpose.SubscriberPassword, state.Password),
            state.Facts!.ServiceVlan,
            state.Facts.StaticIpv4,
            state.Facts.Ipv6Mode ?? Ipv6Mode.None,
            state.Facts.DelegatedIpv6Prefix,
            state.WifiSsid is { } ssid && state.WifiPassphrase is { } sealedPassphrase
                ? new CpeWifi(ssid, box.Open(SecretPurpose.WifiPassphrase, sealedPassphrase))
                : null
        );
}
