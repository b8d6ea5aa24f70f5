using Dapper;
using DotMac.Access.NetworkProfiles;
using DotMac.Access.Provisioning.Onus;
using DotMac.Access.Provisioning.Services;
using DotMac.Access.Provisioning.Suspensions;
using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>Both plans, and what the line has that must follow.</summary>
internal sealed class VerifyPlan(
    AccessDb db,
    UnitOfWork work,
    ILineProfiles lines,
    SuspendedOnus suspended,
    ServiceLog log,
    TimeProvider clock
) : ISagaAction<PlanChange>
{
    public async Task<StepResult> RunAsync(PlanChange state, StepContext step, CancellationToken ct)
    {
        var subscriber = await db.Subscribers.SingleOrDefaultAsync(s => s.Id == state.SubscriberId && s.DeletedAt == null, ct);
        if (subscriber is null)
        {
            return AccessErrors.SubscriberNotFound.ToStep();
        }

        if (!subscriber.Status.IsChangeable())
        {
            return ChangeErrors.NotInService(Words.Of(subscriber.Status)).ToStep();
        }

        if (subscriber.BandwidthProfileId == state.PlanId)
        {
            return ChangeErrors.SamePlan.ToStep();
        }

        if (await work.PlanAsync(state.PlanId, ct) is not { } plan)
        {
            return ChangeErrors.PlanNotFound.ToStep();
        }

        (state.OldPlanId, state.Plan, state.OnuSerial) = (subscriber.BandwidthProfileId, plan, subscriber.OnuSerial);
        state.OldPlan = subscriber.BandwidthProfileId is { } old ? await work.PlanAsync(old, ct) : null;
        state.ServiceId = (await db.ServiceOfAsync(state.SubscriberId, ct))?.Id;
        state.Network = await NetworkAsync(state, subscriber, ct);
        return StepResult.Ok(
            new
            {
                from = state.OldPlan?.Name,
                to = plan.Name,
                vlan_pool = state.Network?.Vlan?.Pool,
            }
        );
    }

    public async Task<StepResult> UndoAsync(PlanChange state, StepContext step, CancellationToken ct)
    {
        await log.TurnedBackAsync(db, state, step, ct);
        return StepResult.Ok();
    }

    /// <summary>
    /// Where the defaults of the two plans name different pools, and the line's VLAN came from the old one's: the change to the new one's. A
    /// VLAN that was given by hand, and a pool that is the line's own choice, stay.
    /// </summary>
    private async Task<NetworkChange?> NetworkAsync(PlanChange state, Subscriber subscriber, CancellationToken ct)
    {
        if (await lines.FindAsync(subscriber.Id, ct) is not { Facts: { ServiceVlan: not null, VlanPool: not null } line } profile)
        {
            return null;
        }

        var old = await lines.DefaultsAsync(state.OldPlanId, line.SiteId, ct);
        var now = await lines.DefaultsAsync(state.PlanId, line.SiteId, ct);
        if (now.VlanPool is null || now.VlanPool == line.VlanPool || line.VlanPool != old.VlanPool)
        {
            return null;
        }

        return new NetworkChange
        {
            SubscriberId = state.SubscriberId,
            Number = state.Number,
            Holder = Guid.CreateVersion7(clock.GetUtcNow()),
            Vlan = new WishFilling(line, old, now).Fill(new VlanWish(now.VlanPool, null, null, null)),
            Before = line,
            LifeBefore = new LifeBefore(profile.Ipv4State, profile.Ipv6State),
            DevicesBefore = DevicePlace.Of(subscriber),
            Plan = state.Plan,
            ServiceId = state.ServiceId,
            KeepsOnuDown = await suspended.KeepDownAsync(subscriber, ct),
        };
    }
}

/// <summary>The next sign-on gets the new rates.</summary>
internal sealed class SwitchPlan(AccessDb db, TimeProvider clock) : ISagaAction<PlanChange>
{
    public Task<StepResult> RunAsync(PlanChange state, StepContext step, CancellationToken ct) => SetAsync(state, state.PlanId, ct);

    public Task<StepResult> UndoAsync(PlanChange state, StepContext step, CancellationToken ct) => SetAsync(state, state.OldPlanId, ct);

    private async Task<StepResult> SetAsync(PlanChange state, Guid? plan, CancellationToken ct)
    {
        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        subscriber.BandwidthProfileId = plan;
        subscriber.Touch(clock.GetUtcNow());
        return await db.TrySaveAsync(ct, SuspensionErrors.Changed) is { } error ? error.ToStep() : StepResult.Ok(new { plan });
    }
}

