using DotMac.Kernel.Results;

namespace DotMac.Kernel.Sagas;

/// <summary>Refusals about runs.</summary>
public static class RunErrors
{
    public static readonly Error NotFound = Error.NotFound("run.not_found", "There is no such run.");

    public static readonly Error SubjectBusy = Error.Conflict(
        "run.subject_busy",
        "Another run for it is not finished. Wait for it, or cancel it first."
    );

    /// <summary>Of a run that turned back, or a repetition that was given up, because somebody wanted it so.</summary>
    public const string Cancelled = "run.cancelled";

    /// <summary>Of a step: the workers that came to it were lost one after the other.</summary>
    public const string WorkerLost = "run.worker_lost";

    /// <summary>Of a step: the workers that came to it were alive, but back only after another had the run, one after the other.</summary>
    public const string WorkerSlow = "run.worker_slow";

    public static readonly Error Over = Error.Conflict("run.over", "It has ended already; nothing can be stopped.");

    public static readonly Error NotRetryable = Error.Conflict(
        "run.not_retryable",
        "Only what is stuck, degraded or undone after a failure can be tried again, and in a degraded run only a step that failed."
    );

    public static readonly Error StepUnknown = Error.Invalid("run.step_unknown", "The run has no step of that name.");

    public static readonly Error NotStuck = Error.Conflict("run.not_stuck", "Only a run in the dead-letter can be given up.");

    public static readonly Error VersionUnknown = Error.Conflict(
        "run.version_unknown",
        "This node does not know the version of the run's definition. Ask a node that does, or wait until it is upgraded."
    );
}
