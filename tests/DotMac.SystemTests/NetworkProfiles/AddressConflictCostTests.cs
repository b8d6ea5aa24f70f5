using System.Text.RegularExpressions;
using Dapper;
using DotMac.Access.NetworkProfiles;
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
}
