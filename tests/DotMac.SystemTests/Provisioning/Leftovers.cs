using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>
/// What a subscriber left behind, counted over every table of every schema that has a column for a subscriber or an owner: a table that
/// somebody adds is counted without a line here. What is history by design is named, with the reason.
/// </summary>
public static class Leftovers
{
    private static readonly string[] Columns = ["subscriber_id", "owner_id", "holder_id"];

    /// <summary>History: it stays, and holds nothing.</summary>
    private static readonly Dictionary<string, string> History = new(StringComparer.Ordinal)
    {
        ["public.radacct"] = "sessions that were",
        ["public.radpostauth"] = "answers that were given",
        ["public.decisions"] = "answers that were given",
        ["public.usage_hourly"] = "volumes that were used",
        ["public.usage_daily"] = "volumes that were used",
        ["public.usage_monthly"] = "volumes that were used",
        ["public.quota_states"] = "volumes that were used",
        ["public.quota_top_ups"] = "volumes that were bought",
        ["public.subscriber_alerts"] = "where it signed on from; goes after 90 days",
        ["public.line_validations"] = "how the last check of the line went",
        ["public.coa_tasks"] = "what a NAS was asked",
    };

    /// <summary>Rows that stay but have ended: what counts is those that have not.</summary>
    private static readonly Dictionary<string, string> Live = new(StringComparer.Ordinal)
    {
        ["public.ipam_allocations"] = "ended_at IS NULL",
        ["public.ipam_vlan_allocations"] = "ended_at IS NULL",
        ["public.subscriber_network_profiles"] = "deleted_at IS NULL",
        ["public.service_instances"] = "status NOT IN (3, 11)",
        ["public.subscriber_suspensions"] = "ended_at IS NULL",
        ["public.subscriber_shields"] = "ended_at IS NULL",
        ["public.suspension_states"] = "decided <> 0 OR carried_out <> 0 OR due_at IS NOT NULL",
    };

    /// <summary>"table: rows" of everything that is left; empty is the proof. Partitions are counted through their parents.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(TestDatabase database, Guid subscriber)
    {
        var tables = await database.QueryAsync<string>(
            """
            SELECT n.nspname || '.' || c.relname || '|' || a.attname
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                AND n.nspname NOT LIKE 'pg_%' AND a.attname = ANY (@Columns) AND a.atttypid = 'uuid'::regtype
            """,
            new { Columns }
        );
        tables.Count.ShouldBeGreaterThan(15, "the catalogue was read");
        var left = new List<string>();
        foreach (
            var (table, column) in tables.Select(t => t.Split('|')).Select(t => (t[0], t[1])).Where(t => !History.ContainsKey(t.Item1))
        )
        {
            var live = Live.TryGetValue(table, out var condition) ? $" AND ({condition})" : "";
            var rows = await database.ScalarAsync<long>(
                $"SELECT count(*) FROM {table} WHERE {column} = @subscriber{live}",
                new { subscriber }
            );
            if (rows > 0)
            {
                left.Add($"{table}: {rows}");
            }
        }

        return left;
    }

    /// <summary>What FreeRADIUS sees of a login in its tenants' schemas; its sessions and answers are history.</summary>
    public static async Task<IReadOnlyList<string>> OfFreeRadiusAsync(TestDatabase database, string username)
    {
        var views = await database.QueryAsync<string>(
            """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'username'
            WHERE (n.nspname LIKE 'fr\_%' OR n.nspname = 'freeradius') AND c.relkind IN ('r', 'p', 'v') AND c.relname NOT IN ('radacct', 'radpostauth')
            """
        );
        views.Count.ShouldBeGreaterThan(3, "the tenant's schema is there");
        var left = new List<string>();
        foreach (var view in views)
        {
            var rows = await database.ScalarAsync<long>($"SELECT count(*) FROM {view} WHERE username = @username", new { username });
            if (rows > 0)
            {
                left.Add($"{view}: {rows}");
            }
        }

        return left;
    }

    /// <summary>What the subscriber's own row and runs still say: "field" of each fact that is not gone.</summary>
    public static Task<IReadOnlyList<string>> OfRowAsync(TestDatabase database, Guid subscriber) =>
        database.QueryAsync<string>(
            """
            SELECT f.key FROM subscribers s CROSS JOIN LATERAL jsonb_each(to_jsonb(s)) AS f
            WHERE s.id = @subscriber AND s.deleted_at IS NULL AND f.value <> 'null' AND f.key = ANY (ARRAY['framed_ipv4_address', 'framed_ipv4_netmask',
                'framed_ipv6_prefix', 'framed_ipv6_address', 'delegated_ipv6_prefix', 'vlan_id', 'inner_vlan', 'circuit_id', 'remote_id',
                'framed_ipv4_pool', 'framed_ipv6_pool', 'delegated_ipv6_pool', 'mac_address', 'bandwidth_profile_id', 'onu_serial', 'cpe_mac_address',
                'netbox_ip_id', 'voltha_onu_id', 'genieacs_device_id', 'monitoring_id', 'suspension_reason'])
            UNION ALL SELECT 'enabled' FROM subscribers WHERE id = @subscriber AND (enabled OR suspended)
            UNION ALL SELECT 'charges: ' || c.key FROM service_charges c JOIN service_instances i ON i.id = c.service_id
                WHERE i.subscriber_id = @subscriber AND c.kind = 0 AND c.voided_at IS NULL
                    AND NOT EXISTS (SELECT 1 FROM service_charges e WHERE e.service_id = c.service_id AND e.kind = 4 AND e.voided_at IS NULL)
            UNION ALL SELECT 'run ' || definition FROM saga_runs WHERE subject_id = @subscriber AND status IN (0, 1, 4, 6)
            """,
            new { subscriber }
        );
}
