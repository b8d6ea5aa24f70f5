namespace DotMac.Kernel.Sagas;

/// <summary>What a run does next.</summary>
internal enum Move
{
    Do,
    Undo,

    /// <summary>It ended, or waits in the dead-letter.</summary>
    Nothing,
}

/// <summary>One run and its steps, and every decision about where it goes: no clock, no database, no chance but what is handed in.</summary>
internal sealed class RunRecord(SagaDefinition definition, IReadOnlyList<StepRecord> steps)
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstTurn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(30);

    public SagaDefinition Definition { get; } = definition;
    public IReadOnlyList<StepRecord> Steps { get; } = steps;
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public Guid? SubjectId { get; init; }
    public Guid? ParentId { get; init; }
    public required string StartedBy { get; init; }
    public required string Input { get; init; }
    public required string State { get; set; }
    public SagaStatus Status { get; set; }
    public bool CancelRequested { get; set; }

    /// <summary>It had ended degraded and is mended: what fails now undoes nothing that the subscriber already has.</summary>
    public bool IsRepairing { get; set; }

    /// <summary>Ordered for later, and its subject is not its own yet.</summary>
    public bool IsQueued { get; set; }

    /// <summary>How often its subject was another run's when its time had come; and which one's, the last time.</summary>
    public int Turns { get; set; }
    public Guid? WaitsFor { get; set; }

    /// <summary>Leases taken, this one included, since something came of a step.</summary>
    public int Claims { get; init; }

    /// <summary>Of them, those that ran out and whose worker has not come back; the row forgets them when the count of all begins anew.</summary>
    public int Missing { get; init; }

    /// <summary>Workers lost with it one after the other, as far as is known, with nothing come of it.</summary>
    public int LostWorkers => Math.Clamp(Missing, 0, Math.Max(Claims - 1, 0));

    /// <summary>Workers that were too slow for it: they came back when another had it.</summary>
    public int SlowWorkers => Math.Max(Claims - 1, 0) - LostWorkers;

    /// <summary>Something came of a step, to be written at the next commit.</summary>
    public bool HasAdvanced { get; set; }
    public DateTimeOffset DueAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public string? ErrorStep { get; set; }
    public string? ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }

    public bool IsOver => Status is SagaStatus.Completed or SagaStatus.Degraded or SagaStatus.Compensated or SagaStatus.GivenUp;

    /// <summary>Decides what comes next, and ends the run when nothing does.</summary>
    public (Move Move, StepRecord? Step) Next(DateTimeOffset now)
    {
        if (Status is SagaStatus.Pending or SagaStatus.Running)
        {
            if (CancelRequested && !IsRepairing)
            {
                TurnBack(null, RunErrors.Cancelled, "It was cancelled.");
            }
            else if ((CancelRequested ? null : Steps.FirstOrDefault(s => s.Status is StepStatus.Waiting or StepStatus.Running)) is { } step)
            {
                Status = SagaStatus.Running;
                StartedAt ??= now;
                return (Move.Do, step);
            }
            else
            {
                LeaveUnmended();
                End(Steps.Any(s => s.Status == StepStatus.Failed) ? SagaStatus.Degraded : SagaStatus.Completed, now);
            }
        }

        if (Status == SagaStatus.Compensating)
        {
            if (Steps.LastOrDefault(NeedsUndo) is { } step)
            {
                return (Move.Undo, step);
            }

            End(SagaStatus.Compensated, now);
        }

        return (Move.Nothing, null);
    }

    /// <summary>An attempt begins. <paramref name="callsOut"/>: this is its intent, committed before it is made.</summary>
    public void Begin(Move move, StepRecord step, bool callsOut, DateTimeOffset now)
    {
        step.IsDirty = true;
        if (move == Move.Undo)
        {
            step.Status = StepStatus.Undoing;
            step.UndoAttempts++;
            return;
        }

        step.Status = StepStatus.Running;
        step.IsReached |= callsOut;
        step.Attempts++;
        step.StartedAt ??= now;
    }

    /// <summary>The clock of the database, by which it was leased, says that it is due; this node's may be behind.</summary>
    public void Leased(DateTimeOffset now) => DueAt = DueAt < now ? DueAt : now;

    /// <summary>Its time has come, and another run has its subject: it comes again, after pauses that grow to half a minute.</summary>
    public void WaitTurn(Guid? other, DateTimeOffset now, double chance)
    {
        Turns++;
        WaitsFor = other;
        DueAt = now + Backoff(FirstTurn, Turns, chance, LongestTurn);
    }

    /// <summary>
    /// Workers were lost one after the other at what comes next, or too slow for it: nobody else is sent there before a person has looked. Done again
    /// on demand; or cancelled, and undone from here.
    /// </summary>
    public void SetAside(bool tooSlow, DateTimeOffset now)
    {
        var (move, step) = Next(now);
        if (step is null)
        {
            return;
        }

        var (code, message) = tooSlow
            ? (
                RunErrors.WorkerSlow,
                $"{SlowWorkers} workers in a row were too slow for it: each came back when another had taken the run, and nothing came of it. "
                    + "It may be what keeps them busy, or they have too much to do."
            )
            : (RunErrors.WorkerLost, $"{LostWorkers} workers in a row were lost at it, and nothing came of it. It may be what ends them.");
        step.IsDirty = true;
        if (move == Move.Undo)
        {
            (step.Status, step.UndoCode, step.UndoMessage) = (StepStatus.UndoFailed, code, message);
        }
        else
        {
            (step.Status, step.ErrorCode, step.ErrorMessage) = (StepStatus.Failed, code, message);
            (ErrorStep, ErrorCode, ErrorMessage) = (step.Name, code, message);
        }

        Status = SagaStatus.Stuck;
    }

    /// <summary>It is in the dead-letter on its way forward: nothing of it was to be undone yet.</summary>
    public bool IsSetAside => Status == SagaStatus.Stuck && Steps.All(s => s.Status != StepStatus.UndoFailed);

    /// <summary>What came of doing a step. Of a failure that may pass, it waits and repeats; of another, a required step turns the run back.</summary>
    /// <param name="chance">From 0 to 1, for the jitter.</param>
    public void Did(StepRecord step, StepResult result, string? newState, DateTimeOffset now, double chance)
    {
        var plan = Plan(step);
        (step.IsDirty, HasAdvanced) = (true, true);
        step.Input = SagaJson.Write(result.Input) ?? step.Input;
        step.Output = SagaJson.Write(result.Output);
        step.Note = result.Note;
        if (result is StepResult.Failed failed)
        {
            step.Failures++;
            (step.ErrorCode, step.ErrorMessage) = (failed.Code, failed.Message);
            if (failed.MayPass && step.Failures <= plan.Retries)
            {
                step.Status = step.IsReached ? StepStatus.Running : StepStatus.Waiting;
                DueAt = now + Backoff(plan.Backoff, step.Failures, chance);
                return;
            }

            step.Status = StepStatus.Failed;
            step.FinishedAt = now;
            if (plan.IsRequired && !IsRepairing)
            {
                TurnBack(step, failed.Code, failed.Message);
            }

            return;
        }

        (step.ErrorCode, step.ErrorMessage, step.FinishedAt) = (null, null, now);
        step.Status = result switch
        {
            StepResult.Skipped => StepStatus.Skipped,
            StepResult.NotConfigured => StepStatus.NotConfigured,
            _ => StepStatus.Done,
        };
        // Nothing was done by this attempt; an earlier one whose end nobody saw may have done something all the same.
        step.IsReached = step.IsReached && (step.Status == StepStatus.Done || step.Attempts > 1);
        if (newState is not null)
        {
            step.Wrote = SagaJson.Changes(State, newState);
            State = newState;
        }
    }

    /// <summary>What came of undoing a step. What cannot be undone, also after its repetitions, goes to the dead-letter as it stands.</summary>
    public void Undid(StepRecord step, StepResult result, DateTimeOffset now, double chance)
    {
        var plan = Plan(step);
        (step.IsDirty, HasAdvanced) = (true, true);
        step.UndoNote = result.Note;
        var failed = result switch
        {
            StepResult.Failed f => f,
            StepResult.NotConfigured => new StepResult.Failed(
                "run.undo_not_configured",
                "The system that did it is not configured any more.",
                false
            ),
            _ => null,
        };
        if (failed is null)
        {
            (step.Status, step.UndoCode, step.UndoMessage, step.UndoneAt) = (StepStatus.Undone, null, null, now);
            return;
        }

        step.UndoFailures++;
        (step.UndoCode, step.UndoMessage) = (failed.Code, failed.Message);
        if (failed.MayPass && step.UndoFailures <= plan.UndoRetries)
        {
            DueAt = now + Backoff(plan.Backoff, step.UndoFailures, chance);
            return;
        }

        step.Status = StepStatus.UndoFailed;
        Status = SagaStatus.Stuck;
    }

    /// <summary>Sets it going again; null when it does, else why not.</summary>
    public Results.Error? Retry(string? fromStep, DateTimeOffset now)
    {
        if (fromStep is not null && Steps.All(s => !string.Equals(s.Name, fromStep, StringComparison.Ordinal)))
        {
            return RunErrors.StepUnknown;
        }

        switch (Status)
        {
            case SagaStatus.Stuck when IsSetAside:
                foreach (
                    var step in Steps.Where(s =>
                        s is { Status: StepStatus.Failed, ErrorCode: RunErrors.WorkerLost or RunErrors.WorkerSlow }
                    )
                )
                {
                    step.Again();
                }

                Status = SagaStatus.Pending;
                break;
            case SagaStatus.Stuck:
                foreach (var step in Steps.Where(s => s.Status == StepStatus.UndoFailed))
                {
                    (step.Status, step.UndoFailures, step.IsDirty) = (StepStatus.Undoing, 0, true);
                }

                // Why it turned back stays what it was.
                Status = SagaStatus.Compensating;
                DueAt = now;
                return null;
            case SagaStatus.Compensated when !CancelRequested:
                foreach (var step in Steps)
                {
                    step.Again();
                }

                // Its steps are undone: it knows again what it knew at the start, and nothing of what is no more.
                State = Input;
                Status = SagaStatus.Pending;
                break;
            case SagaStatus.Degraded:
                if (!Mend(fromStep))
                {
                    return RunErrors.NotRetryable;
                }

                IsRepairing = true;
                Status = SagaStatus.Pending;
                break;
            default:
                return RunErrors.NotRetryable;
        }

        (CancelRequested, FinishedAt, DueAt) = (false, null, now);
        (ErrorStep, ErrorCode, ErrorMessage) = (null, null, null);
        return null;
    }

    internal static TimeSpan Backoff(TimeSpan first, int failures, double chance, TimeSpan? longest = null)
    {
        var full = Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(failures, 30) - 1), (longest ?? LongestBackoff).TotalSeconds);
        return TimeSpan.FromSeconds(full * (1 - (chance / 2)));
    }

    /// <summary>The named step, and of those behind it (all, when none is named) what failed. A step that is done stays done.</summary>
    private bool Mend(string? fromStep)
    {
        var from = fromStep is null ? 0 : Steps.First(s => string.Equals(s.Name, fromStep, StringComparison.Ordinal)).Seq;
        var again = Steps
            .Where(s => s.Seq >= from)
            .Where(s =>
                s.Status == StepStatus.Failed
                || (s.Status == StepStatus.NotConfigured && string.Equals(s.Name, fromStep, StringComparison.Ordinal))
            )
            .ToList();
        if (again.Count > 0)
        {
            again.AddRange(Steps.Where(s => Plan(s).RepeatsWithRepair && s.Status is StepStatus.Done or StepStatus.Skipped));
        }

        again.ForEach(s => s.Again());
        return again.Count > 0;
    }

    /// <summary>A repair that was cancelled: the service keeps what it has, the step stays a repair task.</summary>
    private void LeaveUnmended()
    {
        foreach (var step in Steps.Where(s => s.Status is StepStatus.Waiting or StepStatus.Running))
        {
            (step.Status, step.ErrorCode, step.ErrorMessage, step.IsDirty) = (
                StepStatus.Failed,
                RunErrors.Cancelled,
                "Its repetition was cancelled.",
                true
            );
        }
    }

    private void TurnBack(StepRecord? step, string code, string message)
    {
        Status = SagaStatus.Compensating;
        (ErrorStep, ErrorCode, ErrorMessage) = (step?.Name, code, message);
    }

    private void End(SagaStatus status, DateTimeOffset now)
    {
        (Status, FinishedAt, IsRepairing) = (status, now, false);
        (IsQueued, WaitsFor) = (false, null);
        if (status == SagaStatus.Degraded && Steps.First(s => s.Status == StepStatus.Failed) is { } failed)
        {
            (ErrorStep, ErrorCode, ErrorMessage) = (failed.Name, failed.ErrorCode, failed.ErrorMessage);
        }
    }

    private bool NeedsUndo(StepRecord step) => step.NeedsUndo || (Plan(step).IsAlwaysUndone && step.Status != StepStatus.Undone);

    private SagaStep Plan(StepRecord step) => Definition.Steps[step.Seq];
}
