using Dapper;
using DotMac.Access.Provisioning.Changes;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>What systems outside our database said, with when they were asked.</summary>
internal sealed record Told(
    DateTimeOffset AskedAt,
    IReadOnlyList<Holdings>? Holdings,
    IReadOnlyDictionary<string, OnuState>? Onus,
    IReadOnlyList<LoginDrift> LoginDrift,
    IReadOnlyList<string> Silent
);

/// <summary>Reads a tenant's picture: first what others say, with no transaction open, then what we want, in one.</summary>
internal sealed class PictureReader(UnitOfWork work, Drivers drivers, ILoginProjection logins, TimeProvider clock)
{
    private const int PageOf = 500;

    private const string ReadLines = """
        SELECT s.id, s.subscriber_number AS number, s.username, s.status, s.onu_serial, s.vlan_id AS service_vlan, s.inner_vlan, n.site_id,
            s.created_at, n.subscriber_id IS NOT NULL AS has_profile, host(s.framed_ipv6_address) || '/128' AS link_address,
            s.framed_ipv6_prefix::text AS link_prefix,
            CASE WHEN coalesce(n.qinq_enabled, true) AND NOT EXISTS (SELECT FROM tenant_flags f
                WHERE f.name = 'ENABLE_QINQ_PROVISIONING' AND f.value = 'off') THEN s.inner_vlan END AS inner_in_force,
            host(s.framed_ipv4_address) || '/32' AS ipv4,
            coalesce(host(s.framed_ipv6_address) || '/128', s.framed_ipv6_prefix::text) AS ipv6, s.delegated_ipv6_prefix::text AS delegated_prefix,
            p.download_rate_kbps AS down_kbps, p.upload_rate_kbps AS up_kbps, i.id AS service_id, i.id IS NOT NULL AS is_served
        FROM subscribers s
        LEFT JOIN radius_bandwidth_profiles p ON p.tenant_id = s.tenant_id AND p.id = s.bandwidth_profile_id
        LEFT JOIN subscriber_network_profiles n ON n.tenant_id = s.tenant_id AND n.subscriber_id = s.id AND n.deleted_at IS NULL
        LEFT JOIN service_instances i ON i.tenant_id = s.tenant_id AND i.subscriber_id = s.id AND i.status IN (2, 4, 5, 6, 7, 8)
        WHERE s.deleted_at IS NULL AND s.status <> 4 AND (@only::uuid[] IS NULL OR s.id = ANY(@only))
        """;

    private const string ReadSessions = """
        SELECT acctuniqueid AS acct_unique_id, subscriber_id, username, host(framedipaddress) || '/32' AS ipv4,
            delegatedipv6prefix::text AS delegated_prefix, acctupdatetime AS seen_at
        FROM radacct WHERE acctstoptime IS NULL AND subscriber_id IS NOT NULL AND (@only::uuid[] IS NULL OR subscriber_id = ANY(@only))
        """;

    private const string ReadStray = """
        SELECT i.id, i.subscriber_id, i.service_identifier FROM service_instances i
        LEFT JOIN subscribers s ON s.tenant_id = i.tenant_id AND s.id = i.subscriber_id AND s.deleted_at IS NULL AND s.status <> 4
        WHERE i.status IN (2, 4, 5, 6, 7, 8) AND s.id IS NULL AND (@only::uuid[] IS NULL OR i.subscriber_id = ANY(@only))
        """;

    private const string ReadBusy = """
        SELECT subject_id FROM saga_runs
        WHERE subject_id IS NOT NULL AND NOT queued AND (status IN (0, 1, 4) OR finished_at >= @since) AND id IS DISTINCT FROM @except
        """;

    /// <summary>The drivers, with the unit of work open; they are asked outside of it when they call out.</summary>
    public async Task<(IAddressPlan Plan, IPonController Pon)> DriversAsync(CancellationToken ct) =>
        (await drivers.ForAsync<IAddressPlan>(ct), await drivers.ForAsync<IPonController>(ct));

