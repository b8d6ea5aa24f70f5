namespace DotMac.Contracts.Network;

/// <summary>The role of the register of sites, for those who are given the id of one. Answers inside the caller's unit of work.</summary>
public interface ISites
{
    Task<bool> ExistsAsync(Guid siteId, CancellationToken ct);
}
