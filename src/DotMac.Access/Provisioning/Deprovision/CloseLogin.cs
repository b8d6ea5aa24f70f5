using DotMac.Access.Provisioning.Changes;
using DotMac.Access.Provisioning.Services;
using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>
/// Step 1: the door is shut, then whoever is online is sent off (a worker asks the NAS); the other way round the router would dial in
/// again at once. What there was is remembered first. Undone, the door is open again; a session that was dropped dials in by itself.
/// </summary>
internal sealed class CloseLogin(AccessDb db, UnitOfWork work, ILineProfiles lines, ServiceLog log, EventOutbox outbox, TimeProvider clock)
    : ISagaAction<DeprovisionState>
{
    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        var service = await db.Services.SingleOrDefaultAsync(s => s.Id == state.ServiceId, ct);
        state.Before = await RememberAsync(subscriber, service, ct);
        var closed =
            subscriber.Status == SubscriberStatus.Pending
                ? subscriber.SetAccount(exists: false)
                : subscriber.Move(
                    subscriber.Status is SubscriberStatus.Quarantined ? subscriber.Status : SubscriberStatus.Disconnected,
                    now
                );
        service?.RunId = step.RunId;
        if ((closed ?? service?.Move(ServiceStatus.Terminating, now, state.Reason)) is { } refusal)
        {
            return refusal.ToStep();
        }

        subscriber.Touch(now);
        await db.SaveChangesAsync(ct);
        if (service is not null)
        {
            var note = new ServiceNote(state.Reason, step.RunId);
            await log.AddAsync(service, ServiceEventType.TerminationStarted, state.Before.ServiceStatus, ct, note);
        }

        outbox.Publish(new LoginDisabled(subscriber.Id, subscriber.Username));
        return StepResult.Ok(new { was = Words.Of(state.Before.Status) });
    }

    public async Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        var (now, before) = (clock.GetUtcNow(), state.Before!);
        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        var service = await db.Services.SingleOrDefaultAsync(s => s.Id == state.ServiceId, ct);
        var from = service?.Status ?? default;
        var opened =
            before.Status == SubscriberStatus.Pending ? subscriber.SetAccount(before.Enabled) : subscriber.Move(before.Status, now);
        // A service whose provisioning was given up cannot go back to being provisioned: it stays for the operator.
        var to = from.MayBecome(before.ServiceStatus) ? before.ServiceStatus : ServiceStatus.Failed;
        if ((opened ?? service?.Move(to, now, "Its termination failed and was undone.")) is { } refusal)
        {
            return refusal.ToStep();
        }

        subscriber.Touch(now);
        await db.SaveChangesAsync(ct);
        if (service is not null && !state.HasBegun)
        {
            var note = new ServiceNote("Everything that was taken away is there again.", step.RunId, "deprovision.undone");
            await log.AddAsync(service, ServiceEventType.TerminationFailed, from, ct, note);
        }

        return StepResult.Ok();
    }

    private async Task<ServedBefore> RememberAsync(Subscriber subscriber, ServiceInstance? service, CancellationToken ct)
    {
        var plan = subscriber.BandwidthProfileId is { } id ? await work.PlanAsync(id, ct) : null;
        var profile = await lines.FindAsync(subscriber.Id, ct);
        return new ServedBefore
        {
            Status = subscriber.Status,
            Enabled = subscriber.Enabled,
            ServiceStatus = service?.Status ?? default,
            PlanId = plan?.Id,
            DownKbps = plan?.DownKbps ?? 0,
            UpKbps = plan?.UpKbps ?? 0,
            Facts = profile?.Facts,
            Ipv4State = profile?.Ipv4State ?? default,
            Ipv6State = profile?.Ipv6State ?? default,
            FilterId = subscriber.FilterId,
            WalledGardenFilterId = subscriber.WalledGardenFilterId,
            MacAddress = subscriber.MacAddress,
            FramedRoutes = subscriber.FramedRoutes,
            OnuSerial = subscriber.OnuSerial,
            CpeMacAddress = subscriber.CpeMacAddress,
        };
    }
}
