using Dapper;
using DotMac.Contracts.Network;
using DotMac.Kernel.Data;

namespace DotMac.Network.Ipam.Sites;

/// <summary>The tenant's sites, for the groups that only have an id.</summary>
internal sealed class KnownSites(UnitOfWork work) : ISites
{
    public Task<bool> ExistsAsync(Guid siteId, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "SELECT EXISTS (SELECT 1 FROM sites WHERE id = @siteId)",
                new { siteId },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
