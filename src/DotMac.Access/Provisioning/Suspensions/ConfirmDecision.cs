using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>
/// First step: what was decided still holds, and the AAA plane has it. Looks up what the line has that must follow, and what its reasons want
/// of the ONU and of billing by now. A decision that was changed since makes the run do nothing.
/// </summary>
internal sealed class ConfirmDecision(UnitOfWork work, SuspensionBook book) : ISagaAction<AccessChange>
{
    private const string Now = """
        SELECT x.decided, s.suspension_filter_id AS filter_id, x.onu_down, x.billing_paused, s.onu_serial,
            (SELECT i.id FROM service_instances i WHERE i.subscriber_id = s.id AND i.status NOT IN (3, 11)) AS service_id
        FROM subscribers s JOIN suspension_states x ON x.subscriber_id = s.id
        WHERE s.id = @SubscriberId AND s.deleted_at IS NULL
        """;

    public async Task<StepResult> RunAsync(AccessChange state, StepContext step, CancellationToken ct)
    {
        var now = await work.Connection.QuerySingleOrDefaultAsync<Standing>(
            new CommandDefinition(Now, new { state.SubscriberId }, work.Transaction, cancellationToken: ct)
        );
        if (now is null || (LineAccess)now.Decided != state.Wanted.Access || now.FilterId != state.Wanted.FilterId)
        {
            state.IsOvertaken = true;
            return StepResult.Skip("Something else was decided since.");
        }

        state.IsOvertaken = false;
        var judged = await book.JudgeAsync(state.SubscriberId, ct);
        state.Wanted = state.Wanted with { TakesOnuDown = judged.TakesOnuDown, PausesBilling = judged.PausesBilling };
        (state.ServiceId, state.OnuSerial) = (now.ServiceId, now.OnuSerial);
        (state.OnuWasDown, state.BillingWasPaused) = (now.OnuDown, now.BillingPaused);
        return StepResult.Ok(
            new
            {
                access = Words.Of(state.Wanted.Access),
                state.Wanted.FilterId,
                state.Wanted.Reasons,
            },
            state.IsResumption ? "No reason is left; new sign-ons are let in." : "New sign-ons follow since the reason was recorded."
        );
    }

    public Task<StepResult> UndoAsync(AccessChange state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Skip("The reasons say what the AAA plane does; they are ended or added one by one."));

    private sealed record Standing(short Decided, string? FilterId, bool OnuDown, bool BillingPaused, string? OnuSerial, Guid? ServiceId);
}
