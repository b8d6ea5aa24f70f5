using DotMac.Access.NetworkProfiles;
using DotMac.Access.Provisioning.Onus;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.Secrets;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>A step of the PON controller.</summary>
internal abstract class OnuStep(Drivers drivers, ITenantFlags flags) : ISagaAction<NetworkChange>
{
    protected const string Role = "PON controller";

    private TenantFlags tenantFlags = TenantFlags.Default;

    protected IPonController Pon { get; private set; } = null!;

    public async ValueTask<bool> CallsOutAsync(NetworkChange state, CancellationToken ct)
    {
        Pon = await drivers.ForAsync<IPonController>(ct);
        tenantFlags = await flags.ReadAsync(ct);
        return Pon.CallsOut && IsNeeded(state);
    }

    public abstract Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct);

    public abstract Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct);

    protected abstract bool IsNeeded(NetworkChange state);

    /// <summary>One that is down, by a suspension or by hand, stays so: what is ordered waits in the books until it is brought up.</summary>
    protected async Task<StepResult> ReorderAsync(NetworkChange state, LineFacts facts, string key, CancellationToken ct)
    {
        var serial = state.DevicesBefore!.OnuSerial!;
        var isDown = (await Pon.FindAsync(serial, ct)).Value is { Admin: OnuAdmin.Disabled };
        return await OrderAsync(state, serial, facts, key, isDown || state.KeepsOnuDown, ct);
    }

    protected async Task<StepResult> OrderAsync(
        NetworkChange state,
        string serial,
        LineFacts facts,
        string key,
        bool staysDown,
        CancellationToken ct
    )
    {
        var (service, inner) = facts.VlansInForce(tenantFlags);
        var order = new OnuOrder(
            key,
            serial,
            state.SubscriberId,
            state.Number,
            service,
            inner,
            state.Plan?.DownKbps ?? 0,
            state.Plan?.UpKbps ?? 0,
            IsUp: !staysDown
        );
        var answer = await Pon.ActivateAsync(order, ct);
        if (answer.Value is { } onu)
        {
            state.NewOnu = ProvisionedOnu.Of(onu);
        }

        return answer.Fault is { } fault ? fault.ToStep()
            : answer.IsConfigured ? StepResult.Ok(answer.Value, OnuNotes.Of(answer.Value!, state.KeepsOnuDown))
            : StepResult.NoDriver(Role);
    }
}

/// <summary>
/// An ONU that is replaced lets go, for two ONUs of a port cannot carry the same tags; not before the new one was seen and is nobody's. It
/// comes back when the new one fails.
/// </summary>
internal sealed class RetireOnu(Drivers drivers, ITenantFlags flags) : OnuStep(drivers, flags)
{
    public override async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        if (!IsNeeded(state))
        {
            return StepResult.Skip("The ONU stays.");
        }

        var found = await Pon.FindAsync(state.OnuSerial!, ct);
        if (!found.IsConfigured)
        {
            return StepResult.NoDriver(Role);
        }

        var fault =
            found.Fault
            ?? (
                found.Value is null ? new RoleFault("pon.onu_unknown", $"No port has seen {state.OnuSerial}. Is it plugged in and powered?")
                : found.Value.OwnerId is { } owner && owner != state.SubscriberId
                    ? new RoleFault("pon.onu_taken", $"{state.OnuSerial} carries somebody else's service.")
                : null
            );
        if (fault is not null)
        {
            return fault.ToStep();
        }

        var removed = await Pon.RemoveAsync(step.Key, state.DevicesBefore!.OnuSerial!, state.SubscriberId, ct);
        if (removed.Fault is { } refused)
        {
            return refused.ToStep();
        }

        return StepResult.Ok(new { retired = state.DevicesBefore.OnuSerial });
    }

    public override async Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        IsNeeded(state)
            ? await OrderAsync(state, state.DevicesBefore!.OnuSerial!, state.Before!, step.Key, state.KeepsOnuDown, ct)
            : StepResult.Ok();

    protected override bool IsNeeded(NetworkChange state) => state.SwapsOnu && state.DevicesBefore!.OnuSerial is not null;
}

/// <summary>The line's ONU, the new one or the one it has, carries the line as it is now.</summary>
internal sealed class OrderOnu(Drivers drivers, ITenantFlags flags) : OnuStep(drivers, flags)
{
    public override Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        !IsNeeded(state) ? Task.FromResult(StepResult.Skip("Nothing changes for the ONU."))
        : state.SwapsOnu ? OrderAsync(state, state.OnuSerial!, state.After(), step.Key, state.KeepsOnuDown, ct)
        : ReorderAsync(state, state.After(), step.Key, ct);

    public override async Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        !IsNeeded(state) ? StepResult.Ok()
        : state.SwapsOnu ? (await Pon.RemoveAsync(step.Key, state.OnuSerial!, state.SubscriberId, ct)).ToUndone(Role)
        : await ReorderAsync(state, state.Before!, step.Key, ct);

    protected override bool IsNeeded(NetworkChange state) =>
        state.DevicesAfter().OnuSerial is not null && (state.SwapsOnu || (state.NewVlan is not null && !state.TakesPairAlong));
}

/// <summary>The customer's router is set up for the line as it is now.</summary>
internal sealed class SetUpCpe(Drivers drivers, AccessDb db, SecretBox box) : ISagaAction<NetworkChange>
{
    private IAcs? acs;
    private (string Username, string Password) login;

    public async ValueTask<bool> CallsOutAsync(NetworkChange state, CancellationToken ct)
    {
        acs = await drivers.ForAsync<IAcs>(ct);
        var row = await db.Subscribers.Where(s => s.Id == state.SubscriberId).Select(s => new { s.Username, s.Password }).SingleAsync(ct);
        login = (row.Username, box.Open(SecretPurpose.SubscriberPassword, row.Password));
        return acs.CallsOut;
    }

    public Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        SetAsync(state, state.After(), state.DevicesAfter(), step.Key, ct);

    public Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        SetAsync(state, state.Before!, state.DevicesBefore!, step.Key, ct);

    private async Task<StepResult> SetAsync(NetworkChange state, LineFacts facts, DevicePlace devices, string key, CancellationToken ct)
    {
        if ((devices.CpeMacAddress ?? devices.OnuSerial) is null)
        {
            return StepResult.Skip("The line has no customer device.");
        }

        var order = new CpeOrder(
            key,
            state.SubscriberId,
            state.Number,
            devices.CpeMacAddress,
            devices.OnuSerial,
            login.Username,
            login.Password,
            facts.ServiceVlan,
            facts.StaticIpv4,
            facts.Ipv6Mode ?? Ipv6Mode.None,
            facts.DelegatedIpv6Prefix,
            null
        );
        var answer = await acs!.ConfigureAsync(order, ct);
        return answer.Fault is { } fault ? fault.ToStep()
            : answer.IsConfigured ? StepResult.Ok(answer.Value)
            : StepResult.NoDriver("ACS");
    }
}
