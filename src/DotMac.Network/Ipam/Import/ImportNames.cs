using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Network.Ipam.Import;

/// <summary>Names that a file may use for VRFs and sites.</summary>
internal sealed class ImportNames(Dictionary<string, Guid> vrfs, Dictionary<string, Guid> sites)
{
    public static async Task<ImportNames> ReadAsync(UnitOfWork work, CancellationToken ct)
    {
        async Task<Dictionary<string, Guid>> NamesAsync(string sql) =>
            (
                await work.Connection.QueryAsync<(string Name, Guid Id)>(
                    new CommandDefinition(sql, null, work.Transaction, cancellationToken: ct)
                )
            )
                .DistinctBy(r => r.Name, StringComparer.Ordinal)
                .ToDictionary(r => r.Name, r => r.Id, StringComparer.Ordinal);

        return new ImportNames(
            await NamesAsync("SELECT lower(name), id FROM ipam_vrfs WHERE tenant_id = current_tenant()"),
            await NamesAsync("SELECT slug, id FROM sites WHERE tenant_id = current_tenant()")
        );
    }

    /// <summary>False when it is named but not there; an empty name is the global table.</summary>
    public bool TryVrf(string? name, out Guid? id) => Try(vrfs, name, out id);

    public bool TrySite(string? slug, out Guid? id) => Try(sites, slug, out id);

    private static bool Try(Dictionary<string, Guid> names, string? name, out Guid? id)
    {
        id = name is not null && names.TryGetValue(name.ToLowerInvariant(), out var found) ? found : null;
        return name is null || id is not null;
    }
}
