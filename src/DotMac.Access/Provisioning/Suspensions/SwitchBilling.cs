using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>Charging pauses with a suspension whose policy says so, and goes on when that ends.</summary>
internal sealed class SwitchBilling(Drivers drivers, TimeProvider clock) : ISagaAction<AccessChange>
{
    private IServiceBilling? billing;

    public async ValueTask<bool> CallsOutAsync(AccessChange state, CancellationToken ct)
    {
        if (Needs(state) is not null)
        {
            return false;
        }

        billing = await drivers.ForAsync<IServiceBilling>(ct);
        return billing.CallsOut;
    }

    public async Task<StepResult> RunAsync(AccessChange state, StepContext step, CancellationToken ct)
    {
        if (Needs(state) is { } reason)
        {
            return StepResult.Skip(reason);
        }

        var pauses = Pauses(state);
        var answer = await AskAsync(step.Key, state, pauses, ct);
        if (answer is not StepResult.Done)
        {
            return answer;
        }

        (state.PausedBilling, state.BillingWasPaused) = (pauses, pauses);
        return answer;
    }

    public async Task<StepResult> UndoAsync(AccessChange state, StepContext step, CancellationToken ct) =>
        Needs(state) is { } reason ? StepResult.Skip(reason) : await AskAsync(step.Key, state, !Pauses(state), ct);

    private static bool Pauses(AccessChange state) => !state.IsResumption && state.Wanted.PausesBilling;

    private static string? Needs(AccessChange state) =>
        state.IsOvertaken ? "Something else was decided since."
        : state.ServiceId is null ? "Nothing is charged for: the line has no provisioned service."
        : !Pauses(state) && !state.BillingWasPaused && !state.PausedBilling ? "The policy lets charging go on."
        : null;

    private async Task<StepResult> AskAsync(string key, AccessChange state, bool pauses, CancellationToken ct)
    {
        var from = clock.GetUtcNow();
        var answer = pauses
            ? await billing!.PauseAsync(key, state.ServiceId!.Value, from, ct)
            : await billing!.ContinueAsync(key, state.ServiceId!.Value, from, ct);
        return answer.Fault is { } fault ? StepResult.Fail(fault.Code, fault.Message, fault.MayPass)
            : !answer.IsConfigured ? StepResult.NoDriver("billing system")
            : StepResult.Ok(new { paused = pauses, from });
    }
}
