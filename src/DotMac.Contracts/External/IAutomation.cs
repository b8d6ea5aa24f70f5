namespace DotMac.Contracts.External;

/// <param name="Key">Asked twice with one key, the template is launched once.</param>
/// <param name="Variables">Given to the template as extra variables.</param>
public sealed record AutomationOrder(string Key, string Template, IReadOnlyDictionary<string, string> Variables);

/// <summary>A launched run; <paramref name="IsFinished"/> with <paramref name="Succeeded"/> null while it goes on.</summary>
public sealed record AutomationRun(string Id, bool IsFinished, bool? Succeeded, string? Log);

/// <summary>The role of the automation platform. Drivers: <c>none</c>; <c>ansible-playbook</c> on the host and AWX follow.</summary>
public interface IAutomation : IExternalRole
{
    Task<RoleAnswer<AutomationRun>> LaunchAsync(AutomationOrder order, CancellationToken ct);

    Task<RoleAnswer<AutomationRun>> FindAsync(string id, CancellationToken ct);
}
