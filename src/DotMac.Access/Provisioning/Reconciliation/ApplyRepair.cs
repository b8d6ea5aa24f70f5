using System.Net;
using DotMac.Access.Provisioning.Services;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>The one thing that ends a difference, for each kind.</summary>
internal sealed class ApplyRepair(
    Drivers drivers,
    ILineProfiles lines,
    ISessionOrders sessions,
    ILoginProjection logins,
    AccessDb db,
    ServiceLog log,
    TimeProvider clock
) : ISagaAction<RepairState>
{
    private IAddressPlan? plan;
    private IPonController? pon;

    public async ValueTask<bool> CallsOutAsync(RepairState state, CancellationToken ct)
    {
        plan = await drivers.ForAsync<IAddressPlan>(ct);
        pon = await drivers.ForAsync<IPonController>(ct);
        return !state.IsGone
            && state.Kind switch
            {
                FindingKind.OnuWithoutOwner or FindingKind.OwnerWithoutOnu or FindingKind.OnuDiffers => pon.CallsOut,
                FindingKind.FreeRadiusDrift => true,
                FindingKind.LeakedAddress
                or FindingKind.LeakedVlan
                or FindingKind.AddressNotInPlan
                or FindingKind.AddressDiffers
                or FindingKind.WrongVlan
                or FindingKind.VlanNotInPlan => plan.CallsOut,
                _ => false,
            };
    }

    public async Task<StepResult> RunAsync(RepairState state, StepContext step, CancellationToken ct)
    {
        if (state.IsGone)
        {
            return StepResult.Skip("It is so no longer.");
        }

        var facts = state.Facts;
        switch (state.Kind)
        {
            case FindingKind.LeakedAddress:
                return Said(await plan!.ReleaseAsync(facts.HoldKey!, state.SubjectId, ct), "address plan");
            case FindingKind.LeakedVlan:
                return Said(await plan!.ReleaseVlanAsync(facts.HoldKey!, state.SubjectId, ct), "address plan");
            case FindingKind.AddressNotInPlan or FindingKind.AddressDiffers:
                return await HoldAsync(state, step, ct);
            case FindingKind.WrongVlan or FindingKind.VlanNotInPlan:
                return await ReserveAsync(state, step, ct);
            case FindingKind.AddressHeldTwice:
                return await TakeOffAsync(state, ct);
            case FindingKind.OnuWithoutOwner:
                return Said(await pon!.RemoveAsync(step.Key, facts.Serial!, state.SubjectId, ct), "PON controller");
            case FindingKind.OwnerWithoutOnu or FindingKind.OnuDiffers:
                return Said(await pon!.ActivateAsync(OrderOf(state, step), ct), "PON controller");
            case FindingKind.SessionForeignAddress or FindingKind.SessionWithoutRight:
                return StepResult.Ok(new { sessions = await sessions.DropAsync(state.SubjectId, step.StartedBy, ct) });
            case FindingKind.FreeRadiusDrift:
                await logins.MendAsync(step.TenantId, state.SubjectId, ct);
                return StepResult.Ok();
            case FindingKind.AaaAccountMissing:
                return await ActivateAsync(state, ct);
            default:
                return await EndServiceAsync(state, step, ct);
        }
    }

    public Task<StepResult> UndoAsync(RepairState state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Skip("The difference is not made again."));

    private async Task<StepResult> HoldAsync(RepairState state, StepContext step, CancellationToken ct)
    {
        var facts = state.Facts;
        if (facts.HoldKey is { } key && (await plan!.ReleaseAsync(key, state.SubjectId, ct)).Fault is { } fault)
        {
            return fault.ToStep();
        }

        return facts.Wanted is null
            ? StepResult.Ok()
            : Said(
                await plan!.AllocateAsync(
                    new AddressOrder(
                        step.DoKey,
                        state.SubjectId,
                        state.Label,
                        facts.AddressKind!.Value,
                        Wanted: IPNetwork.Parse(facts.Wanted)
                    ),
                    ct
                ),
                "address plan"
            );
    }

    private async Task<StepResult> ReserveAsync(RepairState state, StepContext step, CancellationToken ct)
    {
        var facts = state.Facts;
        if (facts.HoldKey is { } key && (await plan!.ReleaseVlanAsync(key, state.SubjectId, ct)).Fault is { } fault)
        {
            return fault.ToStep();
        }

        return facts.ServiceVlan is null
            ? StepResult.Ok()
            : Said(
                await plan!.ReserveVlanAsync(
                    new VlanOrder(
                        step.DoKey,
                        state.SubjectId,
                        state.Label,
                        Pool: null,
                        IsQinQ: facts.InnerVlan is not null,
                        facts.ServiceVlan,
                        facts.InnerVlan,
                        facts.SiteId
                    ),
                    ct
                ),
                "address plan"
            );
    }

    private async Task<StepResult> TakeOffAsync(RepairState state, CancellationToken ct)
    {
        var changed = await lines.ChangeAsync(
            state.SubjectId,
            facts =>
                state.Facts.AddressKind switch
                {
                    AddressKind.Ipv4 => facts with { StaticIpv4 = null, Ipv4Netmask = null },
                    AddressKind.Ipv6 => facts with { StaticIpv6 = null, Ipv6Prefix = null },
                    _ => facts with { DelegatedIpv6Prefix = null },
                },
            ct
        );
        return changed.Fault is { } fault ? fault.ToStep() : StepResult.Ok();
    }

    private async Task<StepResult> ActivateAsync(RepairState state, CancellationToken ct)
    {
        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubjectId, ct);
        if ((subscriber.SetAccount(exists: true) ?? subscriber.Move(SubscriberStatus.Active, clock.GetUtcNow())) is { } refusal)
        {
            return refusal.ToStep();
        }

        subscriber.Touch(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return StepResult.Ok();
    }

    private async Task<StepResult> EndServiceAsync(RepairState state, StepContext step, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var service = await db.Services.SingleAsync(s => s.Id == state.Facts.ServiceId, ct);
        var from = service.Status;
        var billing = await drivers.ForAsync<IServiceBilling>(ct);
        if (billing.CallsOut)
        {
            // It would be asked with a transaction open, and must not be left out: nobody else ends the charges.
            return StepResult.Fail("finding.billing_outside", "The charges are ended in the billing system itself; then this is gone.");
        }

        if ((await billing.StopAsync(step.Key, service.Id, now, ct)).Fault is { } fault)
        {
            return fault.ToStep();
        }

        if (
            (
                service.Move(ServiceStatus.Terminating, now, "Its subscriber was gone.")
                ?? service.Move(ServiceStatus.Terminated, now, "Its subscriber was gone.")
            ) is
            { } refusal
        )
        {
            return refusal.ToStep();
        }

        await db.SaveChangesAsync(ct);
        await log.AddAsync(
            service,
            ServiceEventType.TerminationCompleted,
            from,
            ct,
            new ServiceNote("Reconciled: its subscriber was gone.", step.RunId)
        );
        return StepResult.Ok();
    }

    private static OnuOrder OrderOf(RepairState state, StepContext step) =>
        new(
            step.DoKey,
            state.Facts.Serial!,
            state.SubjectId,
            state.Label,
            state.Facts.ServiceVlan,
            state.Facts.InnerVlan,
            state.Facts.DownKbps!.Value,
            state.Facts.UpKbps!.Value
        );

    private static StepResult Said<T>(RoleAnswer<T> answer, string role) =>
        answer.Fault is { } fault ? fault.ToStep()
        : !answer.IsConfigured ? StepResult.Fail("finding.no_system", $"No {role} is configured.")
        : answer.Value is Acknowledged ? StepResult.Ok()
        : StepResult.Ok(answer.Value);
}
