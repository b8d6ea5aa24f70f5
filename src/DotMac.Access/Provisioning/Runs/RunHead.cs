namespace DotMac.Access.Provisioning.Runs;

/// <summary>A run as lists show it.</summary>
/// <param name="Status">pending, running, completed, degraded, compensating, compensated, stuck or given_up.</param>
/// <param name="SubjectName">The username that the subject has now; null while, or when, there is no such subscriber.</param>
/// <param name="DueAt">When a pending one goes on: its time, or its next attempt.</param>
/// <param name="NotBefore">Of one that was ordered for later: its time. Until then others may have its subject.</param>
/// <param name="WaitsFor">Its time has come, and this other run has its subject, or goes before it; it looks again at <paramref name="DueAt"/>.</param>
/// <param name="WaitsForDefinition">What that other run does.</param>
/// <param name="ErrorStep">The step that turned it back, or that a degraded one lacks; null also when it was cancelled.</param>
/// <param name="StuckStep">Of a stuck one: the step that could not be undone, or that workers were lost at, with the reason beside.</param>
/// <param name="IsUnknown">It waits for a worker that knows this version of its definition; none that looked did.</param>
/// <param name="ClosedBy">Who cancelled it or gave it up.</param>
public sealed record RunHead(
    Guid Id,
    string Definition,
    int Version,
    string Status,
    Guid? SubjectId,
    string SubjectLabel,
    string? SubjectName,
    Guid? ParentId,
    string StartedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? DueAt,
    DateTimeOffset? NotBefore,
    Guid? WaitsFor,
    string? WaitsForDefinition,
    bool CancelRequested,
    string? ErrorStep,
    string? ErrorCode,
    string? ErrorMessage,
    string? StuckStep,
    string? StuckCode,
    string? StuckMessage,
    bool IsUnknown,
    string? ClosedBy,
    string? ClosedReason,
    DateTimeOffset ChangedAt
);
