using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;

namespace DotMac.Network.Ipam.Registry;

/// <summary>Whether what a caller refers to is there; a fault in the field when it is not.</summary>
internal sealed class Known(UnitOfWork work)
{
    public Task SiteAsync(Faults faults, Guid? id, CancellationToken ct) =>
        CheckAsync(faults, "site_id", id, "SELECT EXISTS (SELECT 1 FROM sites WHERE tenant_id = current_tenant() AND id = @id)", ct);

    public Task VrfAsync(Faults faults, Guid? id, CancellationToken ct) =>
        CheckAsync(faults, "vrf_id", id, "SELECT EXISTS (SELECT 1 FROM ipam_vrfs WHERE tenant_id = current_tenant() AND id = @id)", ct);

    public Task VlanAsync(Faults faults, Guid? id, CancellationToken ct) =>
        CheckAsync(faults, "vlan_id", id, "SELECT EXISTS (SELECT 1 FROM ipam_vlans WHERE tenant_id = current_tenant() AND id = @id)", ct);

    public Task VlanGroupAsync(Faults faults, Guid? id, CancellationToken ct) =>
        CheckAsync(
            faults,
            "group_id",
            id,
            "SELECT EXISTS (SELECT 1 FROM ipam_vlan_groups WHERE tenant_id = current_tenant() AND id = @id)",
            ct
        );

    private async Task CheckAsync(Faults faults, string field, Guid? id, string sql, CancellationToken ct)
    {
        if (id is not null)
        {
            var there = await work.Connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(sql, new { id }, work.Transaction, cancellationToken: ct)
            );
            faults.Check(there, field, "not_found", "There is none with this id.");
        }
    }
}
