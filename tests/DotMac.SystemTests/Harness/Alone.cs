namespace DotMac.SystemTests.Harness;

/// <summary>
/// Tests that run after all others and one class at a time: they make network interfaces (a browser then gives up what it is loading), or count
/// on answers within the time that a real NAS waits.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
