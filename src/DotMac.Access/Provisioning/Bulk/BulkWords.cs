namespace DotMac.Access.Provisioning.Bulk;

/// <summary>What is done to each. Stored as its number: numbers are only ever added.</summary>
internal enum BulkKind : short
{
    Suspend = 0,
    Resume = 1,
    ChangePlan = 2,
    ChangeNetwork = 3,
    Deprovision = 4,
}

/// <summary>How a job stands. Stored as its number: numbers are only ever added.</summary>
internal enum BulkState : short
{
    Running = 0,
    Paused = 1,
    Cancelled = 2,
    Completed = 3,

    /// <summary>Too many failed: what was not begun is not begun.</summary>
    Stopped = 4,
}

/// <summary>How one of them stands. Stored as its number: numbers are only ever added.</summary>
internal enum BulkItemState : short
{
    Waiting = 0,

    /// <summary>Its run is under way.</summary>
    Started = 1,
    Done = 2,

    /// <summary>Its run was undone or is stuck, or was refused at its beginning.</summary>
    Failed = 3,

    /// <summary>There was nothing to do for it.</summary>
    Skipped = 4,
    Cancelled = 5,
}

/// <summary>When too many have failed. Pure.</summary>
internal static class BulkRule
{
    private const int LeastEnded = 5;

    /// <summary>More than so many percent of what has ended failed; judged from the fifth on, or when all have ended.</summary>
    public static bool Stops(int failed, int ended, int total, int stopErrorPercent) =>
        failed > 0 && (ended >= LeastEnded || ended >= total) && failed * 100L > (long)stopErrorPercent * ended;
}
