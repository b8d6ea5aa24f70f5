using Dapper;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;

namespace DotMac.Platform.Flags;

/// <summary>The flags of the unit of work's tenant, read anew in each transaction: they may change at any moment, and there are few.</summary>
internal sealed class StoredFlags(UnitOfWork work) : ITenantFlags
{
    private sealed record Row(string Name, string Value);

    public async Task<TenantFlags> ReadAsync(CancellationToken ct) => await work.SettledAsync(() => FreshAsync(ct));

    private async Task<TenantFlags> FreshAsync(CancellationToken ct)
    {
        var rows = await work.Connection.QueryAsync<Row>(
            new CommandDefinition(
                "SELECT name, value FROM tenant_flags WHERE tenant_id = @TenantId",
                new { work.TenantId },
                work.Transaction,
                cancellationToken: ct
            )
        );
        return TenantFlags.Of(rows.Select(r => KeyValuePair.Create(r.Name, r.Value)));
    }
}
