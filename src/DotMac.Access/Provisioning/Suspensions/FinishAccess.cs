using Dapper;
using DotMac.Access.Provisioning.Services;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>Last step: what was decided is carried out, and the service's status says so.</summary>
internal sealed class FinishAccess(AccessDb db, UnitOfWork work, EventOutbox outbox, ServiceLog log, TimeProvider clock)
    : ISagaAction<AccessChange>
{
    // What was decided while the run was under way waits for it, for two seconds; it need not.
    private const string LookAgain = """
        UPDATE suspension_states SET due_at = @now WHERE subscriber_id = @SubscriberId AND decided <> carried_out
        """;

    private const string Keep = """
        UPDATE suspension_states SET carried_out = @access, carried_filter = @FilterId, onu_down = @onuDown, billing_paused = @billingPaused,
            resumed_at = CASE WHEN @resumed THEN decided_at END, proof = @Proof,
            first_login_at = CASE WHEN @resumed AND resumed_at = decided_at THEN first_login_at END
        WHERE subscriber_id = @SubscriberId
        """;

    public async Task<StepResult> RunAsync(AccessChange state, StepContext step, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (state.IsOvertaken)
        {
            await ExecuteAsync(LookAgain, new { state.SubscriberId, now }, ct);
            return StepResult.Skip("Something else was decided since.");
        }

        await ExecuteAsync(
            Keep,
            new
            {
                state.SubscriberId,
                access = (short)state.Wanted.Access,
                state.Wanted.FilterId,
                onuDown = state.OnuWasDown,
                billingPaused = state.BillingWasPaused,
                resumed = state.IsResumption,
                state.Proof,
            },
            ct
        );
        await ExecuteAsync(LookAgain, new { state.SubscriberId, now }, ct);
        if (state.ServiceId is { } id && await db.Services.SingleOrDefaultAsync(s => s.Id == id, ct) is { } service)
        {
            var (from, reasons) = (service.Status, string.Join(", ", state.Wanted.Reasons));
            if (from.IsInService() && service.Move(state.Wanted.StatusOfService(), now, reasons) is { } refusal)
            {
                return refusal.ToStep();
            }

            service.RunId = step.RunId;
            await db.SaveChangesAsync(ct);
            var type = state.IsResumption ? ServiceEventType.ResumptionCompleted : ServiceEventType.SuspensionCompleted;
            var note = state.IsResumption ? state.Proof : $"{Words.Of(state.Wanted.Access)}: {reasons}";
            await log.AddAsync(service, type, from, ct, new ServiceNote(note, step.RunId));
        }

        outbox.Publish(
            state.IsResumption
                ? new SubscriberResumed(state.SubscriberId, state.ServiceId, step.RunId, state.Proof is not null)
                : new SubscriberSuspended(
                    state.SubscriberId,
                    state.ServiceId,
                    step.RunId,
                    Words.Of(state.Wanted.Access),
                    state.Wanted.Reasons
                )
        );
        return StepResult.Ok(new { access = Words.Of(state.Wanted.Access) });
    }

    public Task<StepResult> UndoAsync(AccessChange state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Skip("It is the last step: there is nothing after it that fails."));

    private Task<int> ExecuteAsync(string sql, object values, CancellationToken ct) =>
        work.Connection.ExecuteAsync(new CommandDefinition(sql, values, work.Transaction, cancellationToken: ct));
}
