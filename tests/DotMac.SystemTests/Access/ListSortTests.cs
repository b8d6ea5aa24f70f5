using System.Net;
using System.Text.Json.Nodes;

namespace DotMac.SystemTests.Access;

/// <summary>Every list that can be sorted, by every word and both ways: page by page it is what it is as a whole, and the whole is in order.</summary>
public sealed class ListSortTests(ListSortTests.Room room) : IClassFixture<ListSortTests.Room>
{
    private const int Rows = 7;

    /// <summary>A list's path with its filters, the field that names a row, and its sort words with the field that each sorts by.</summary>
    private static readonly (string Path, string Id, (string Word, Kind Kind)[] Sorts)[] Lists =
    [
        ("ipam/sites", "id", [("name", Kind.Text), ("slug", Kind.Text), ("parent", Kind.Text), ("created_at", Kind.Time)]),
        ("ipam/vrfs", "id", [("name", Kind.Text), ("rd", Kind.Text), ("created_at", Kind.Time)]),
        ("ipam/vlan-groups", "id", [("name", Kind.Text), ("site", Kind.Text), ("created_at", Kind.Time)]),
        (
            "ipam/vlans",
            "id",
            [("vid", Kind.Number), ("name", Kind.Text), ("group", Kind.Text), ("site", Kind.Text), ("created_at", Kind.Time)]
        ),
        (
            "ipam/vlan-pools",
            "id",
            [("name", Kind.Text), ("site", Kind.Text), ("utilization_percent", Kind.Number), ("created_at", Kind.Time)]
        ),
        (
            "ipam/prefixes",
            "id",
            [("prefix", Kind.Network), ("vrf", Kind.Text), ("site", Kind.Text), ("vlan", Kind.Number), ("created_at", Kind.Time)]
        ),
        (
            "ipam/pools",
            "id",
            [
                ("name", Kind.Text),
                ("network", Kind.Network),
                ("vrf", Kind.Text),
                ("site", Kind.Text),
                ("utilization_percent", Kind.Number),
                ("created_at", Kind.Time),
            ]
        ),
        ("ipam/ip-addresses", "id", [("address", Kind.Network), ("allocated_at", Kind.Time)]),
        ("ipam/reservations", "id", [("address", Kind.Network), ("allocated_at", Kind.Time), ("expires_at", Kind.Time)]),
        ("ipam/vlan-allocations", "id", [("allocated_at", Kind.Time), ("service_vlan", Kind.Number)]),
        ("provisioning/runs", "id", [("created_at", Kind.Time), ("changed_at", Kind.Time)]),
        (
            "provisioning/runs/dead-letter",
            "id",
            [("created_at", Kind.Time), ("changed_at", Kind.Time), ("definition", Kind.Text), ("subject_label", Kind.Text)]
        ),
        ("services", "id", [("ordered_at", Kind.Time), ("service_identifier", Kind.Text)]),
        ("reconciliation/findings", "id", [("found_at", Kind.Time), ("kind", Kind.Together), ("subject_label", Kind.Text)]),
        ("pon/onus", "serial", [("serial", Kind.Text), ("observed_at", Kind.Time), ("rx_power_dbm", Kind.Number)]),
        ("netbox/ipam/vlans", "id", [("name", Kind.Text)]),
        ("ip-management/pools", "id", [("network", Kind.Network)]),
    ];

    private enum Kind
    {
        Text,
        Number,
        Time,
        Network,

        /// <summary>Equal ones stand together, in whatever order the kinds have.</summary>
        Together,
    }

    public static TheoryData<string, string> Sorted()
    {
        var data = new TheoryData<string, string>();
        foreach (var (path, _, sorts) in Lists)
        {
            foreach (var (word, _) in sorts)
            {
                data.Add(path, word);
                data.Add(path, "-" + word);
            }
        }

        return data;
    }

    public static TheoryData<string> Paths() => [.. Lists.Select(l => l.Path)];

