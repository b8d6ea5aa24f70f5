using DotMac.Access.NetworkProfiles;
using DotMac.Access.Provisioning.Changes;
using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Onus;

/// <summary>What the steps of an attachment read and write; a new shape is a new version of the definition.</summary>
internal sealed record AttachState
{
    public required Guid SubscriberId { get; init; }
    public required string Number { get; init; }
    public required string Serial { get; init; }

    /// <summary>The serial that stood on the subscriber before; null when there was none.</summary>
    public string? Before { get; set; }

    /// <summary>He is suspended with his ONU down: this one stays down as well, until he is resumed.</summary>
    public bool StaysDown { get; set; }
    public int? ServiceVlan { get; set; }
    public int? InnerVlan { get; set; }
    public int DownKbps { get; set; }
    public int UpKbps { get; set; }

    /// <summary>What the PON controller answered.</summary>
    public ProvisionedOnu? Onu { get; set; }

    /// <summary>The controller's id of the ONU that stood on the subscriber before, and the service's metadata, to go back to.</summary>
    public string? IdBefore { get; set; }
    public string? MetadataBefore { get; set; }
}

/// <summary>A discovered ONU becomes a subscriber's: its serial is written on him, and it carries his service, or waits for it to be resumed.</summary>
internal static class AttachSaga
{
    public const string Name = "attach_onu";

    private static readonly SagaStep[] Steps =
    [
        SagaStep.Of<WriteSerial>("write_serial", "subscribers"),
        SagaStep.Of<ActivateAttachedOnu>("activate_onu", "pon") with
        {
            Timeout = TimeSpan.FromSeconds(60),
        },
    ];

    /// <summary>Runs that were begun before the controller's answer was written down.</summary>
    public static readonly SagaDefinition First = SagaDefinition.Of<AttachState>(Name, 1, Steps);

    public static readonly SagaDefinition Definition = SagaDefinition.Of<AttachState>(
        Name,
        2,
        [.. Steps, SagaStep.Of<MarkAttached>("mark_attached", "subscribers")]
    );
}

/// <summary>The serial stands on the subscriber; what the line says is read for the ONU.</summary>
internal sealed class WriteSerial(
    AccessDb db,
    UnitOfWork work,
    ILineProfiles lines,
    ITenantFlags flags,
    SuspendedOnus suspended,
    TimeProvider clock
) : ISagaAction<AttachState>
{
    public async Task<StepResult> RunAsync(AttachState state, StepContext step, CancellationToken ct)
    {
        var subscriber = await db.Subscribers.SingleOrDefaultAsync(s => s.Id == state.SubscriberId && s.DeletedAt == null, ct);
        if (subscriber is null || subscriber.Status is not (SubscriberStatus.Active or SubscriberStatus.Suspended))
        {
            return StepResult.Fail("attach.not_in_service", "The subscriber is not in service.");
        }

        if (subscriber.BandwidthProfileId is not { } planId || await work.PlanAsync(planId, ct) is not { } plan)
        {
            return StepResult.Fail("attach.no_profile", "The subscriber has no bandwidth profile: the ONU's rates are not known.");
        }

        state.Before = subscriber.OnuSerial;
        (state.ServiceVlan, state.InnerVlan) =
            (await lines.FindAsync(subscriber.Id, ct))?.Facts.VlansInForce(await flags.ReadAsync(ct))
            ?? (subscriber.VlanId, subscriber.InnerVlan);
        state.DownKbps = plan.DownKbps;
        state.UpKbps = plan.UpKbps;
        state.StaysDown = await suspended.KeepDownAsync(subscriber, ct);
        return await WriteAsync(subscriber, state.Serial, ct) is { } fault ? fault : StepResult.Ok();
    }

    public async Task<StepResult> UndoAsync(AttachState state, StepContext step, CancellationToken ct)
    {
        var subscriber = await db.Subscribers.SingleOrDefaultAsync(s => s.Id == state.SubscriberId, ct);
        return subscriber?.OnuSerial == state.Serial && await WriteAsync(subscriber, state.Before, ct) is { } fault
            ? fault
            : StepResult.Ok();
    }

    private async Task<StepResult?> WriteAsync(Subscriber subscriber, string? serial, CancellationToken ct)
    {
        if (subscriber.OnuSerial == serial)
        {
            return null;
        }

        subscriber.OnuSerial = serial;
        subscriber.Touch(clock.GetUtcNow());
        return await db.TrySaveAsync(ct, null, ("subscribers_onu_key", AttachErrors.OnuTaken)) is { } error ? error.ToStep() : null;
    }
}

/// <summary>The ONU carries the service, with the VLANs and rates of the line.</summary>
internal sealed class ActivateAttachedOnu(Drivers drivers) : ISagaAction<AttachState>
{
    private IPonController? pon;

    public async ValueTask<bool> CallsOutAsync(AttachState state, CancellationToken ct)
    {
        pon = await drivers.ForAsync<IPonController>(ct);
        return pon.CallsOut;
    }

    public async Task<StepResult> RunAsync(AttachState state, StepContext step, CancellationToken ct)
    {
        var order = new OnuOrder(
            step.DoKey,
            state.Serial,
            state.SubscriberId,
            state.Number,
            state.ServiceVlan,
            state.InnerVlan,
            state.DownKbps,
            state.UpKbps,
            IsUp: !state.StaysDown
        );
        var answer = await pon!.ActivateAsync(order, ct);
        state.Onu = answer.Value is { } onu ? ProvisionedOnu.Of(onu) : null;
        return answer.Fault is { } fault ? fault.ToStep()
            : !answer.IsConfigured ? StepResult.Fail("pon.not_configured", "No PON controller is configured.")
            : StepResult.Ok(answer.Value, OnuNotes.Of(answer.Value!, state.StaysDown));
    }

    public async Task<StepResult> UndoAsync(AttachState state, StepContext step, CancellationToken ct) =>
        string.Equals(state.Before, state.Serial, StringComparison.Ordinal)
            ? StepResult.Skip("It was his before.")
            : (await pon!.RemoveAsync(step.Key, state.Serial, state.SubscriberId, ct)).ToUndone("PON controller");
}

/// <summary>Subscriber and service know the ONU as the controller does.</summary>
internal sealed class MarkAttached(AccessDb db, TimeProvider clock) : ISagaAction<AttachState>
{
    public async Task<StepResult> RunAsync(AttachState state, StepContext step, CancellationToken ct)
    {
        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        state.IdBefore = subscriber.VolthaOnuId;
        var service = await db.ServiceOfAsync(state.SubscriberId, ct);
        state.MetadataBefore = service?.ServiceMetadata;
        await WriteAsync(
            subscriber,
            state.Onu?.Id,
            service,
            service is null ? null : (Provisioned.Read(service.ServiceMetadata) with { Onu = state.Onu }).Write(),
            ct
        );
        return StepResult.Ok(state.Onu);
    }

    public async Task<StepResult> UndoAsync(AttachState state, StepContext step, CancellationToken ct)
    {
        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        var service = await db.ServiceOfAsync(state.SubscriberId, ct);
        await WriteAsync(subscriber, state.IdBefore, service, state.MetadataBefore, ct);
        return StepResult.Ok();
    }

    private async Task WriteAsync(Subscriber subscriber, string? id, ServiceInstance? service, string? metadata, CancellationToken ct)
    {
        subscriber.VolthaOnuId = id;
        subscriber.Touch(clock.GetUtcNow());
        if (service is not null && metadata is not null)
        {
            service.ServiceMetadata = metadata;
            service.Touch(clock.GetUtcNow());
        }

        await db.SaveChangesAsync(ct);
    }
}
