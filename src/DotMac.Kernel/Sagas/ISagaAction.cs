using System.Globalization;

namespace DotMac.Kernel.Sagas;

/// <summary>
/// What one step does and how it is undone. Unless it calls out, it runs inside the unit of work that also writes the step down: both
/// commit or neither. When it calls out, its intent has been committed before and no transaction is open.
/// </summary>
/// <remarks>
/// Both ways may be asked more than once under one key (a worker died, a time-out): the second time must change nothing. An exception counts as
/// a failure that may pass. While a step calls out, its scope's unit of work is closed and what was resolved from it before is stale; a driver
/// that plays a separate machine on our own database may begin it anew.
/// </remarks>
public interface ISagaAction<in TState>
    where TState : class
{
    /// <summary>True when this attempt leaves our database. Asked with the unit of work open.</summary>
    ValueTask<bool> CallsOutAsync(TState state, CancellationToken ct) => ValueTask.FromResult(false);

    /// <summary>Does it, and writes what later steps need into <paramref name="state"/>; the state is kept when the result is not a failure.</summary>
    Task<StepResult> RunAsync(TState state, StepContext step, CancellationToken ct);

    /// <summary>
    /// Undoes it, also when it is not known whether it was done at all. What <paramref name="state"/> holds is what the run knew when
    /// the step was begun, or what the step wrote when it ended. What is written into it here is not kept. Undone counts Done and Skipped;
    /// NotConfigured does not: what a system did that is no longer configured is not undone.
    /// </summary>
    Task<StepResult> UndoAsync(TState state, StepContext step, CancellationToken ct);
}

/// <summary>Where an action stands.</summary>
/// <param name="Key">
/// The same for every attempt of this step in this run: <c>{run}:{step}</c>. Its undoing has another one (<c>{run}:{step}:undo</c>), and so
/// has a step that is done again after it was undone (<c>{run}:{step}:2</c>).
/// </param>
/// <param name="Attempt">From 1.</param>
/// <param name="StartedBy">Name of who started the run.</param>
public sealed record StepContext(Guid RunId, Guid TenantId, Guid? SubjectId, string Step, string Key, int Attempt, string StartedBy)
{
    /// <summary>The key under which the step was done: what an undoing gives back by (<c>ReleaseAsync(step.DoKey, …)</c>). While doing, equal to <see cref="Key"/>.</summary>
    public string DoKey { get; init; } = Key;

    /// <summary>While undoing: why the run turned back. Null when it was not a step of it that failed, and nobody cancelled it.</summary>
    public RunFailure? Failure { get; init; }

    /// <summary>The key of a step's doing; <paramref name="generation"/> is how often it is done anew after it was undone, from 1.</summary>
    public static string KeyOf(Guid run, string step, int generation) =>
        generation <= 1 ? $"{run:N}:{step}" : string.Create(CultureInfo.InvariantCulture, $"{run:N}:{step}:{generation}");
}

/// <summary>Why a run turned back.</summary>
/// <param name="Step">Null when it was cancelled between two.</param>
public sealed record RunFailure(string? Step, string Code, string Message);

/// <summary>What came of an attempt. <see cref="Note"/> and <see cref="Output"/> are shown to people, so they hold no secret.</summary>
public abstract record StepResult
{
    private StepResult() { }

    /// <summary>Shown on the timeline: what was asked, when that tells more than the state before the step, which is shown otherwise.</summary>
    public object? Input { get; init; }

    /// <summary>Shown on the timeline: what was done, what was answered.</summary>
    public object? Output { get; init; }

    public string? Note { get; init; }

    /// <summary>It is so now.</summary>
    public sealed record Done : StepResult;

    /// <summary>This run has no need of it.</summary>
    public sealed record Skipped : StepResult;

    /// <summary>The tenant has no system for it ("none"): nothing was done, and the timeline says so.</summary>
    public sealed record NotConfigured : StepResult;

    /// <param name="MayPass">Try again later; false fails the step at once.</param>
    public sealed record Failed(string Code, string Message, bool MayPass) : StepResult;

    public static StepResult Ok(object? output = null, string? note = null) => new Done { Output = output, Note = note };

    public static StepResult Skip(string why) => new Skipped { Note = why };

    public static StepResult NoDriver(string role) => new NotConfigured { Note = $"No {role} is configured." };

    public static StepResult Fail(string code, string message, bool mayPass = false) => new Failed(code, message, mayPass);
}
