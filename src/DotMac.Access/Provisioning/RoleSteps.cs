using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning;

/// <summary>How refusals of roles, profiles and entities are said as the result of a step.</summary>
internal static class RoleSteps
{
    public static StepResult ToStep(this RoleFault fault) => StepResult.Fail(fault.Code, fault.Message, fault.MayPass);

    public static StepResult ToStep(this Error error) =>
        StepResult.Fail(error.Code, error.Message, mayPass: error.Kind == ErrorKind.Changed);

    public static StepResult ToStep(this LineFault fault) =>
        StepResult.Fail(
            fault.Code,
            fault.Faults is { Count: > 0 } faults
                ? $"{fault.Message} {string.Join(' ', faults.Select(f => $"{f.Key}: {f.Value}"))}"
                : fault.Message,
            mayPass: fault.Code.EndsWith(".changed", StringComparison.Ordinal)
        );

    /// <summary>Of an undoing: done, unless it failed or its system is gone.</summary>
    public static StepResult ToUndone<T>(this RoleAnswer<T> answer, string role) =>
        answer.Fault is { } fault ? fault.ToStep()
        : answer.IsConfigured ? StepResult.Ok()
        : StepResult.NoDriver(role);
}
