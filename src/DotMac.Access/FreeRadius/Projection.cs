using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using Npgsql;

namespace DotMac.Access.FreeRadius;

/// <summary>
/// Keeps a tenant's radcheck, radreply and nas equal to what they stand for. The only writer of these tables: changes, the schedule, the
/// API and the command line all come here, and a lock of the tenant's lets them in one at a time, so that none writes older than it read.
/// </summary>
internal sealed class Projection(Databases databases, SnapshotRows rows, TimeProvider clock)
{
    private const int ChunkLogins = 2_000;

    private sealed record Switch(bool Enabled, NasVendor? Vendor);

    /// <summary>Tenants that ever switched this way on.</summary>
    public async Task<List<Guid>> TenantsAsync(CancellationToken ct)
    {
        await using var command = databases.Aaa.CreateCommand("SELECT tenant_id FROM freeradius.settings ORDER BY tenant_id");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tenants = new List<Guid>();
        while (await reader.ReadAsync(ct))
        {
            tenants.Add(reader.GetGuid(0));
        }

        return tenants;
    }

    /// <summary>Compares the whole projection of a tenant; changes nothing.</summary>
    public Task<Drift> DriftAsync(Guid tenant, CancellationToken ct) => SettleAsync(tenant, null, repair: false, ct);

    /// <summary>Compares and mends the whole projection of a tenant. Of one that is switched off nothing is left.</summary>
    public Task<Drift> ReconcileAsync(Guid tenant, CancellationToken ct) => SettleAsync(tenant, null, repair: true, ct);

    /// <summary>Brings some logins up to date.</summary>
    public Task<Drift> UpdateAsync(Guid tenant, IReadOnlyCollection<Guid> subscribers, CancellationToken ct) =>
        SettleAsync(tenant, subscribers, repair: true, ct);

    private async Task<Drift> SettleAsync(Guid tenant, IReadOnlyCollection<Guid>? some, bool repair, CancellationToken ct)
    {
        var report = new DriftReport(clock.GetUtcNow());
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(hashtextextended('freeradius ' || $1::uuid::text, 0))", ct, tenant);
        if (await SwitchAsync(connection, tenant, ct) is not { } settings)
        {
            return report.ToDrift(repaired: false);
        }

        var nas = (await rows.NasAsync(ct)).FindAll(n => n.TenantId == tenant);
        var rates = (await rows.RatesAsync(ct)).Where(r => r.TenantId == tenant).ToDictionary(r => r.Id);
        var vendor = settings.Vendor ?? CommonVendor(nas);
        var (check, reply) = (
            new ProjectedTable(connection, tenant, isCheck: true),
            new ProjectedTable(connection, tenant, isCheck: false)
        );
        if (some is null)
        {
            await new ProjectedNas(connection, tenant).SettleAsync(settings.Enabled ? nas : [], report, repair, ct);
            some = await AllAsync(tenant, check, reply, ct);
        }

        foreach (var chunk in some.Chunk(ChunkLogins))
        {
            var logins = settings.Enabled ? await LoginsAsync(tenant, chunk, ct) : [];
            report.Logins += logins.Count;
            await check.SettleAsync(chunk, logins.ToDictionary(l => l.SubscriberId, l => (l, LoginRows.Check(l))), report, repair, ct);
            await reply.SettleAsync(
                chunk,
                logins.ToDictionary(
                    l => l.SubscriberId,
                    l => (l, LoginRows.Reply(l, l.BandwidthProfileId is { } id ? rates.GetValueOrDefault(id) : null, vendor))
                ),
                report,
                repair,
                ct
            );
        }

        var drift = report.ToDrift(repair);
        if (repair)
        {
            await ExecuteAsync(
                connection,
                "UPDATE freeradius.settings SET reconciled_at = $2, repaired_rows = $3 WHERE tenant_id = $1",
                ct,
                tenant,
                drift.At.UtcDateTime,
                drift.Total
            );
            await transaction.CommitAsync(ct);
        }

        return drift;
    }

    /// <summary>The vendor of all the tenant's NAS; the standard attributes when they differ. Stock SQL cannot tell one NAS from another.</summary>
    internal static NasVendor CommonVendor(IEnumerable<NasEntry> nas) =>
        nas.Where(n => n.Enabled).Select(n => n.Vendor).Distinct().ToList() is [var only] ? only : NasVendor.Generic;

    private async Task<HashSet<Guid>> AllAsync(Guid tenant, ProjectedTable check, ProjectedTable reply, CancellationToken ct)
    {
        var all = await check.SubscribersAsync(ct);
        all.UnionWith(await reply.SubscribersAsync(ct));
        await using var command = databases.Aaa.CreateCommand("SELECT id FROM subscribers WHERE tenant_id = $1 AND deleted_at IS NULL");
        command.Parameters.AddWithValue(tenant);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            all.Add(reader.GetGuid(0));
        }

        return all;
    }

    private async Task<List<Login>> LoginsAsync(Guid tenant, Guid[] subscribers, CancellationToken ct)
    {
        var logins = new List<Login>();
        await foreach (var login in rows.LoginsAsync(Array.ConvertAll(subscribers, s => (tenant, s)), ct))
        {
            // FreeRADIUS is told nothing of who is gone: deprovisioning leaves no row.
            if (login.Status != SubscriberStatus.Terminated)
            {
                logins.Add(login);
            }
        }

        return logins;
    }

    private static async Task<Switch?> SwitchAsync(NpgsqlConnection connection, Guid tenant, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT enabled, vendor FROM freeradius.settings WHERE tenant_id = $1", connection);
        command.Parameters.AddWithValue(tenant);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new Switch(reader.GetBoolean(0), reader.IsDBNull(1) ? null : (NasVendor)reader.GetInt16(1))
            : null;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(ct);
    }
}