    [Theory]
    [MemberData(nameof(Sorted))]
    public async Task Page_by_page_no_row_is_lost_or_told_twice(string path, string sort)
    {
        var (_, id, sorts) = Lists.Single(l => l.Path == path);
        var (word, kind) = sorts.Single(s => s.Word == sort.TrimStart('-'));
        var whole = (await PageAsync(path, sort, 500)).Items;
        whole.Count.ShouldBe(Rows);
        ShouldBeInOrder([.. whole.Select(row => row![word])], kind, sort.StartsWith('-'));
        foreach (var limit in new[] { 2, 3 })
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                (var items, cursor) = await PageAsync(path, sort, limit, cursor);
                seen.AddRange(items.Select(row => row!.Text(id)));
                seen.Count.ShouldBeLessThanOrEqualTo(Rows);
            } while (cursor is not null);

            seen.ShouldBe(whole.Select(row => row!.Text(id)));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task An_unknown_sort_and_the_cursor_of_another_are_refused(string path)
    {
        var words = Lists.Single(l => l.Path == path).Sorts.Select(s => s.Word).ToList();
        foreach (var unknown in new[] { "password", "--" + words[0] })
        {
            var refused = await room.Api.Client.MustAsync(400, "GET", $"{path}?sort={unknown}");
            refused.Faults().ShouldBe(["sort:unknown"]);
            words.ShouldAllBe(word => refused["errors"]![0]!.Text("message").Contains(word, StringComparison.Ordinal));
        }

        var cursor = (await PageAsync(path, words[0], 2)).Next!;
        foreach (
            var (sort, of) in new[]
            {
                ("-" + words[0], cursor),
                (words[^1] == words[0] ? "-" + words[0] : words[^1], cursor),
                (words[0], "nonsense"),
            }
        )
        {
            (await room.Api.Client.MustAsync(400, "GET", $"{path}?sort={sort}&cursor={of}")).Faults().ShouldBe(["cursor:bad_cursor"]);
        }
    }

    /// <summary>A cursor in the right form whose value is of another kind is no reason for a defect.</summary>
    [Theory]
    [InlineData("ipam/vlans", "vid", "many")]
    [InlineData("ipam/vlans", "vid", null)]
    [InlineData("ipam/prefixes", "prefix", "10.0.0.1/8")]
    [InlineData("ipam/ip-addresses", "allocated_at", "yesterday")]
    [InlineData("pon/onus", "rx_power_dbm", "1e999")]
    [InlineData("provisioning/runs", "created_at", "7")]
    public async Task A_forged_place_is_refused(string path, string sort, string? value)
    {
        var cursor = Kernel.Paging.Cursor.Encode(sort, value, path == "pon/onus" ? "SIMU00000001" : Guid.NewGuid().ToString());
        (await room.Api.Client.MustAsync(400, "GET", $"{path}?sort={sort}&cursor={cursor}")).Faults().ShouldBe(["cursor:bad_cursor"]);
    }

    /// <summary>What .NET reads and PostgreSQL does not is handed on as PostgreSQL writes it.</summary>
    [Theory]
    [InlineData("ipam/prefixes", "prefix", "[2001:db8::]/32")]
    [InlineData("pon/onus", "rx_power_dbm", "1e-400")]
    public async Task A_place_in_another_form_is_understood(string path, string sort, string value)
    {
        var cursor = Kernel.Paging.Cursor.Encode(sort, value, path == "pon/onus" ? "SIMU00000001" : Guid.NewGuid().ToString("B"));
        await room.Api.Client.MustAsync(200, "GET", $"{path}?sort={sort}&cursor={cursor}");
    }

    private async Task<(JsonArray Items, string? Next)> PageAsync(string path, string sort, int limit, string? cursor = null)
    {
        var page = await room.Api.Client.MustAsync(200, "GET", $"{path}?limit={limit}&sort={sort}&cursor={cursor}");
        return (page["items"]!.AsArray(), page["next_cursor"]?.GetValue<string>());
    }

