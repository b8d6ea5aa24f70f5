namespace DotMac.Access.Provisioning.Bulk;

/// <summary>How many items of a job are in each state. It stands on the job's row; whoever changes items holds that row's lock and writes both.</summary>
internal sealed record BulkCounts(int Waiting, int Started, int Done, int Failed, int Skipped, int Cancelled)
{
    /// <summary>Items that came to an end of their own; those that were cancelled before they began did not.</summary>
    public int Ended => Done + Failed + Skipped;

    /// <summary>After so many of those under way have ended.</summary>
    public BulkCounts WithEnded(int done, int failed) =>
        this with
        {
            Started = Started - done - failed,
            Done = Done + done,
            Failed = Failed + failed,
        };

    /// <summary>After one that waited was begun, which came to that state; or goes on waiting.</summary>
    public BulkCounts WithBegun(BulkItemState state)
    {
        var rest = this with { Waiting = Waiting - 1 };
        return state switch
        {
            BulkItemState.Waiting => this,
            BulkItemState.Started => rest with { Started = Started + 1 },
            BulkItemState.Done => rest with { Done = Done + 1 },
            BulkItemState.Failed => rest with { Failed = Failed + 1 },
            BulkItemState.Skipped => rest with { Skipped = Skipped + 1 },
            _ => throw new InvalidOperationException($"An item that is begun does not become {state}."),
        };
    }
}
