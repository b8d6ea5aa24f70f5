using DotMac.Kernel.Results;

namespace DotMac.Kernel.Sagas;

/// <summary>How a run stands. Stored numbers only grow.</summary>
public enum SagaStatus
{
    /// <summary>Waits for a worker, for its time, or for a repetition.</summary>
    Pending = 0,
    Running = 1,
    Completed = 2,

    /// <summary>Ended with its required steps done; an optional one failed and waits as a repair task.</summary>
    Degraded = 3,

    /// <summary>Being undone.</summary>
    Compensating = 4,

    /// <summary>Undone to the last step.</summary>
    Compensated = 5,

    /// <summary>In the dead-letter, for an operator: an undoing failed for good, or workers were lost at a step, or too slow for it, again and again.</summary>
    Stuck = 6,

    /// <summary>
    /// Stuck, and an operator decided to leave it so, with a reason, what was not undone being a finding; or a repair task of what is no more.
    /// </summary>
    GivenUp = 7,
}

/// <summary>How a step stands. Stored numbers only grow.</summary>
public enum StepStatus
{
    Waiting = 0,

    /// <summary>Its intent is committed; whether it was done is not known yet.</summary>
    Running = 1,
    Done = 2,
    Skipped = 3,
    NotConfigured = 4,
    Failed = 5,
    Undoing = 6,
    Undone = 7,
    UndoFailed = 8,
}

/// <summary>What a run is about, and when it may start.</summary>
/// <param name="SubjectId">
/// At most one unfinished run per subject and tenant: a second is refused with <c>run.subject_busy</c>. One that is ordered for later is never
/// refused: it has its subject from its time on, those of one subject in the order of their times, and waits when another run has it then.
/// </param>
/// <param name="SubjectLabel">For people: the subscriber's number.</param>
/// <param name="ParentId">The bulk job that this run belongs to.</param>
public sealed record RunOrder(Guid? SubjectId, string SubjectLabel, Guid? ParentId = null, DateTimeOffset? NotBefore = null);

/// <summary>Starts and steers runs inside the caller's unit of work: a run exists exactly when what caused it is committed.</summary>
public interface ISagaRuns
{
    /// <summary>Refusals: <c>run.subject_busy</c> 409.</summary>
    Task<Result<Guid>> StartAsync<TState>(string definition, TState state, RunOrder order, CancellationToken ct)
        where TState : class;

    /// <summary>
    /// Stops a run before its next step and undoes what it did; also one that waits in the dead-letter because workers were lost at a step, or too
    /// slow for it. Refusals: <c>run.not_found</c> 404, <c>run.over</c> 409.
    /// </summary>
    Task<Error?> CancelAsync(Guid runId, CancellationToken ct);

    /// <summary>
    /// Sets a stuck, compensated-by-failure or degraded run going again from a step (null: from the one that failed). A stuck undoing is
    /// repeated. A compensated run begins from its first step, everything of it having been undone. Refusals: <c>run.not_found</c> 404,
    /// <c>run.not_retryable</c> 409, <c>run.subject_busy</c> 409, <c>run.step_unknown</c> 422.
    /// </summary>
    Task<Error?> RetryAsync(Guid runId, string? fromStep, CancellationToken ct);

    /// <summary>Takes a stuck run out of the dead-letter although it is not undone. Refusals: <c>run.not_found</c> 404, <c>run.not_stuck</c> 409.</summary>
    Task<Error?> GiveUpAsync(Guid runId, string reason, CancellationToken ct);

    /// <summary>
    /// Nothing more is to be done about a subject: what was ordered for later is cancelled, repair tasks are given up, each with the reason and
    /// audited. For the last step of what ends it: that has the subject, so that nothing of it begins meanwhile.
    /// </summary>
    Task<IReadOnlyList<ClosedRun>> CloseSubjectAsync(Guid subjectId, string reason, CancellationToken ct);
}

/// <param name="Status"><see cref="SagaStatus.Compensated"/> when it had not begun, <see cref="SagaStatus.GivenUp"/> of a repair task.</param>
public sealed record ClosedRun(Guid Id, string Definition, SagaStatus Status);
