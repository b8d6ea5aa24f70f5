namespace DotMac.SystemTests.Harness;

/// <summary>
/// Tests that run after all others and one class at a time: they count on what is promised to be so within a second, or within the time that a
/// real NAS waits.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
