using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using DotMac.Access.NetworkProfiles;
using DotMac.Network.Ipam;
using DotMac.SystemTests.Network;

namespace DotMac.SystemTests.NetworkProfiles;

/// <summary>Whether an address is another line's is asked with every order: it must not be answered by reading all lines.</summary>
public sealed class AddressConflictCostTests(PlanFixture fixture) : IClassFixture<PlanFixture>
{
    [Theory]
    [InlineData("force_generic_plan")]
    [InlineData("force_custom_plan")]
    public async Task A_conflict_is_looked_up_among_many_lines_and_not_searched_for(string planned)
    {
        var tenant = await fixture.TenantAsync();
        await fixture.Database.ExecuteAsync(
            """
            INSERT INTO subscribers (tenant_id, id, subscriber_number, username, password, framed_ipv4_address, framed_ipv6_prefix, delegated_ipv6_prefix)
            SELECT @tenant, gen_random_uuid(), n::text, @tenant || '-' || n, '', '10.0.0.0'::inet + n, ('2001:db8:0:' || to_hex(n) || '::/64')::cidr,
                ('2001:db8:1' || to_hex(n / 256 + 256) || ':' || to_hex(mod(n, 256) * 256) || '::/56')::cidr
            FROM generate_series(1, 5000) AS n
            """,
            new { tenant }
        );
        await fixture.Database.ExecuteAsync("ANALYZE subscribers");
        string[] names = ["v4", "v6", "prefix", "around", "delegated", "self"];
        var sql = names
            .Select((name, i) => (name, i))
            .Aggregate(AddressConflicts.Find, (text, p) => text.Replace($"@{p.name}", $"${p.i + 1}", StringComparison.Ordinal));
        await using var scope = await fixture.OpenAsync(tenant);
        var connection = scope.Work.Connection;
        await connection.ExecuteAsync(
            $"SET LOCAL plan_cache_mode = {planned}; PREPARE conflict (text, text, text, cidr[], text, uuid) AS {sql}"
        );
        var plan = string.Join(
            '\n',
            await connection.QueryAsync<string>(
                """
                EXPLAIN (ANALYZE, TIMING OFF) EXECUTE conflict ('10.9.9.9', '2001:db8:9::1', '2001:db8:9::/64',
                    '{2001:db8:9000::/48,2001:db8:9000::/49,2001:db8:9000::/56}', '2001:db8:9000::/56', '00000000-0000-0000-0000-000000000000')
                """
            )
        );
        await connection.ExecuteAsync("DEALLOCATE conflict");
        plan.Contains("Seq Scan", StringComparison.Ordinal).ShouldBeFalse(plan);
        Regex
            .Matches(plan, @"Rows Removed by Filter: (\d+)", RegexOptions.None, TimeSpan.FromSeconds(1))
            .Sum(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))
            .ShouldBeLessThan(10, plan);
    }

    [Theory]
    [InlineData("force_generic_plan")]
    [InlineData("force_custom_plan")]
    public async Task A_pair_of_vlans_is_looked_up_among_many_lines_and_not_searched_for(string planned)
    {
        var tenant = await fixture.TenantAsync();
        await fixture.Database.ExecuteAsync(
            """
            INSERT INTO subscribers (tenant_id, id, subscriber_number, username, password, vlan_id, inner_vlan)
            SELECT @tenant, gen_random_uuid(), n::text, @tenant || '-' || n, '', 100 + n / 1000, n % 1000 + 1 FROM generate_series(1, 5000) AS n
            """,
            new { tenant }
        );
        await fixture.Database.ExecuteAsync("ANALYZE subscribers");
        string[] names = ["service", "inner", "self", "site", "isTold"];
        var sql = names
            .Select((name, i) => (name, i))
            .Aggregate(VlanConflicts.Find, (text, p) => text.Replace($"@{p.name}", $"${p.i + 1}", StringComparison.Ordinal));
        await using var scope = await fixture.OpenAsync(tenant);
        var connection = scope.Work.Connection;
        await connection.ExecuteAsync(
            $"SET LOCAL plan_cache_mode = {planned}; PREPARE conflict_of_vlans (int, int, uuid, uuid, bool) AS {sql}"
        );
        var plan = string.Join(
            '\n',
            await connection.QueryAsync<string>(
                "EXPLAIN (ANALYZE, TIMING OFF) EXECUTE conflict_of_vlans (102, 7, '00000000-0000-0000-0000-000000000000', NULL, true)"
            )
        );
        await connection.ExecuteAsync("DEALLOCATE conflict_of_vlans");
        plan.Contains("Seq Scan on subscribers", StringComparison.Ordinal).ShouldBeFalse(plan);
        plan.ShouldContain("subscribers_vlan");
    }

    [Fact]
    public async Task What_the_plan_keeps_for_others_is_looked_up_and_not_searched_for()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.Database.ExecuteAsync(
            """
            INSERT INTO ipam_vrfs (tenant_id, id, name) SELECT @tenant, gen_random_uuid(), 'vrf ' || n FROM generate_series(1, 3) AS n;
            INSERT INTO ipam_prefixes (tenant_id, id, vrf_id, network)
            SELECT @tenant, gen_random_uuid(), v, ('10.' || n / 256 || '.' || mod(n, 256) || '.0/24')::cidr
            FROM generate_series(1, 2500) AS n, (SELECT id FROM ipam_vrfs WHERE tenant_id = @tenant UNION ALL SELECT NULL) AS s (v);
            INSERT INTO ipam_pools (tenant_id, id, name, kind, vrf_id, prefix_id, unit)
            SELECT tenant_id, id, id::text, 0, vrf_id, id, 32 FROM ipam_prefixes WHERE tenant_id = @tenant;
            INSERT INTO ipam_ranges (tenant_id, pool_id, first, size, start, space, span)
            SELECT tenant_id, id, 0, 256, network, space, ipam_inetrange(host(network)::inet, host(broadcast(network))::inet, '[]')
            FROM ipam_prefixes WHERE tenant_id = @tenant;
            INSERT INTO ipam_ranges (tenant_id, pool_id, first, size) SELECT @tenant, gen_random_uuid(), 0, 4000 FROM generate_series(1, 4000);
            INSERT INTO ipam_allocations (tenant_id, id, space, network, kind, state, owner_id, key)
            SELECT @tenant, gen_random_uuid(), @tenant, ('10.' || n / 256 || '.' || mod(n, 256) || '.9')::cidr, 0, 2, gen_random_uuid(), 'v4 ' || n
            FROM generate_series(1, 1500) AS n
            UNION ALL
            SELECT @tenant, gen_random_uuid(), @tenant, ('2001:db8:1' || to_hex(n / 256 + 256) || ':' || to_hex(mod(n, 256) * 256) || '::/56')::cidr,
                2, 2, gen_random_uuid(), 'pd ' || n
            FROM generate_series(1, 4000) AS n
            """,
            new { tenant }
        );
        await fixture.Database.ExecuteAsync("ANALYZE ipam_vrfs, ipam_prefixes, ipam_pools, ipam_ranges, ipam_allocations");
        string[] names = ["around", "network", "last", "owners"];
        var sql = names
            .Select((name, i) => (name, i))
            .Aggregate(KeptBook.Find, (text, p) => text.Replace($"@{p.name}", $"${p.i + 1}", StringComparison.Ordinal));
        await using var scope = await fixture.OpenAsync(tenant);
        var connection = scope.Work.Connection;
        await connection.ExecuteAsync($"PREPARE kept (cidr[], text, text, uuid[]) AS {sql}");
        foreach (var planned in new[] { "force_generic_plan", "force_custom_plan" })
        {
            await connection.ExecuteAsync($"SET LOCAL plan_cache_mode = {planned}");
            foreach (
                var (network, last) in new[]
                {
                    ("10.3.3.9/32", "10.3.3.9/32"),
                    ("2001:db8:1100:100::/56", "2001:db8:1100:1ff:ffff:ffff:ffff:ffff/128"),
                }
            )
            {
                var around = string.Join(',', Networks.Around(IPNetwork.Parse(network)));
                var execute = $"EXECUTE kept ('{{{around}}}', '{network}', '{last}', '{{{Guid.Empty}}}')";
                (await connection.QueryAsync<(string What, string Label, Guid Id, bool IsReserved)>(execute)).ShouldHaveSingleItem();
                var plan = string.Join('\n', await connection.QueryAsync<string>("EXPLAIN (ANALYZE, TIMING OFF) " + execute));
                foreach (var table in new[] { "ipam_allocations", "ipam_ranges", "ipam_prefixes" })
                {
                    plan.Contains("Seq Scan on " + table, StringComparison.Ordinal).ShouldBeFalse(plan);
                }

                Regex
                    .Matches(plan, @"Rows Removed by Filter: (\d+)", RegexOptions.None, TimeSpan.FromSeconds(1))
                    .Sum(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))
                    .ShouldBeLessThan(10, plan);
            }
        }

        await connection.ExecuteAsync("DEALLOCATE kept");
    }
}
