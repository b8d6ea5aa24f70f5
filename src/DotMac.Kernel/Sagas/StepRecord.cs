using System.Text.Json;

namespace DotMac.Kernel.Sagas;

/// <summary>An attempt at a step that failed.</summary>
/// <param name="Move">do or undo.</param>
public sealed record FailedAttempt(DateTimeOffset At, string Move, string Code, string Message, double DurationMs);

/// <summary>One step of one run, as it is written down.</summary>
internal sealed class StepRecord
{
    private const int MostFailed = 20;

    public required int Seq { get; init; }
    public required string Name { get; init; }
    public StepStatus Status { get; set; }

    /// <summary>An attempt called out and its effect is not known to be none: it is undone whatever came of it.</summary>
    public bool IsReached { get; set; }
    public int Generation { get; set; } = 1;
    public int Attempts { get; set; }
    public int Failures { get; set; }
    public int UndoAttempts { get; set; }
    public int UndoFailures { get; set; }
    public string? Input { get; set; }
    public string? Output { get; set; }
    public string? Wrote { get; set; }
    public string? Note { get; set; }
    public string? ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public string? UndoNote { get; set; }
    public string? UndoCode { get; set; }
    public string? UndoMessage { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public DateTimeOffset? UndoneAt { get; set; }
    public double? DurationMs { get; set; }

    /// <summary>Each attempt that failed, as JSON, oldest first; a later success does not take them away.</summary>
    public string? FailedAttempts { get; private set; }

    /// <summary>To be written at the next commit.</summary>
    public bool IsDirty { get; set; }

    public bool NeedsUndo => Status is StepStatus.Undoing or StepStatus.Done || (IsReached && Status is not StepStatus.Undone);

    public string DoKey(Guid run) => StepContext.KeyOf(run, Name, Generation);

    public string UndoKey(Guid run) => DoKey(run) + ":undo";

    /// <param name="tookMs">Of this attempt.</param>
    public void NoteFailure(Move move, StepResult.Failed failure, double tookMs, DateTimeOffset now)
    {
        List<FailedAttempt> all = FailedAttempts is null
            ? []
            : JsonSerializer.Deserialize<List<FailedAttempt>>(FailedAttempts, SagaJson.Options)!;
        all.Add(new FailedAttempt(now, move == Move.Do ? "do" : "undo", failure.Code, failure.Message, Math.Round(tookMs, 3)));
        FailedAttempts = SagaJson.Write(all.TakeLast(MostFailed).ToList());
        IsDirty = true;
    }

    /// <summary>To be done once more. Under a new key when it was undone: whoever knows the old key says that it was done already.</summary>
    public void Again()
    {
        if (Status is StepStatus.Undone or StepStatus.Undoing or StepStatus.UndoFailed)
        {
            Generation++;
            IsReached = false;
        }

        Status = StepStatus.Waiting;
        (Failures, UndoFailures) = (0, 0);
        (ErrorCode, ErrorMessage, UndoNote, UndoCode, UndoMessage) = (null, null, null, null, null);
        (StartedAt, FinishedAt, UndoneAt, DurationMs) = (null, null, null, null);
        IsDirty = true;
    }
}
