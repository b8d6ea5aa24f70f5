using DotMac.Access.NetworkProfiles;
using DotMac.Access.Provisioning.Onus;
using DotMac.Access.Provisioning.Services;
using DotMac.Access.Provisioning.Suspensions;
using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>What the line is now, to build on and to go back to.</summary>
internal sealed class VerifyNetwork(
    AccessDb db,
    UnitOfWork work,
    ILineProfiles lines,
    ITenantFlags flags,
    SuspendedOnus suspended,
    ServiceLog log
) : ISagaAction<NetworkChange>
{
    public async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        var subscriber = await db.Subscribers.SingleOrDefaultAsync(s => s.Id == state.SubscriberId && s.DeletedAt == null, ct);
        if (subscriber is null)
        {
            return AccessErrors.SubscriberNotFound.ToStep();
        }

        if (!subscriber.Status.IsChangeable())
        {
            return ChangeErrors.NotInService(Words.Of(subscriber.Status)).ToStep();
        }

        if (await lines.FindAsync(state.SubscriberId, ct) is not { } profile)
        {
            return ChangeErrors.NoProfile.ToStep();
        }

        if (WishFilling.Refusal(profile.Facts, state.Addresses, await flags.ReadAsync(ct)) is { } unfit)
        {
            return unfit.ToStep();
        }

        await FillAsync(state, subscriber.BandwidthProfileId, profile.Facts, ct);
        state.Before = profile.Facts;
        state.LifeBefore = new LifeBefore(profile.Ipv4State, profile.Ipv6State);
        state.IdsBefore = new ForeignIds(subscriber.NetboxIpId, subscriber.VolthaOnuId);
        state.DevicesBefore = DevicePlace.Of(subscriber);
        state.Plan = subscriber.BandwidthProfileId is { } plan ? await work.PlanAsync(plan, ct) : null;
        state.KeepsOnuDown = await suspended.KeepDownAsync(subscriber, ct);
        state.ServiceId = (await db.ServiceOfAsync(state.SubscriberId, ct))?.Id;
        return StepResult.Ok(new { before = state.Before, changes = state.Changed() });
    }

    public async Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        await log.TurnedBackAsync(db, state, step, ct);
        return StepResult.Ok();
    }

    private async Task FillAsync(NetworkChange state, Guid? plan, LineFacts line, CancellationToken ct)
    {
        var old = await lines.DefaultsAsync(plan, line.SiteId, ct);
        var site = state.Place?.SiteId ?? line.SiteId;
        var filling = new WishFilling(line, old, site == line.SiteId ? old : await lines.DefaultsAsync(plan, site, ct));
        state.Addresses = [.. state.Addresses.Select(filling.Fill)];
        state.Vlan = state.Vlan is { } vlan ? filling.Fill(vlan) : null;
    }
}

