using DotMac.Access.Provisioning.Onus;
using DotMac.Access.Provisioning.Services;
using DotMac.Access.Provisioning.Suspensions;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>What the line is now, to build on and to go back to.</summary>
internal sealed class VerifyNetwork(AccessDb db, UnitOfWork work, ILineProfiles lines, SuspendedOnus suspended) : ISagaAction<NetworkChange>
{
    public async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        var subscriber = await db.Subscribers.SingleOrDefaultAsync(s => s.Id == state.SubscriberId && s.DeletedAt == null, ct);
        if (subscriber is null)
        {
            return ChangeErrors.SubscriberNotFound.ToStep();
        }

        if (!subscriber.Status.IsChangeable())
        {
            return ChangeErrors.NotInService(Words.Of(subscriber.Status)).ToStep();
        }

        if (await lines.FindAsync(state.SubscriberId, ct) is not { } profile)
        {
            return ChangeErrors.NoProfile.ToStep();
        }

        state.Before = profile.Facts;
        state.DevicesBefore = new DevicePlace(
            subscriber.OnuSerial,
            subscriber.CpeMacAddress,
            subscriber.ServiceAddress,
            subscriber.ServiceLatitude,
            subscriber.ServiceLongitude
        );
        state.Plan = subscriber.BandwidthProfileId is { } plan ? await work.PlanAsync(plan, ct) : null;
        state.KeepsOnuDown = await suspended.KeepDownAsync(subscriber, ct);
        state.ServiceId = (await db.ServiceOfAsync(state.SubscriberId, ct))?.Id;
        return StepResult.Ok(new { before = state.Before, changes = state.Changed() });
    }

    public Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct) => Task.FromResult(StepResult.Ok());
}

/// <summary>The line is what was allocated; the next sign-on gets it.</summary>
internal sealed class SwitchLine(AccessDb db, ILineProfiles lines, TimeProvider clock) : ISagaAction<NetworkChange>
{
    public Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        SetAsync(state, state.After(), state.DevicesAfter(), ct);

    public Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        SetAsync(state, state.Before!, state.DevicesBefore!, ct);

    private async Task<StepResult> SetAsync(NetworkChange state, LineFacts facts, DevicePlace devices, CancellationToken ct)
    {
        var written = await lines.ChangeAsync(state.SubscriberId, _ => facts, ct);
        if (written.Fault is { } fault)
        {
            return fault.ToStep();
        }

        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        subscriber.OnuSerial = devices.OnuSerial;
        subscriber.CpeMacAddress = devices.CpeMacAddress;
        subscriber.ServiceAddress = devices.ServiceAddress;
        subscriber.ServiceLatitude = devices.Latitude;
        subscriber.ServiceLongitude = devices.Longitude;
        if (db.ChangeTracker.HasChanges())
        {
            subscriber.Touch(clock.GetUtcNow());
            if (await db.TrySaveAsync(ct, SuspensionErrors.Changed, ChangeErrors.Taken) is { } error)
            {
                return error.ToStep();
            }
        }

        return StepResult.Ok(new { facts, devices });
    }
}

/// <summary>The service remembers what the line is now.</summary>
internal sealed class FinishNetwork(AccessDb db, ServiceLog log, EventOutbox outbox, TimeProvider clock) : ISagaAction<NetworkChange>
{
    public async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        if (await db.ServiceOfAsync(state.SubscriberId, ct) is { } service)
        {
            state.MetadataBefore = service.ServiceMetadata;
            var known = Provisioned.Read(service.ServiceMetadata) with { Profile = state.After() };
            foreach (var held in state.NewAddresses)
            {
                known = held.Kind switch
                {
                    AddressKind.Ipv4 => known with { Ipv4 = held },
                    AddressKind.Ipv6 => known with { Ipv6 = held },
                    _ => known with { DelegatedPrefix = held },
                };
            }

            known = known with
            {
                Vlan = state.NewVlan ?? known.Vlan,
                CpeMacAddress = state.DevicesAfter().CpeMacAddress,
                Onu =
                    state.OnuSerial is { } serial && known.Onu?.Serial != serial
                        ? new ProvisionedOnu(serial, null, null, null, known.Onu?.IsSimulated ?? false)
                        : known.Onu,
            };
            service.ServiceMetadata = known.Write();
            service.RunId = step.RunId;
            service.Touch(clock.GetUtcNow());
            await db.SaveChangesAsync(ct);
            var note = new ServiceNote(string.Join(", ", state.Changed()), step.RunId);
            await log.AddAsync(service, ServiceEventType.ModificationCompleted, service.Status, ct, note);
        }

        outbox.Publish(new SubscriberNetworkChanged(state.SubscriberId, state.ServiceId, step.RunId, state.Changed()));
        return StepResult.Ok(new { changed = state.Changed() });
    }

    /// <summary>Nothing that is required comes after it; only a cancelled run undoes it.</summary>
    public async Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        if (state.MetadataBefore is { } before && await db.ServiceOfAsync(state.SubscriberId, ct) is { } service)
        {
            service.ServiceMetadata = before;
            service.Touch(clock.GetUtcNow());
            await db.SaveChangesAsync(ct);
        }

        return StepResult.Ok();
    }
}

/// <summary>What is online follows: other VLANs by CoA where the tenant wants that, everything else by signing on anew.</summary>
internal sealed class MoveSessions(ISessionOrders sessions, ITenantFlags flags, TimeProvider clock) : ISagaAction<NetworkChange>
{
    public async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        state.SessionsAskedAt = clock.GetUtcNow();
        var needsAnew = state.Addresses.Count > 0 || state.Place is not null || state.SwapsOnu;
        if (!needsAnew && state.NewVlan is null)
        {
            return StepResult.Skip("What is online goes on as it is.");
        }

        if (!needsAnew && !(await flags.ReadAsync(ct)).IsOn(TenantFlag.VlanCoaUpdates))
        {
            return StepResult.Skip("ENABLE_VLAN_COA_UPDATES is off: the new VLAN holds from the next sign-on.");
        }

        state.Sessions = needsAnew
            ? await sessions.DropAsync(state.SubscriberId, step.StartedBy, ct)
            : await sessions.VlanAsync(state.SubscriberId, state.NewVlan!.ServiceVlan, state.NewVlan.InnerVlan, step.StartedBy, ct);
        return state.Sessions == 0
            ? StepResult.Skip("Nothing is online.")
            : StepResult.Ok(new { state.Sessions, asked = needsAnew ? "disconnect" : "coa" });
    }

    public async Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        await sessions.DropAsync(state.SubscriberId, step.StartedBy, ct);
        return StepResult.Ok();
    }
}

/// <summary>The NAS have answered.</summary>
internal sealed class AwaitMoves(ISessionOrders sessions) : ISagaAction<NetworkChange>
{
    public async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct) =>
        state.SessionsAskedAt is { } since && state.Sessions > 0
            ? SessionAnswers.Read(await sessions.StandAsync(state.SubscriberId, since, ct))
            : StepResult.Skip("Nothing was asked.");

    public Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct) => Task.FromResult(StepResult.Ok());
}
