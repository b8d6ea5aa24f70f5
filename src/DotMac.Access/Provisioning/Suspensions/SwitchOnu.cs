using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>The ONU goes down with a suspension whose policy says so, and up again with the resumption of what it took down.</summary>
internal sealed class SwitchOnu(Drivers drivers) : ISagaAction<AccessChange>
{
    private IPonController? pon;

    public async ValueTask<bool> CallsOutAsync(AccessChange state, CancellationToken ct)
    {
        if (Needs(state) is not null)
        {
            return false;
        }

        pon = await drivers.ForAsync<IPonController>(ct);
        return pon.CallsOut;
    }

    public async Task<StepResult> RunAsync(AccessChange state, StepContext step, CancellationToken ct)
    {
        if (Needs(state) is { } reason)
        {
            return StepResult.Skip(reason);
        }

        var isUp = !IsDown(state);
        var answer = await pon!.SetEnabledAsync(step.Key, state.OnuSerial!, isUp, ct);
        if (answer.Fault is { } fault)
        {
            return StepResult.Fail(fault.Code, fault.Message, fault.MayPass);
        }

        if (!answer.IsConfigured)
        {
            return StepResult.NoDriver("PON controller");
        }

        state.TookOnuDown = !isUp;
        state.OnuWasDown = !isUp;
        return StepResult.Ok(answer.Value, answer.Value!.IsSimulated ? "The OLT is simulated." : null);
    }

    public async Task<StepResult> UndoAsync(AccessChange state, StepContext step, CancellationToken ct)
    {
        if (Needs(state) is { } reason)
        {
            return StepResult.Skip(reason);
        }

        var answer = await pon!.SetEnabledAsync(step.Key, state.OnuSerial!, IsDown(state), ct);
        return answer.Fault is { } fault ? StepResult.Fail(fault.Code, fault.Message, fault.MayPass) : StepResult.Ok();
    }

    private static bool IsDown(AccessChange state) => !state.IsResumption && state.Wanted.TakesOnuDown;

    private static string? Needs(AccessChange state) =>
        state.IsOvertaken ? "Something else was decided since."
        : state.OnuSerial is null ? "The line has no ONU."
        : !IsDown(state) && !state.OnuWasDown && !state.TookOnuDown ? "The policy leaves the ONU as it is."
        : null;
}