/// <summary>The ONU gets the new rates.</summary>
internal sealed class RerateOnu(Drivers drivers, ILineProfiles lines, ITenantFlags flags) : ISagaAction<PlanChange>
{
    private const string OnuUnknown = "pon.onu_unknown";
    private IPonController? pon;

    /// <summary>The line goes back to its old VLAN only when this is undone.</summary>
    private (int? Service, int? Inner) before;
    private (int? Service, int? Inner) now;

    public async ValueTask<bool> CallsOutAsync(PlanChange state, CancellationToken ct)
    {
        if (state.OnuSerial is null)
        {
            return false;
        }

        pon = await drivers.ForAsync<IPonController>(ct);
        var facts = (await lines.FindAsync(state.SubscriberId, ct))?.Facts;
        var tenantFlags = await flags.ReadAsync(ct);
        now = facts?.VlansInForce(tenantFlags) ?? default;
        before = (state.Network?.Before ?? facts)?.VlansInForce(tenantFlags) ?? default;
        return pon.CallsOut;
    }

    public Task<StepResult> RunAsync(PlanChange state, StepContext step, CancellationToken ct) =>
        OrderAsync(state, step.Key, state.Plan, now, ct);

    public async Task<StepResult> UndoAsync(PlanChange state, StepContext step, CancellationToken ct) =>
        await OrderAsync(state, step.Key, state.RatesBack(), before, ct) is var undone && undone is StepResult.Failed { Code: OnuUnknown }
            ? StepResult.Skip("No port sees the ONU: it carries no rates.")
            : undone;

    private async Task<StepResult> OrderAsync(
        PlanChange state,
        string key,
        ProvisionedPlan? plan,
        (int? Service, int? Inner) vlans,
        CancellationToken ct
    )
    {
        if (state.OnuSerial is not { } serial || plan is not { } rates)
        {
            return StepResult.Skip(state.OnuSerial is null ? "The line has no ONU." : "It had no plan before.");
        }

        var onu = await pon!.FindAsync(serial, ct);
        if (onu.Value is { Admin: OnuAdmin.Discovered })
        {
            return StepResult.Skip("The ONU carries nothing; it gets its rates when it is ordered.");
        }

        // One that is down, by a suspension or by hand, stays so: with the new rates in the books, for when it is brought up.
        var isDown = onu.Value is { Admin: OnuAdmin.Disabled };

        var order = new OnuOrder(
            key,
            serial,
            state.SubscriberId,
            state.Number,
            vlans.Service,
            vlans.Inner,
            rates.DownKbps,
            rates.UpKbps,
            IsUp: !isDown
        );
        var answer = await pon.ActivateAsync(order, ct);
        return answer.Fault is { } fault ? fault.ToStep()
            : answer.IsConfigured ? StepResult.Ok(answer.Value, OnuNotes.Of(answer.Value!))
            : StepResult.NoDriver("PON controller");
    }
}

/// <summary>From now on the new plan is charged for; what is owed for both parts of the period follows from this record.</summary>
internal sealed class BookPlan(Drivers drivers, TimeProvider clock) : ISagaAction<PlanChange>
{
    private IServiceBilling? billing;

    public async ValueTask<bool> CallsOutAsync(PlanChange state, CancellationToken ct)
    {
        if (state.ServiceId is null)
        {
            return false;
        }

        billing = await drivers.ForAsync<IServiceBilling>(ct);
        return billing.CallsOut;
    }

    public async Task<StepResult> RunAsync(PlanChange state, StepContext step, CancellationToken ct)
    {
        if (state.ServiceId is not { } service)
        {
            return StepResult.Skip("Nothing is charged for: the line has no provisioned service.");
        }

        var from = clock.GetUtcNow();
        var answer = await billing!.ChangePlanAsync(step.DoKey, service, state.PlanId, from, ct);
        return answer.Fault is { } fault ? fault.ToStep()
            : answer.IsConfigured ? StepResult.Ok(new { plan = state.PlanId, from })
            : StepResult.NoDriver("billing system");
    }

    public async Task<StepResult> UndoAsync(PlanChange state, StepContext step, CancellationToken ct) =>
        state.ServiceId is null ? StepResult.Ok() : (await billing!.VoidAsync(step.DoKey, ct)).ToUndone("billing system");
}

/// <summary>The service remembers the plan that it has now.</summary>
internal sealed class FinishPlan(AccessDb db, ServiceLog log, EventOutbox outbox, TimeProvider clock) : ISagaAction<PlanChange>
{
    public async Task<StepResult> RunAsync(PlanChange state, StepContext step, CancellationToken ct)
    {
        if (await KeepAsync(state, state.PlanId, state.Plan, step, ct) is { } service)
        {
            var note = new ServiceNote($"Plan {state.Plan!.Name}", step.RunId);
            await log.AddAsync(service, ServiceEventType.ModificationCompleted, service.Status, ct, note);
        }

        outbox.Publish(new SubscriberPlanChanged(state.SubscriberId, state.ServiceId, state.OldPlanId, state.PlanId, step.RunId));
        return StepResult.Ok(new { plan = state.Plan!.Name });
    }

