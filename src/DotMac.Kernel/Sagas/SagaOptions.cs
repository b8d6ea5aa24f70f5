namespace DotMac.Kernel.Sagas;

/// <summary>How a worker goes about runs.</summary>
public sealed record SagaOptions
{
    /// <summary>Runs carried on at the same time by one process.</summary>
    public int AtOnce { get; init; } = Math.Clamp(Environment.ProcessorCount * 4, 4, 24);

    /// <summary>
    /// How many of those work in the database at the same time; the others are out with a call, or wait. More only take turns on the cores that
    /// PostgreSQL often shares with us, and wait for each other's locks.
    /// </summary>
    public int InDatabaseAtOnce { get; init; } = Math.Max(4, Environment.ProcessorCount * 5 / 2);

    /// <summary>How long a run stays with a worker that says nothing: after this, another one goes on with it. Renewed three times as often.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many workers in a row may be lost with a run, at one step and with nothing come of it, before it goes to the dead-letter: a step that
    /// ends its process would end one after the other. Many, because a run that shares its worker with such a one is lost with it, and is not to blame.
    /// </summary>
    public int MostClaims { get; init; } = 12;

    /// <summary>
    /// How many workers in a row may be too slow for a run (alive, but back only after another had it), with nothing come of it, before it goes to
    /// the dead-letter: a step may keep its process so busy that no lease is renewed. More than of the lost, because a loaded machine is slow too.
    /// </summary>
    public int MostSlow { get; init; } = 40;

    /// <summary>How often a worker looks by itself, beside being told.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);
}
