namespace DotMac.Access.Coa;

/// <summary>What is asked of a NAS about a session. Stored as its number: numbers are only ever added.</summary>
internal enum CoaKind : short
{
    Disconnect = 1,
    Rate = 2,
    Vlan = 3,
    Ipv6Prefix = 4,
    Suspend = 5,
    Resume = 6,
}

/// <summary>How far a task is. Stored as its number.</summary>
internal enum CoaState : short
{
    Queued = 0,

    /// <summary>Taken by a worker and about to be sent, or sent and not answered yet.</summary>
    Sending = 1,

    /// <summary>The NAS was silent or refused for now: it is asked again at <c>due_at</c>.</summary>
    Retrying = 2,
    Done = 3,
    Failed = 4,
    Cancelled = 5,
}

/// <summary>What accounting says about an acknowledged change. Stored as its number.</summary>
internal enum CoaVerification : short
{
    None = 0,
    Pending = 1,
    Verified = 2,
    Unverified = 3,
}
