namespace DotMac.Kernel.Sagas;

/// <summary>How a worker goes about runs.</summary>
public sealed record SagaOptions
{
    /// <summary>Runs carried on at the same time by one process.</summary>
    public int AtOnce { get; init; } = Math.Clamp(Environment.ProcessorCount * 4, 4, 24);

    /// <summary>How long a run stays with a worker that says nothing: after this, another one goes on with it. Renewed three times as often.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many workers in a row may be lost with a run, at one step and with nothing come of it, before it goes to the dead-letter: a step that
    /// ends its process would end one after the other. Many, because a run that shares its worker with such a one is lost with it, and is not to blame.
    /// </summary>
    public int MostClaims { get; init; } = 12;

    /// <summary>How often a worker looks by itself, beside being told.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);
}
