using System.Text.Json;
using DotMac.Contracts.Access;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>Step 8: the network profile is taken away; the audit trail keeps its last configuration.</summary>
internal sealed class DeleteNetworkProfile(ILineProfiles lines, AuditTrail audit) : ISagaAction<DeprovisionState>
{
    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        if (!await lines.DeleteAsync(state.SubscriberId, ct))
        {
            return StepResult.Skip("It had no network profile.");
        }

        var last = JsonSerializer.Serialize(state.Before!.Facts, Provisioned.Json);
        audit.Note("network_profile.retired", "network_profile", state.SubscriberId.ToString(), before: last);
        return StepResult.Ok();
    }

    public async Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct) =>
        (await lines.CreateAsync(state.SubscriberId, new LineOrder(state.Before!.PlanId, state.Before.Facts?.SiteId), ct)).Fault?.ToStep()
        ?? StepResult.Ok();
}