    public async Task<StepResult> UndoAsync(PlanChange state, StepContext step, CancellationToken ct)
    {
        await KeepAsync(state, state.OldPlanId, state.OldPlan, step, ct);
        return StepResult.Ok();
    }

    private async Task<ServiceInstance?> KeepAsync(
        PlanChange state,
        Guid? plan,
        ProvisionedPlan? known,
        StepContext step,
        CancellationToken ct
    )
    {
        if (plan is not { } id || await db.ServiceOfAsync(state.SubscriberId, ct) is not { } service)
        {
            return null;
        }

        service.PlanId = id;
        service.RunId = step.RunId;
        var metadata = Provisioned.Read(service.ServiceMetadata) with { Plan = known };
        if (state.Network is { NewVlan: { } vlan } network)
        {
            var isNew = plan == state.PlanId;
            metadata = metadata with { Profile = isNew ? network.After() : network.Before, Vlan = isNew ? vlan : network.OldVlan };
        }

        service.ServiceMetadata = metadata.Write();
        service.Touch(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return service;
    }
}

/// <summary>What is online is told the new rates, each NAS in its vendor's attributes; one that will not is asked to drop the session.</summary>
internal sealed class RerateSessions(ISessionOrders sessions, ITenantFlags flags, TimeProvider clock) : ISagaAction<PlanChange>
{
    public async Task<StepResult> RunAsync(PlanChange state, StepContext step, CancellationToken ct)
    {
        state.SessionsAskedAt = clock.GetUtcNow();
        state.Sessions = await sessions.RateAsync(state.SubscriberId, state.PlanId, step.StartedBy, ct);
        var vlan = state.Network?.NewVlan;
        var isTold = vlan is not null && (await flags.ReadAsync(ct)).IsOn(TenantFlag.VlanCoaUpdates);
        if (isTold)
        {
            await sessions.VlanAsync(state.SubscriberId, vlan!.ServiceVlan, vlan.InnerVlan, step.StartedBy, ct);
        }

        return state.Sessions == 0
            ? StepResult.Skip("Nothing is online.")
            : StepResult.Ok(
                new { state.Sessions, asked = "coa" },
                vlan is null || isTold ? null : "ENABLE_VLAN_COA_UPDATES is off: the new VLAN holds from the next sign-on."
            );
    }

    public async Task<StepResult> UndoAsync(PlanChange state, StepContext step, CancellationToken ct)
    {
        _ =
            state.OldPlanId is { } old && state.Network is null
                ? await sessions.RateAsync(state.SubscriberId, old, step.StartedBy, ct)
                : await sessions.DropAsync(state.SubscriberId, step.StartedBy, ct);
        return StepResult.Ok();
    }
}

/// <summary>The NAS have answered.</summary>
internal sealed class AwaitRates(ISessionOrders sessions) : ISagaAction<PlanChange>
{
    public async Task<StepResult> RunAsync(PlanChange state, StepContext step, CancellationToken ct) =>
        state.SessionsAskedAt is { } since && state.Sessions > 0
            ? SessionAnswers.Read(await sessions.StandAsync(state.SubscriberId, since, ct))
            : StepResult.Skip("Nothing was asked.");

    public Task<StepResult> UndoAsync(PlanChange state, StepContext step, CancellationToken ct) => Task.FromResult(StepResult.Ok());
}

/// <summary>What changes look up.</summary>
internal static class ChangeRows
{
    private const string Plan = """
        SELECT id, name, download_rate_kbps AS down_kbps, upload_rate_kbps AS up_kbps FROM radius_bandwidth_profiles WHERE id = @id
        """;

    public static Task<ProvisionedPlan?> PlanAsync(this UnitOfWork work, Guid id, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<ProvisionedPlan>(
            new CommandDefinition(Plan, new { id }, work.Transaction, cancellationToken: ct)
        );

    /// <summary>The service that is in force or on its way.</summary>
    public static Task<ServiceInstance?> ServiceOfAsync(this AccessDb db, Guid subscriber, CancellationToken ct) =>
        db.Services.SingleOrDefaultAsync(
            s => s.SubscriberId == subscriber && s.Status != ServiceStatus.Terminated && s.Status != ServiceStatus.ProvisioningFailed,
            ct
        );
}
