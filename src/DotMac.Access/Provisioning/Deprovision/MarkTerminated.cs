using System.Text.Json;
using Dapper;
using DotMac.Access.NetworkProfiles;
using DotMac.Access.Provisioning.Services;
using DotMac.Access.Provisioning.Suspensions;
using DotMac.Contracts.Access;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>Step 9, the last: terminated, which is final. What was only for this service goes: its caps, what held or suspended it, its devices.</summary>
internal sealed class MarkTerminated(
    AccessDb db,
    UnitOfWork work,
    SuspensionBook suspensions,
    ISagaRuns runs,
    AuditTrail audit,
    ServiceLog log,
    EventOutbox outbox,
    TimeProvider clock
) : ISagaAction<DeprovisionState>
{
    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await suspensions.CloseAsync(state.SubscriberId, "terminated", ct);
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                """
                DELETE FROM subscriber_quotas WHERE subscriber_id = @SubscriberId;
                DELETE FROM quota_marks WHERE subscriber_id = @SubscriberId;
                """,
                new { state.SubscriberId },
                work.Transaction,
                cancellationToken: ct
            )
        );
        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        var service = await db.Services.SingleOrDefaultAsync(s => s.Id == state.ServiceId, ct);
        var from = service?.Status ?? default;
        if (
            (subscriber.Move(SubscriberStatus.Terminated, now) ?? service?.Move(ServiceStatus.Terminated, now, state.Reason)) is { } refusal
        )
        {
            return refusal.ToStep();
        }

        // What a line was told that never had a profile is for others now too; the audit trail keeps it as it keeps profiles.
        var line = new Line(subscriber, row: null);
        if (state.Before!.Facts is null && line.IsSet)
        {
            var last = JsonSerializer.Serialize(line.Facts, Provisioned.Json);
            audit.Note("network_profile.retired", LineWriter.Entity, state.SubscriberId.ToString(), before: last);
            subscriber.SetLine(new LineFacts { Option82Policy = subscriber.Option82Policy });
        }

        (subscriber.OnuSerial, subscriber.CpeMacAddress) = (null, null);
        (subscriber.NetboxIpId, subscriber.VolthaOnuId) = (null, null);
        (subscriber.GenieacsDeviceId, subscriber.MonitoringId) = (null, null);
        subscriber.Touch(now);
        await db.SaveChangesAsync(ct);
        if (service is not null)
        {
            await log.AddAsync(service, ServiceEventType.TerminationCompleted, from, ct, new ServiceNote(state.Reason, step.RunId));
            var told = new ServiceNote("subscriber.terminated", step.RunId);
            await log.AddAsync(service, ServiceEventType.NotificationDue, service.Status, ct, told);
        }

        var cancelled = await CloseRunsAsync(state, service, step, ct);
        outbox.Publish(new SubscriberTerminated(state.SubscriberId, state.ServiceId ?? Guid.Empty, state.Username, step.RunId));
        return StepResult.Ok(new { status = "terminated", cancelled });
    }

    /// <summary>
    /// What was ordered for later is not wanted any more, nor are repairs of what is gone. Here and no sooner: an end that turns back leaves
    /// them as they were, and until then none of them begins, because this run has the subscriber.
    /// </summary>
    private async Task<IReadOnlyList<Guid>> CloseRunsAsync(
        DeprovisionState state,
        ServiceInstance? service,
        StepContext step,
        CancellationToken ct
    )
    {
        var closed = await runs.CloseSubjectAsync(state.SubscriberId, "The service was ended (deprovision).", ct);
        var cancelled = closed.Where(r => r.Status == SagaStatus.Compensated).ToList();
        foreach (var run in service is null ? [] : cancelled)
        {
            var ordered = await log.OrderedAsync(service!.Id, run.Id, ct);
            var note = new ServiceNote(
                $"It was ordered for later, and the service ended before: {ordered ?? run.Definition}.",
                run.Id,
                "run.cancelled",
                new { by = step.RunId, ordered }
            );
            await log.AddAsync(service!, ServiceEventType.ModificationFailed, service!.Status, ct, note);
        }

        return [.. cancelled.Select(r => r.Id)];
    }

    /// <summary>It stays in the database and is the last: either it is done and the run is over, or nothing of it is.</summary>
    public Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Fail("deprovision.terminated", "A terminated subscriber does not come back: order it anew."));
}
