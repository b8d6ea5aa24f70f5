using DotMac.Access.Provisioning.Services;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>Step 11: RADIUS lets the subscriber in. What was provisioned is written down, and those who want to know are told.</summary>
internal sealed class MarkActive(AccessDb db, Drivers drivers, ILineProfiles lines, ServiceLog log, EventOutbox outbox, TimeProvider clock)
    : ISagaAction<ProvisionState>
{
    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        if (await ActivateAddressesAsync(state, ct) is { } fault)
        {
            return fault;
        }

        var now = clock.GetUtcNow();
        var subscriber = (await db.Subscribers.FindAsync([step.TenantId, state.SubscriberId], ct))!;
        var service = await db.Services.SingleAsync(s => s.Id == state.ServiceId, ct);
        var from = service.Status;
        if ((subscriber.Move(SubscriberStatus.Active, now) ?? service.Move(ServiceStatus.Active, now)) is { } refusal)
        {
            return refusal.ToStep();
        }

        subscriber.NetboxIpId = state.Ipv4?.ExternalId;
        subscriber.VolthaOnuId = state.Onu?.Id;
        subscriber.GenieacsDeviceId = state.CpeDeviceId;
        subscriber.MonitoringId = state.MonitoringId;
        subscriber.Touch(now);
        var result = state.Note(step, StepResult.Ok(new { status = "active" }));
        service.ServiceMetadata = state.ToMetadata(step.RunId, now).Write();
        await db.SaveChangesAsync(ct);

        var failed = ProvisionSaga.Optional.Where(s => !state.Steps.ContainsKey(s)).ToList();
        var message = failed.Count == 0 ? null : $"Degraded: {string.Join(", ", failed)} failed and waits to be repaired.";
        await log.AddAsync(service, ServiceEventType.ProvisionCompleted, from, ct, new ServiceNote(message, step.RunId));
        // There is no channel to the customer yet: that he is to be told is on record.
        await log.AddAsync(
            service,
            ServiceEventType.NotificationDue,
            service.Status,
            ct,
            new ServiceNote("subscriber.activated", step.RunId)
        );
        outbox.Publish(new SubscriberActivated(state.SubscriberId, state.ServiceId, state.Username, step.RunId, failed.Count > 0));
        return result;
    }

    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        var service = await db.Services.SingleAsync(s => s.Id == state.ServiceId, ct);
        // From here on it is being provisioned again, and may fail.
        if ((subscriber.Move(SubscriberStatus.Pending, now) ?? service.Move(ServiceStatus.Provisioning, now)) is { } refusal)
        {
            return refusal.ToStep();
        }

        subscriber.Touch(now);
        await db.SaveChangesAsync(ct);
        outbox.Publish(new LoginDisabled(subscriber.Id, subscriber.Username));
        return StepResult.Ok();
    }

    /// <summary>The addresses are in use from now on: in the profile, and in a plan that stays in our database.</summary>
    private async Task<StepResult?> ActivateAddressesAsync(ProvisionState state, CancellationToken ct)
    {
        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        AddressKind[] kinds = [.. new[] { state.Ipv4, state.Ipv6, state.DelegatedPrefix }.OfType<HeldAddress>().Select(h => h.Kind)];
        if (
            kinds.Length > 0
            && !plan.CallsOut
            && (await plan.MoveAllAsync(state.SubscriberId, kinds, AddressState.Active, ct)).Fault is { } fault
        )
        {
            return fault.ToStep();
        }

        var moves = new[] { (state.Ipv4, AddressFamilyKind.Ipv4), (state.Ipv6 ?? state.DelegatedPrefix, AddressFamilyKind.Ipv6) }
            .Where(f => f.Item1 is not null)
            .SelectMany(f => new[] { (f.Item2, AddressState.Allocated), (f.Item2, AddressState.Active) })
            .ToList();
        return moves.Count == 0 ? null : (await lines.MoveAsync(state.SubscriberId, moves, ct)).Fault?.ToStep();
    }
}
