using System.Text.Json;
using DotMac.Kernel.Sagas;

namespace DotMac.Tests.Sagas;

/// <summary>What one attempt comes to. Lost: it was done, but the answer said busy.</summary>
public enum Fate
{
    Done,
    Busy,
    Refused,
    Lost,
}

/// <summary>A step of a random definition, with what becomes of each attempt in turn (done, when the list is over).</summary>
public sealed record PretendStep(
    bool CallsOut,
    bool IsRequired,
    int Retries,
    int Absence,
    IReadOnlyList<Fate> Doing,
    IReadOnlyList<Fate> Undoing,
    bool IsAlwaysUndone = false
);

/// <param name="Crashes">Numbers of those points, of all that are passed, at which the worker dies.</param>
/// <param name="CancelAt">The point at which somebody cancels; 0 never.</param>
public sealed record PretendCase(IReadOnlyList<PretendStep> Steps, IReadOnlyCollection<int> Crashes, int CancelAt);

/// <summary>
/// Carries a run as the engine does, but in memory: a transaction is what is kept or forgotten together, a far system keeps what it did
/// whatever becomes of the worker, and the worker dies wherever the case says.
/// </summary>
public sealed class PretendWorld
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private readonly PretendCase told;
    private readonly SagaDefinition definition;
    private readonly Dictionary<string, (int Step, bool Live, int Calls)> far = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Step, bool Undo), int> asked = [];
    private Dictionary<string, (int Step, bool Live, int Calls)> near = new(StringComparer.Ordinal);
    private Stored stored;
    private int points;
    private bool cancelled;

    public PretendWorld(PretendCase told)
    {
        this.told = told;
        definition = new SagaDefinition(
            "pretend",
            1,
            typeof(object),
            [
                .. told.Steps.Select(
                    (s, i) =>
                        new SagaStep($"s{i}", "pretend", typeof(object))
                        {
                            IsRequired = s.IsRequired,
                            Retries = s.Retries,
                            UndoRetries = 1,
                            IsAlwaysUndone = s.IsAlwaysUndone,
                        }
                ),
            ]
        );
        stored = new Stored(
            SagaStatus.Pending,
            "{}",
            [.. told.Steps.Select((_, i) => new StepRecord { Seq = i, Name = $"s{i}" })],
            false,
            Begin
        );
    }

    internal SagaStatus Status => stored.Status;

    internal StepStatus StatusOf(int step) => stored.Steps[step].Status;

    /// <summary>How many effects of a step stand, here and far.</summary>
    public int Live(int step) => near.Values.Concat(far.Values).Count(e => e.Step == step && e.Live);

    /// <summary>Until it ends or is stuck; false when it went round in circles.</summary>
    public bool Run()
    {
        for (var round = 0; round < 500; round++)
        {
            if (stored.Status is SagaStatus.Completed or SagaStatus.Degraded or SagaStatus.Compensated or SagaStatus.Stuck)
            {
                return true;
            }

            try
            {
                CarryOn();
            }
            catch (WorkerDied)
            { /* another one takes it from what was committed */
            }
        }

        return false;
    }

    public string? Retry(string? from)
    {
        var run = Load();
        var refusal = run.Retry(from, Begin);
        if (refusal is null)
        {
            Commit(run, near);
        }

        return refusal?.Code;
    }

    private void CarryOn()
    {
        var run = Load();
        (StepRecord Step, Move Move, StepResult Result)? answer = null;
        while (true)
        {
            var mine = new Dictionary<string, (int, bool, int)>(near, StringComparer.Ordinal);
            run.CancelRequested |= cancelled;
            if (answer is { } a)
            {
                Apply(run, a.Move, a.Step, a.Result);
            }

            var outside = Inside(run, mine);
            Point();
            Commit(run, mine);
            if (outside is not { } call)
            {
                return;
            }

            Point();
            var result = Ask(run, call.Move, call.Step, far);
            Point();
            answer = (call.Step, call.Move, result);
        }
    }

    private (Move Move, StepRecord Step)? Inside(RunRecord run, Dictionary<string, (int, bool, int)> mine)
    {
        // Time is no matter here: what waits is looked at again at once.
        while (true)
        {
            var (move, step) = run.Next(Begin);
            if (step is null)
            {
                return null;
            }

            Point();
            var callsOut = told.Steps[step.Seq].CallsOut;
            run.Begin(move, step, callsOut, Begin);
            if (callsOut)
            {
                return (move, step);
            }

            var before = new Dictionary<string, (int, bool, int)>(mine, StringComparer.Ordinal);
            var result = Ask(run, move, step, mine);
            if (result is StepResult.Failed)
            {
                mine.Clear();
                foreach (var (key, value) in before)
                {
                    mine[key] = value;
                }
            }

            Apply(run, move, step, result);
        }
    }

    private static void Apply(RunRecord run, Move move, StepRecord step, StepResult result)
    {
        if (move == Move.Do)
        {
            run.Did(step, result, result is StepResult.Failed ? null : run.State, Begin, 0.5);
        }
        else
        {
            run.Undid(step, result, Begin, 0.5);
        }
    }

    private StepResult Ask(RunRecord run, Move move, StepRecord step, Dictionary<string, (int Step, bool Live, int Calls)> system)
    {
        var plan = told.Steps[step.Seq];
        if (move == Move.Do && plan.Absence > 0)
        {
            return plan.Absence == 1 ? StepResult.Skip("No need.") : StepResult.NoDriver("pretend");
        }

        var turn = asked[(step.Seq, move == Move.Undo)] = asked.GetValueOrDefault((step.Seq, move == Move.Undo)) + 1;
        var fates = move == Move.Do ? plan.Doing : plan.Undoing;
        var fate = turn <= fates.Count ? fates[turn - 1] : Fate.Done;
        if (fate is Fate.Done or Fate.Lost)
        {
            var key = step.DoKey(run.Id);
            var known = system.GetValueOrDefault(key);
            if (move == Move.Do && known is { Calls: > 0, Live: false })
            {
                throw new InvalidOperationException($"{key} was undone and is asked again under the same key.");
            }

            system[key] = (step.Seq, move == Move.Do, known.Calls + 1);
        }

        return fate switch
        {
            Fate.Done => StepResult.Ok(),
            Fate.Refused => StepResult.Fail("pretend.refused", "Never."),
            _ => StepResult.Fail("pretend.busy", "Later.", mayPass: true),
        };
    }

    /// <summary>A point at which the worker may die, and somebody may cancel.</summary>
    private void Point()
    {
        points++;
        cancelled |= points == told.CancelAt;
        if (told.Crashes.Contains(points))
        {
            throw new WorkerDied();
        }
    }

    private RunRecord Load() =>
        new(definition, Copy(stored.Steps))
        {
            TenantId = Guid.Empty,
            Id = Guid.Parse("01234567-89ab-7cde-8f01-23456789abcd"),
            StartedBy = "ada",
            Input = "{}",
            State = stored.State,
            Status = stored.Status,
            CancelRequested = cancelled,
            IsRepairing = stored.IsRepairing,
            DueAt = stored.DueAt,
        };

    private void Commit(RunRecord run, Dictionary<string, (int, bool, int)> mine) =>
        (stored, near) = (new Stored(run.Status, run.State, Copy(run.Steps), run.IsRepairing, run.DueAt), mine);

    private static List<StepRecord> Copy(IEnumerable<StepRecord> steps) =>
        [.. steps.Select(s => JsonSerializer.Deserialize<StepRecord>(JsonSerializer.Serialize(s))!)];

    private sealed record Stored(SagaStatus Status, string State, List<StepRecord> Steps, bool IsRepairing, DateTimeOffset DueAt);

    private sealed class WorkerDied() : Exception("The worker died.");
}
