namespace DotMac.Kernel.Sagas;

/// <summary>
/// One kind of work that takes several steps, each of which can be undone. Definitions are code; a run remembers which version of its
/// definition it was started with, so a version stays registered until no run of it is left.
/// </summary>
/// <param name="Name">Stable: <c>provision</c>.</param>
/// <param name="Version">From 1; a change of the steps or of the state's shape is a new version.</param>
/// <param name="State">What the steps read and write; kept as JSON with the run, so it may only hold what is no secret.</param>
public sealed record SagaDefinition(string Name, int Version, Type State, IReadOnlyList<SagaStep> Steps)
{
    public static SagaDefinition Of<TState>(string name, int version, params SagaStep[] steps)
        where TState : class => new(name, version, typeof(TState), steps);

    /// <summary>One of its steps may work in the database for minutes.</summary>
    public bool TakesLong => Steps.Any(s => s.TakesLong);
}

/// <summary>One step of a definition.</summary>
/// <param name="Name">Stable within the definition: <c>allocate_addresses</c>.</param>
/// <param name="Target">The system it acts on, for people: <c>ipam</c>, <c>pon</c>, <c>aaa</c>.</param>
/// <param name="Action">An <see cref="ISagaAction{TState}"/>, made anew for every attempt from the scope of the run.</param>
public sealed record SagaStep(string Name, string Target, Type Action)
{
    /// <summary>When an optional step fails for good, the run goes on and ends degraded, with a repair task that stays visible.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>Done again with every repair of the run: it looks whether the run is still wanted, or writes down what came of it.</summary>
    public bool RepeatsWithRepair { get; init; }

    /// <summary>
    /// Undone whenever the run turns back, also when it failed or was never begun: the undoing tells what became of the run. What was not begun
    /// left nothing in the state.
    /// </summary>
    public bool IsAlwaysUndone { get; init; }

    /// <summary>
    /// May work in the database for minutes, without calling out: its run takes none of the places that the short ones have there
    /// (<see cref="SagaOptions.InDatabaseAtOnce"/>), or a few of them would keep all others waiting.
    /// </summary>
    public bool TakesLong { get; init; }

    /// <summary>How often a failure that may pass is tried again.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>How often an undoing that may still succeed is tried again before the run goes to the dead-letter.</summary>
    public int UndoRetries { get; init; } = 8;

    /// <summary>Wait before the first repetition; doubles each time up to five minutes, less up to a half of it by chance.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After this long an attempt counts as failed, with unknown effect: it is repeated under the same key, or undone.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public static SagaStep Of<TAction>(string name, string target)
        where TAction : class => new(name, target, typeof(TAction));
}
