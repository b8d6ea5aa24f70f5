using DotMac.Access.Provisioning.Changes;
using DotMac.Access.Provisioning.Services;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>Step 1: the plan is there, and its rates are those that the line gets. Customers are not kept yet: who is named is taken as named.</summary>
internal sealed class VerifyCustomerAndPlan(AccessDb db, UnitOfWork work, ServiceLog log, TimeProvider clock) : ISagaAction<ProvisionState>
{
    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        state.Plan = await work.PlanAsync(state.PlanId, ct);
        if (state.Plan is null)
        {
            return StepResult.Fail("plan.not_found", "The plan is gone.");
        }

        var service = await db.Services.SingleAsync(s => s.Id == state.ServiceId, ct);
        var from = service.Status;
        service.RunId = step.RunId;
        if (service.Move(ServiceStatus.Provisioning, clock.GetUtcNow()) is { } refusal)
        {
            return refusal.ToStep();
        }

        await db.SaveChangesAsync(ct);
        await log.AddAsync(service, ServiceEventType.ProvisionStarted, from, ct);
        var note = state.CustomerId is null ? "No customer is named." : "Customers are not kept here yet: not checked.";
        return state.Note(step, StepResult.Ok(new { plan = state.Plan, state.CustomerId }, note));
    }

    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        var service = await db.Services.SingleAsync(s => s.Id == state.ServiceId, ct);
        var from = service.Status;
        if (service.Move(ServiceStatus.ProvisioningFailed, clock.GetUtcNow(), "The run failed and was undone.") is { } refusal)
        {
            return refusal.ToStep();
        }

        await db.SaveChangesAsync(ct);
        var why = step.Failure;
        var note = new ServiceNote(
            $"{why?.Message} Everything that was done has been undone.".TrimStart(),
            step.RunId,
            why?.Code ?? "provision.undone",
            why is null
                ? null
                : new
                {
                    step = why.Step,
                    code = why.Code,
                    message = why.Message,
                    run_id = step.RunId,
                }
        );
        await log.AddAsync(service, ServiceEventType.ProvisionFailed, from, ct, note);
        return StepResult.Ok();
    }
}
