namespace DotMac.Access.Coa;

/// <summary>One change to one session: what is asked, how often it was, and what became of it. A row of coa_tasks.</summary>
internal sealed record CoaTask
{
    /// <summary>A NAS that refuses or is silent for so long is given up: with the waits below, after some six hours.</summary>
    public const int MostAttempts = 20;

    /// <summary>A worker that has not said anything for so long is dead; a request takes 7 s at most.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private const int ResourcesUnavailable = 506;
    private static readonly int[] WaitSeconds = [5, 15, 30, 60, 120, 300, 600, 900, 1800];

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public Guid? RunId { get; init; }
    public required CoaKind Kind { get; init; }
    public required CoaChange Change { get; init; }
    public required string AcctUniqueId { get; init; }
    public required long SessionNumber { get; init; }
    public Guid? NasId { get; init; }

    /// <summary>Sendings so far, the one at hand included.</summary>
    public int Attempts { get; init; }

    /// <summary>A worker died over it: it may have been sent once more than is known.</summary>
    public bool MaybeTwice { get; init; }

    /// <summary>What follows from an answer. Silence and refusals for now are asked again, and are never a success.</summary>
    public static CoaState After(CoaKind kind, DisconnectResult result, int attempts) =>
        result.Outcome switch
        {
            DisconnectResult.Ack or DisconnectResult.Gone => CoaState.Done,
            DisconnectResult.NoNas or DisconnectResult.NothingToSay => CoaState.Failed,
            DisconnectResult.Nak when result.IsSettled => kind == CoaKind.Disconnect ? CoaState.Done : CoaState.Failed,
            DisconnectResult.Nak when kind != CoaKind.Disconnect && result.ErrorCause?.Value != ResourcesUnavailable => CoaState.Failed,
            _ => attempts < MostAttempts ? CoaState.Retrying : CoaState.Failed,
        };

    public static TimeSpan WaitAfter(int attempts) =>
        TimeSpan.FromSeconds(WaitSeconds[Math.Clamp(attempts - 1, 0, WaitSeconds.Length - 1)]);

    /// <summary>How long accounting has to show it: two of the session's own intervals and a minute.</summary>
    public static TimeSpan Patience(long? intervalSeconds) => TimeSpan.FromSeconds((2 * Math.Clamp(intervalSeconds ?? 300, 60, 3600)) + 60);
}