    private static void ShouldBeInOrder(List<JsonNode?> values, Kind kind, bool descending)
    {
        var given = values.TakeWhile(v => v is not null).Select(v => v!).ToList();
        values.Skip(given.Count).ShouldAllBe(v => v == null, "what is not there comes last");
        given.Select(v => v.ToString()).Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(1, "else nothing is proven");
        if (kind is Kind.Together)
        {
            var runs = given.Select(v => v.ToString()).Where((v, i) => i == 0 || given[i - 1].ToString() != v).ToList();
            runs.ShouldBeUnique();
            return;
        }

        for (var i = 1; i < given.Count; i++)
        {
            var way = Compare(given[i - 1], given[i], kind) * (descending ? -1 : 1);
            way.ShouldBeLessThanOrEqualTo(0, $"{given[i - 1]} before {given[i]}");
        }
    }

    private static int Compare(JsonNode one, JsonNode other, Kind kind) =>
        kind switch
        {
            Kind.Number => one.GetValue<double>().CompareTo(other.GetValue<double>()),
            Kind.Time => one.GetValue<DateTimeOffset>().CompareTo(other.GetValue<DateTimeOffset>()),
            Kind.Network => Bits(one).CompareTo(Bits(other), StringComparison.Ordinal),
            _ => string.Compare(one.GetValue<string>(), other.GetValue<string>(), StringComparison.OrdinalIgnoreCase),
        };

    /// <summary>A network as text that sorts as PostgreSQL sorts networks: IPv4 first, then by address, then by length.</summary>
    private static string Bits(JsonNode network)
    {
        var read = IPNetwork.Parse(network.GetValue<string>());
        var bytes = read.BaseAddress.GetAddressBytes();
        return $"{bytes.Length:00}{Convert.ToHexString(bytes)}{read.PrefixLength:000}";
    }

    /// <summary>Seven rows in each list: some values equal, some missing, and no two sorts alike.</summary>
    public sealed class Room : IAsyncLifetime
    {
        public AccessApi Api { get; } = new();

        public async Task InitializeAsync()
        {
            await Api.InitializeAsync();
            await Api.Database.ExecuteAsync(Plan + Held + Runs + Fibre, new { tenant = AccessApi.Tenant });
        }

        public Task DisposeAsync() => Api.DisposeAsync();

        private const string Plan = """
            CREATE TEMP TABLE n AS SELECT n, ('00000000-0000-7000-8000-00000000010' || n)::uuid AS id,
                ('00000000-0000-7000-8000-00000000010' || (n * 3 % 7))::uuid AS other,
                timestamptz '2026-01-01' + (n * 5 % 7 / 2) * interval '1 day 1.234567 seconds' AS at,
                chr(97 + n * 4 % 7) AS letter
            FROM generate_series(0, 6) AS n;
            INSERT INTO sites (tenant_id, id, slug, name, created_at) SELECT @tenant, id, 'slug-' || n, letter || CASE WHEN n % 2 = 0 THEN 'Site' ELSE 'site' END, at FROM n;
            UPDATE sites s SET parent_id = n.other FROM n WHERE n.id = s.id AND n.n > 2;
            INSERT INTO ipam_vrfs (tenant_id, id, name, rd, created_at)
                SELECT @tenant, id, letter || 'vrf', CASE WHEN n % 3 > 0 THEN '64500:' || n END, at FROM n;
            INSERT INTO ipam_vlan_groups (tenant_id, id, name, site_id, created_at)
                SELECT @tenant, id, letter || 'group', CASE WHEN n % 2 = 0 THEN other END, at FROM n;
            INSERT INTO ipam_vlans (tenant_id, id, vid, name, group_id, site_id, created_at)
                SELECT @tenant, id, 100 + n * 2 % 7, CASE WHEN n < 3 THEN 'same' ELSE letter END, CASE WHEN n > 1 THEN other END, CASE WHEN n < 5 THEN id END, at FROM n;
            INSERT INTO ipam_vlan_pools (tenant_id, id, name, site_id, service_first, service_last, created_at)
                SELECT @tenant, id, letter || 'pool', CASE WHEN n % 3 > 0 THEN id END, 100 + n * 100, 109 + n * 100, at FROM n;
            INSERT INTO ipam_prefixes (tenant_id, id, vrf_id, network, site_id, vlan_id, created_at)
                SELECT @tenant, id, CASE WHEN n % 2 > 0 THEN other END, CASE WHEN n < 2 THEN '2001:db8:' || n || '::/48' ELSE '10.' || (20 - n) || '.0.0/' || 16 + n % 2 END::cidr,
                    CASE WHEN n > 3 THEN other END, CASE WHEN n % 3 > 0 THEN other END, at FROM n;
            INSERT INTO ipam_pools (tenant_id, id, name, kind, vrf_id, prefix_id, unit, site_id, created_at)
                SELECT @tenant, id, letter || 'pool', 1, CASE WHEN n % 2 > 0 THEN other END, id, 32, CASE WHEN n > 3 THEN other END, at FROM n;
            INSERT INTO ipam_ranges (tenant_id, pool_id, first, size, made) SELECT @tenant, id, 0, 10, 10 FROM n WHERE n > 1;
            INSERT INTO ipam_slots (tenant_id, pool_id, ordinal, state) SELECT @tenant, id, o, 1 FROM n, generate_series(0, n.n / 2) AS o;

            """;

