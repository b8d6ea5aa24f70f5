using DotMac.Access.NetworkProfiles;
using DotMac.Access.Provisioning.Services;
using DotMac.Contracts.Access;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>
/// Step 6: the login, complete: credentials, rates, limits, and the line with everything that was allocated for it. It comes after the
/// allocation, so that already the first reply is whole. Until the run ends RADIUS refuses it as pending.
/// </summary>
internal sealed class CreateAaaAccount(
    AccessDb db,
    ILineProfiles lines,
    ITenantFlags flags,
    StaticAddressBypass bypass,
    ServiceLog log,
    TimeProvider clock
) : ISagaAction<ProvisionState>
{
    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        if (state.StaticIpBypass)
        {
            var needs = AddressNeeds.Of(state.Facts!, await flags.ReadAsync(ct));
            var service = await db.Services.SingleAsync(s => s.Id == state.ServiceId, ct);
            foreach (var need in needs.Where(n => n.IsStatic))
            {
                bypass.Note(state.SubscriberId, need.Kind, need.Static!.Value, step.RunId, state.ServiceId);
                await log.AddAsync(
                    service,
                    ServiceEventType.StaticAddressBypassed,
                    service.Status,
                    ct,
                    Bypasses.NoteOf(need.Static.Value, step.RunId)
                );
            }
        }

        // Of one row with the line: both are written by one save.
        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        subscriber.BandwidthProfileId = state.PlanId;
        subscriber.SessionTimeout = state.SessionTimeout;
        subscriber.IdleTimeout = state.IdleTimeout;
        subscriber.AcctInterimInterval = state.AcctInterimInterval;
        subscriber.FilterId = state.FilterId;
        if (subscriber.SetAccount(exists: true) is { } refusal)
        {
            return refusal.ToStep();
        }

        var written = await lines.ChangeAsync(state.SubscriberId, _ => state.FactsWithHoldings(), ct);
        if (written.Fault is { } fault)
        {
            return fault.ToStep();
        }

        state.Facts = written.Profile!.Facts;
        return state.Note(
            step,
            StepResult.Ok(
                new
                {
                    state.Username,
                    state.Facts,
                    state.Plan,
                }
            )
        );
    }

    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        subscriber.BandwidthProfileId = null;
        if (subscriber.SetAccount(exists: false) is { } refusal)
        {
            return refusal.ToStep();
        }

        subscriber.Touch(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return StepResult.Ok();
    }
}
