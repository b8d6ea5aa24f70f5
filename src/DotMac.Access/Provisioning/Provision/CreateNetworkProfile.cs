using DotMac.Contracts.Access;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Provision;

/// <summary>Step 3: the line as it is wanted, what nobody said filled in from the defaults of plan and site.</summary>
internal sealed class CreateNetworkProfile(ILineProfiles lines) : ISagaAction<ProvisionState>
{
    public async Task<StepResult> RunAsync(ProvisionState state, StepContext step, CancellationToken ct)
    {
        var answer = await lines.CreateAsync(state.SubscriberId, state.Line, ct);
        if (answer.Fault is { } fault)
        {
            return fault.ToStep();
        }

        state.Facts = answer.Profile!.Facts;
        return state.Note(step, StepResult.Ok(state.Facts));
    }

    public async Task<StepResult> UndoAsync(ProvisionState state, StepContext step, CancellationToken ct) =>
        await lines.DeleteAsync(state.SubscriberId, ct) ? StepResult.Ok() : StepResult.Skip("There was none.");
}