        private const string Held = """
            INSERT INTO ipam_allocations (tenant_id, id, space, network, kind, state, origin, key, allocated_at, expires_at)
                SELECT @tenant, id, @tenant, ('100.64.' || (n * 4 % 7) || '.1/32')::cidr, 0, 0, 2, 'kept' || n, at, CASE WHEN n % 3 > 0 THEN at + n % 2 * interval '1 h' END FROM n;
            INSERT INTO ipam_vlan_allocations (tenant_id, id, scope, service_vlan, inner_vlan, owner_id, key, allocated_at)
                SELECT @tenant, id, @tenant, 100 + n / 3, 10 + n, id, 'held' || n, at FROM n;

            """;

        private const string Runs = """
            INSERT INTO saga_runs (tenant_id, id, definition, version, status, input, state, subject_label, started_by, created_at, due_at, changed_at)
                SELECT @tenant, id, CASE WHEN n < 4 THEN 'strange' ELSE 'other' END, 1, 6, '{}', '{}', letter, 'ada', timestamptz '2026-01-01' + n * interval '1 min', now(), at FROM n;
            INSERT INTO service_instances (tenant_id, id, subscriber_id, service_identifier, service_type, plan_id, status, ordered_at)
                SELECT @tenant, id, id, letter || '@isp', 0, id, 2, at FROM n;
            INSERT INTO reconciliation_findings (tenant_id, id, fingerprint, kind, subject_label, what, facts, found_at, seen_at)
                SELECT @tenant, id, 'f' || n, n * 5 % 3, letter, 'differs', '{}', at, at FROM n;

            """;

        private const string Fibre = """
            INSERT INTO pon_olts (tenant_id, id, name, vendor, model, controller_id, created_at) SELECT @tenant, id, 'olt', 'v', 'm', 'c', now() FROM n WHERE n = 0;
            INSERT INTO pon_ports (tenant_id, olt_id, number) SELECT @tenant, id, 0 FROM n WHERE n = 0;
            INSERT INTO pon_onus (tenant_id, serial, olt_id, port, device_id, onu_number, admin, oper, rx_power_dbm, observed_at, discovered_at, changed_at)
                SELECT @tenant, 'SIMU0000000' || n, (SELECT id FROM pon_olts), 0, 'd' || n, n, 0, 0, CASE WHEN n % 3 > 0 THEN -20.123456789 - n * 4 % 5 END,
                    CASE WHEN n > 1 THEN at END, now(), now() FROM n;
            """;
    }
}