    /// <summary>Asks the systems that call out. Call it with no transaction open.</summary>
    public async Task<Told> AskAsync(IAddressPlan plan, IPonController pon, Guid tenantId, CancellationToken ct)
    {
        var askedAt = clock.GetUtcNow();
        var silent = new List<string>();
        var holdings = plan.CallsOut ? await HoldingsAsync(plan, silent, ct) : null;
        var onus = pon.CallsOut ? await OnusAsync(pon, silent, ct) : null;
        return new Told(askedAt, holdings, onus, await logins.DriftAsync(tenantId, ct), silent);
    }

    /// <summary>Completes the picture inside the unit of work.</summary>
    /// <param name="only">These subscribers alone; null: all of them.</param>
    /// <param name="except">The run that is looking: it does not make its subject busy.</param>
    public async Task<Picture> ReadAsync(IAddressPlan plan, IPonController pon, Told told, Guid[]? only, Guid? except, CancellationToken ct)
    {
        var silent = new List<string>();
        var holdings =
            plan.CallsOut ? told.Holdings
            : only is null ? await HoldingsAsync(plan, silent, ct)
            : await HeldByAsync(plan, only, ct);
        var onus = pon.CallsOut ? told.Onus : await OnusAsync(pon, silent, ct);
        var lines = await QueryAsync<WantedLine>(ReadLines, new { only }, ct);
        var busy = await QueryAsync<Guid>(ReadBusy, new { since = told.AskedAt, except }, ct);
        return new Picture(
            lines.ToDictionary(l => l.Id),
            holdings,
            onus,
            await QueryAsync<SeenSession>(ReadSessions, new { only }, ct),
            told.LoginDrift,
            await QueryAsync<StrayInstance>(ReadStray, new { only }, ct),
            await ChangeHolders.UnfinishedAsync(work, told.AskedAt, ct),
            busy.ToHashSet()
        );
    }

    /// <summary>What some subscribers hold; null when the plan did not answer.</summary>
    public static async Task<IReadOnlyList<Holdings>?> HeldByAsync(IAddressPlan plan, IEnumerable<Guid> owners, CancellationToken ct)
    {
        var all = new List<Holdings>();
        foreach (var owner in owners)
        {
            if ((await plan.HeldByAsync(owner, ct)).Value is not { } held)
            {
                return null;
            }

            all.Add(held);
        }

        return all;
    }

    private static async Task<IReadOnlyList<Holdings>?> HoldingsAsync(IAddressPlan plan, List<string> silent, CancellationToken ct)
    {
        var all = new List<Holdings>();
        for (Guid? after = null; ; after = all[^1].OwnerId)
        {
            var page = await plan.ListHeldAsync(after, PageOf, ct);
            if (page.Value is not { } some)
            {
                silent.Add($"address plan: {page.Fault?.Message ?? "none is configured"}");
                return null;
            }

            all.AddRange(some);
            if (some.Count < PageOf)
            {
                return all;
            }
        }
    }

    private static async Task<IReadOnlyDictionary<string, OnuState>?> OnusAsync(
        IPonController pon,
        List<string> silent,
        CancellationToken ct
    )
    {
        var all = new Dictionary<string, OnuState>(StringComparer.Ordinal);
        for (string? after = null; ; )
        {
            var page = await pon.ListOwnedAsync(after, PageOf, ct);
            if (page.Value is not { } some)
            {
                silent.Add($"PON controller: {page.Fault?.Message ?? "none is configured"}");
                return null;
            }

            foreach (var onu in some)
            {
                all[onu.Serial] = onu;
            }

            if (some.Count < PageOf)
            {
                break;
            }

            after = some[^1].Serial;
        }

        foreach (var onu in (await pon.DiscoveredAsync(ct)).Value ?? [])
        {
            all.TryAdd(onu.Serial, onu);
        }

        return all;
    }

    private async Task<List<T>> QueryAsync<T>(string sql, object? values, CancellationToken ct) =>
        (await work.Connection.QueryAsync<T>(new CommandDefinition(sql, values, work.Transaction, cancellationToken: ct))).AsList();
}
