using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.Subscribers;

internal sealed class KnownSubscribers(UnitOfWork work) : ISubscribers
{
    public async Task<IReadOnlySet<Guid>> WhichExistAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        ids.Count == 0
            ? new HashSet<Guid>()
            : (
                await work.Connection.QueryAsync<Guid>(
                    new CommandDefinition(
                        "SELECT id FROM subscribers WHERE tenant_id = current_tenant() AND id = ANY (@ids) AND deleted_at IS NULL AND status <> 4",
                        new { ids = ids.ToArray() },
                        work.Transaction,
                        cancellationToken: ct
                    )
                )
            ).ToHashSet();
}
