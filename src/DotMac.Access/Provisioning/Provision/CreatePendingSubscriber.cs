using DotMac.Access.Subscribers;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>Step 2: the subscriber's row, pending: it has a number and a name, and RADIUS refuses it.</summary>
internal sealed class CreatePendingSubscriber(AccessDb db, UnitOfWork work, TimeProvider clock) : ISagaAction<ProvisionState>
{
    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        state.Number = state.SubscriberNumber ?? await DrawnAsync(state, ct);
        await SubscriberNames.FreeAsync(work, state.Username, state.Number, now, ct);
        var subscriber = new Subscriber
        {
            TenantId = step.TenantId,
            Id = state.SubscriberId,
            SubscriberNumber = state.Number,
            Username = state.Username,
            Password = state.Password,
            SimultaneousUse = state.SimultaneousUse,
            FullName = state.FullName,
            ServiceType = state.ServiceType,
            CustomerId = state.CustomerId,
            UserId = state.UserId,
            ServiceAddress = state.ServiceAddress,
            ServiceLatitude = state.ServiceLatitude,
            ServiceLongitude = state.ServiceLongitude,
            OnuSerial = state.OnuSerial,
            CpeMacAddress = state.CpeMacAddress,
            Notes = state.Notes,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Subscribers.Add(subscriber.AsPending());
        var asked = new SubscriberFields(state.Username, SubscriberNumber: state.Number);
        return await db.TrySaveAsync(ct, null, SubscriberErrors.Conflicts(asked)) is { } error
            ? error.ToStep()
            : state.Note(
                step,
                StepResult.Ok(
                    new
                    {
                        state.SubscriberId,
                        subscriber_number = state.Number,
                        status = "pending",
                    }
                )
            );
    }

    /// <summary>The number drawn with the order, unless somebody was given it by hand since.</summary>
    private async Task<string> DrawnAsync(ProvisionState state, CancellationToken ct) =>
        state.Number is { } drawn && !await SubscriberNumbers.IsTakenAsync(work, drawn, ct)
            ? drawn
            : await SubscriberNumbers.NextAsync(work, ct);

    /// <summary>It was never in service: nothing remembers it but the audit trail.</summary>
    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        if (await db.Subscribers.SingleOrDefaultAsync(s => s.Id == state.SubscriberId, ct) is { } subscriber)
        {
            db.Subscribers.Remove(subscriber);
            await db.SaveChangesAsync(ct);
        }

        return StepResult.Ok();
    }
}
