namespace DotMac.Contracts.Access;

/// <summary>The role of the register of subscribers, for those who are given the ids of some. Answers inside the caller's unit of work.</summary>
public interface ISubscribers
{
    /// <summary>Those of them that are there and whose service has not ended for good.</summary>
    Task<IReadOnlySet<Guid>> WhichExistAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);
}
