namespace DotMac.Host;

/// <summary>What one process does. All in one by default; split over processes by <c>dotmac serve --roles</c>.</summary>
[Flags]
public enum NodeRoles
{
    None = 0,

    /// <summary>API and console.</summary>
    Web = 1,

    /// <summary>Outbox, schedules, everything nobody waits for.</summary>
    Worker = 2,

    /// <summary>RADIUS.</summary>
    Aaa = 4,

    All = Web | Worker | Aaa,
}
