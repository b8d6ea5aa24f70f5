using System.Text.Json;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>A run with its steps.</summary>
/// <param name="SubjectName">The username that the subject has now; null while, or when, there is no such subscriber.</param>
/// <param name="State">What the steps know and wrote, as of now.</param>
public sealed record RunView(
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
    DateTimeOffset ChangedAt,
    JsonElement? State,
    IReadOnlyList<RunStepView> Steps
);

/// <summary>One step on the timeline.</summary>
/// <param name="Target">The system it acts on.</param>
/// <param name="Status">waiting, running, done, skipped, not_configured, failed, undoing, undone or undo_failed.</param>
/// <param name="Key">The idempotency key that its system was or will be asked under.</param>
/// <param name="Input">What was asked; of a step that did not say so, the state that it found.</param>
/// <param name="Wrote">What it added to the state.</param>
/// <param name="DurationMs">Of the last attempt, in milliseconds.</param>
/// <param name="FailedAttempts">The last twenty, oldest first, also of a step that was done in the end.</param>
public sealed record RunStepView(
    int Seq,
    string Name,
    string Target,
    bool Required,
    string Status,
    string Key,
    int Attempts,
    int UndoAttempts,
    JsonElement? Input,
    JsonElement? Output,
    JsonElement? Wrote,
    string? Note,
    string? ErrorCode,
    string? ErrorMessage,
    string? UndoNote,
    string? UndoCode,
    string? UndoMessage,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? UndoneAt,
    double? DurationMs,
    IReadOnlyList<FailedAttempt> FailedAttempts
);