/// <summary>The line is what was allocated; the next sign-on gets it.</summary>
internal sealed class SwitchLine(
    AccessDb db,
    ILineProfiles lines,
    ITenantFlags flags,
    StaticAddressBypass bypass,
    ServiceLog log,
    TimeProvider clock
) : ISagaAction<NetworkChange>
{
    public async Task<StepResult> RunAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        var pair = state.Vlan is null or { ServiceVlan: not null, InnerVlan: not null } ? PairOrigin.Told : PairOrigin.Chosen;
        var result = await SetAsync(state, state.After(), state.DevicesAfter(), pair, ct);
        if (result is StepResult.Failed || state.NewAddresses.Count == 0)
        {
            return result;
        }

        if (state.LifeBefore is null)
        {
            var now = (await lines.FindAsync(state.SubscriberId, ct))!;
            state.LifeBefore = new LifeBefore(now.Ipv4State, now.Ipv6State);
        }

        var suspended = await db.Subscribers.Where(s => s.Id == state.SubscriberId).Select(s => s.Suspended).SingleAsync(ct);
        if (await MoveAsync(state, state.LifeAfter(suspended), ct) is { } fault)
        {
            return fault.ToStep();
        }

        state.Bypassed = (await flags.ReadAsync(ct)).IsOn(TenantFlag.StaticIpBypass)
            ? [.. state.Addresses.Where(w => w is { Wanted: not null, Reservation: null }).Select(w => w.Kind)]
            : [];
        await NoteBypassAsync(state, step, ct);
        return result;
    }

    public async Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        var result = await SetAsync(state, state.Before!, state.DevicesBefore!, PairOrigin.Restored, ct);
        if (result is StepResult.Failed || state.NewAddresses.Count == 0 || state.LifeBefore is not { } life)
        {
            return result;
        }

        var back = new[] { (AddressFamilyKind.Ipv4, life.Ipv4), (AddressFamilyKind.Ipv6, life.Ipv6) };
        return await MoveAsync(state, back, ct) is { } fault ? fault.ToStep() : result;
    }

    private async Task<LineFault?> MoveAsync(
        NetworkChange state,
        IEnumerable<(AddressFamilyKind Family, AddressState To)> to,
        CancellationToken ct
    )
    {
        var line = (await lines.FindAsync(state.SubscriberId, ct))!;
        var moves = to.SelectMany(f =>
                (f.Family == AddressFamilyKind.Ipv4 ? line.Ipv4State : line.Ipv6State).PathTo(f.To).Select(s => (f.Family, s))
            )
            .ToList();
        return moves.Count == 0 ? null : (await lines.MoveAsync(state.SubscriberId, moves, ct)).Fault;
    }

    private async Task NoteBypassAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        var service = state.Bypassed.Count > 0 ? await db.ServiceOfAsync(state.SubscriberId, ct) : null;
        foreach (var wish in state.Addresses.Where(w => state.Bypassed.Contains(w.Kind)))
        {
            bypass.Note(state.SubscriberId, wish.Kind, wish.Wanted!.Value, step.RunId, state.ServiceId);
            if (service is not null)
            {
                var note = Bypasses.NoteOf(wish.Wanted.Value, step.RunId);
                await log.AddAsync(service, ServiceEventType.StaticAddressBypassed, service.Status, ct, note);
            }
        }
    }

    private async Task<StepResult> SetAsync(
        NetworkChange state,
        LineFacts facts,
        DevicePlace devices,
        PairOrigin pair,
        CancellationToken ct
    )
    {
        var written = await lines.ChangeAsync(state.SubscriberId, _ => facts, ct, pair);
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
        var ipv4 = state.NewAddresses.Find(h => h.Kind == AddressKind.Ipv4);
        await WriteIdsAsync(
            state,
            s =>
            {
                s.NetboxIpId = ipv4 is null ? s.NetboxIpId : ipv4.ExternalId;
                s.VolthaOnuId = state.NewOnu is { } onu ? onu.Id : s.VolthaOnuId;
            },
            ct
        );
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
                Onu = state.NewOnu ?? known.Onu,
            };
            known = known.WithBypassed(state.Addresses.Select(w => w.Kind), state.Bypassed);
            service.ServiceMetadata = known.Write();
            service.RunId = step.RunId;
            service.Touch(clock.GetUtcNow());
            await db.SaveChangesAsync(ct);
            var note = new ServiceNote(state.InWords(), step.RunId);
            await log.AddAsync(service, ServiceEventType.ModificationCompleted, service.Status, ct, note);
        }

        outbox.Publish(new SubscriberNetworkChanged(state.SubscriberId, state.ServiceId, step.RunId, state.Changed()));
        return StepResult.Ok(new { changed = state.Changed() });
    }

    /// <summary>Nothing that is required comes after it; only a cancelled run undoes it.</summary>
    public async Task<StepResult> UndoAsync(NetworkChange state, StepContext step, CancellationToken ct)
    {
        if (state.IdsBefore is { } ids)
        {
            await WriteIdsAsync(state, s => (s.NetboxIpId, s.VolthaOnuId) = (ids.NetboxIpId, ids.VolthaOnuId), ct);
        }

        if (state.MetadataBefore is { } before && await db.ServiceOfAsync(state.SubscriberId, ct) is { } service)
        {
            service.ServiceMetadata = before;
            service.Touch(clock.GetUtcNow());
            await db.SaveChangesAsync(ct);
        }

        return StepResult.Ok();
    }

    private async Task WriteIdsAsync(NetworkChange state, Action<Subscriber> write, CancellationToken ct)
    {
        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        write(subscriber);
        if (db.ChangeTracker.HasChanges())
        {
            subscriber.Touch(clock.GetUtcNow());
            await db.SaveChangesAsync(ct);
        }
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
