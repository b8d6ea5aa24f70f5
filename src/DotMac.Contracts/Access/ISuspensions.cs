namespace DotMac.Contracts.Access;

/// <summary>A reason to suspend a line.</summary>
/// <param name="Evidence">What shows it: an invoice's number, a meter's reading. Some reasons do nothing without.</param>
/// <param name="StartsAt">Null: now.</param>
/// <param name="Until">Ends by itself then.</param>
/// <param name="JobId">The bulk job that gives it.</param>
public sealed record SuspensionOrder(
    Guid SubscriberId,
    SuspensionReason Reason,
    string? Note = null,
    string? Evidence = null,
    DateTimeOffset? StartsAt = null,
    DateTimeOffset? Until = null,
    Guid? JobId = null
);

/// <summary>What a change of the reasons came to.</summary>
/// <param name="Id">Of the reason; null when there was none to end.</param>
/// <param name="Suspended">The line is suspended now.</param>
/// <param name="ReasonsLeft">Reasons that are not ended, those held back included.</param>
public sealed record SuspensionOutcome(Guid? Id, bool Suspended, int ReasonsLeft);

/// <summary>The one writer of why a line is suspended, and of whether it is. Joins the caller's unit of work.</summary>
public interface ISuspensions
{
    /// <summary>Adds a reason, or renews the one of that kind that is there. Null: there is no such subscriber, or it changed meanwhile.</summary>
    Task<SuspensionOutcome?> AddAsync(SuspensionOrder order, CancellationToken ct);

    /// <summary>Ends a reason; what is not there is ended.</summary>
    Task<SuspensionOutcome?> EndAsync(Guid subscriberId, SuspensionReason reason, string? note, CancellationToken ct, Guid? jobId = null);

    /// <summary>Decides anew from what is recorded: after a change of the line's walled garden, for example.</summary>
    Task<SuspensionOutcome?> LookAgainAsync(Guid subscriberId, CancellationToken ct);
}
