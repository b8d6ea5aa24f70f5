using Dapper;
using DotMac.Access.Provisioning.Changes;
using DotMac.Access.Provisioning.Services;
using DotMac.Access.Subscribers;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>Keeps what was decided beside what has been carried out, and starts the run that brings the second in line with the first.</summary>
internal sealed class SuspensionFollower(AccessDb db, UnitOfWork work, ISagaRuns runs, ServiceLog log, TimeProvider clock)
{
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(2);

    // What has been carried out is compared, the ONU and billing where there are such; while a run is at it, nobody knows what that will have been.
    private const string Keep = """
        INSERT INTO suspension_states AS s (tenant_id, subscriber_id, decided, decided_at, due_at) VALUES (@TenantId, @subscriber, @access, @now, @due)
        ON CONFLICT (tenant_id, subscriber_id) DO UPDATE SET due_at = excluded.due_at, decided = excluded.decided,
            decided_at = CASE WHEN s.decided = excluded.decided THEN s.decided_at ELSE excluded.decided_at END
        RETURNING carried_out <> @access OR carried_filter IS DISTINCT FROM @filter
            OR (onu_down <> @onuDown AND @onu::text IS NOT NULL)
            OR (billing_paused <> @pausesBilling AND EXISTS (SELECT 1 FROM service_instances i WHERE i.subscriber_id = @subscriber AND i.status NOT IN (3, 11)))
            OR EXISTS (SELECT 1 FROM saga_runs r WHERE r.subject_id = @subscriber AND r.status IN (0, 1) AND r.definition IN ('suspend', 'resume'))
        """;

    private const string KeepRun = """
        UPDATE suspension_states SET run_id = coalesce(@run, run_id), due_at = CASE WHEN @run IS NULL THEN least(due_at, @again) ELSE due_at END
        WHERE subscriber_id = @subscriber
        """;

    /// <param name="due">When time alone changes the decision.</param>
    /// <param name="jobId">The bulk job that the run belongs to.</param>
    public async Task FollowAsync(Subscriber subscriber, DecidedAccess decided, DateTimeOffset? due, Guid? jobId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var differs = await work.Connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                Keep,
                new
                {
                    work.TenantId,
                    subscriber = subscriber.Id,
                    access = (short)decided.Access,
                    filter = decided.FilterId,
                    onuDown = decided.TakesOnuDown,
                    onu = subscriber.OnuSerial,
                    pausesBilling = decided.PausesBilling,
                    now,
                    due,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        if (!differs)
        {
            await RenameAsync(subscriber.Id, decided, now, ct);
            return;
        }

        var change = new AccessChange
        {
            SubscriberId = subscriber.Id,
            Number = subscriber.SubscriberNumber,
            Wanted = decided,
        };
        // Another run has the line: the watch starts this one when that has ended.
        var started = await runs.StartAsync(
            change.IsResumption ? AccessSagas.Resume : AccessSagas.Suspend,
            change,
            new RunOrder(subscriber.Id, subscriber.SubscriberNumber, jobId),
            ct
        );
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                KeepRun,
                new
                {
                    subscriber = subscriber.Id,
                    run = started.Error is null ? started.Value : (Guid?)null,
                    again = now + WhenBusy,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
    }

    /// <summary>Suspended as before, for other reasons: nothing in the network follows, and the service is called by them.</summary>
    private async Task RenameAsync(Guid subscriber, DecidedAccess decided, DateTimeOffset now, CancellationToken ct)
    {
        if (
            decided.Access == LineAccess.Open
            || await db.ServiceOfAsync(subscriber, ct) is not { } service
            || !service.Status.IsInService()
            || service.Status == decided.StatusOfService()
        )
        {
            return;
        }

        var (from, reasons) = (service.Status, string.Join(", ", decided.Reasons));
        if (service.Move(decided.StatusOfService(), now, reasons) is null)
        {
            await db.SaveChangesAsync(ct);
            await log.AddAsync(service, ServiceEventType.StatusChanged, from, ct, new ServiceNote(reasons));
        }
    }
}
