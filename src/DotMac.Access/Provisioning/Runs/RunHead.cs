namespace DotMac.Access.Provisioning.Runs;

/// <summary>A run as lists show it.</summary>
/// <param name="Status">pending, running, completed, degraded, compensating, compensated, stuck or given_up.</param>
/// <param name="DueAt">When a pending one goes on: its time, or its next attempt.</param>
/// <param name="ErrorStep">The step that turned it back, or that a degraded one lacks; null also when it was cancelled.</param>
/// <param name="StuckStep">Of a stuck one: the step that could not be undone, with the reason beside.</param>
/// <param name="IsUnknown">It waits for a worker that knows this version of its definition; none that looked did.</param>
/// <param name="ClosedBy">Who cancelled it or gave it up.</param>
public sealed record RunHead(
    Guid Id,
    string Definition,
    int Version,
    string Status,
    Guid? SubjectId,
    string SubjectLabel,
    Guid? ParentId,
    string StartedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? DueAt,
    bool CancelRequested,
    string? ErrorStep,
    string? ErrorCode,
    string? ErrorMessage,
    string? StuckStep,
    string? StuckCode,
    string? StuckMessage,
    bool IsUnknown,
    string? ClosedBy,
    string? ClosedReason
);
