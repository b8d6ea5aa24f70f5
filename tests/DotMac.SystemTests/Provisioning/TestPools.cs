using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>The pools of a small provider. Straight into the tables: the address plan's own pages are tested elsewhere.</summary>
public static class TestPools
{
    public static async Task AddAsync(TestDatabase database)
    {
        const string Pool = """
            WITH t AS (SELECT tenant_id FROM tenants WHERE slug = 'default'),
            p AS (INSERT INTO ipam_prefixes (tenant_id, id, network) SELECT tenant_id, gen_random_uuid(), @network::cidr FROM t RETURNING tenant_id, id, space),
            o AS (INSERT INTO ipam_pools (tenant_id, id, name, kind, prefix_id, unit, is_default, quarantine_seconds)
                SELECT tenant_id, gen_random_uuid(), @name, @kind, id, @unit, @isDefault, 0 FROM p RETURNING tenant_id, id)
            INSERT INTO ipam_ranges (tenant_id, pool_id, first, size, start, space, span)
            SELECT tenant_id, id, 0, @size, @network::cidr, (SELECT space FROM p),
                ipam_inetrange(host(@network::cidr)::inet, host(broadcast(@network::cidr))::inet, '[]') FROM o
            """;
        await database.ExecuteAsync(
            Pool,
            new
            {
                name = ProvisioningFixture.V4Pool,
                kind = (short)1,
                network = "100.80.0.0/20",
                unit = (short)32,
                isDefault = true,
                size = 4096L,
            }
        );
        await database.ExecuteAsync(
            Pool,
            new
            {
                name = ProvisioningFixture.LinkPool,
                kind = (short)2,
                network = "2001:db8:1::/48",
                unit = (short)64,
                isDefault = true,
                size = 65536L,
            }
        );
        await database.ExecuteAsync(
            Pool,
            new
            {
                name = ProvisioningFixture.AddressPool6,
                kind = (short)2,
                network = "2001:db8:2::/112",
                unit = (short)128,
                isDefault = false,
                size = 65536L,
            }
        );
        await database.ExecuteAsync(
            Pool,
            new
            {
                name = ProvisioningFixture.PdPool,
                kind = (short)3,
                network = "2001:db8:8000::/40",
                unit = (short)56,
                isDefault = true,
                size = 65536L,
            }
        );
        const string Vlans = """
            WITH o AS (INSERT INTO ipam_vlan_pools (tenant_id, id, name, is_qinq, service_first, service_last, inner_first, inner_last, lines_per_vlan)
                SELECT tenant_id, gen_random_uuid(), @name, @qinq, @first, @last, CASE WHEN @qinq THEN 100 END, CASE WHEN @qinq THEN 4000 END, 1
                FROM tenants WHERE slug = 'default' RETURNING tenant_id, id)
            INSERT INTO ipam_ranges (tenant_id, pool_id, first, size)
            SELECT tenant_id, id, s * 4096 + CASE WHEN @qinq THEN 100 ELSE 0 END, CASE WHEN @qinq THEN 3901 ELSE 1 END
            FROM o CROSS JOIN generate_series(@first, @last) s
            """;
        await database.ExecuteAsync(
            Vlans,
            new
            {
                name = ProvisioningFixture.QinqPool,
                qinq = true,
                first = 1000,
                last = 1003,
            }
        );
        await database.ExecuteAsync(
            Vlans,
            new
            {
                name = ProvisioningFixture.VlanPool,
                qinq = false,
                first = 2000,
                last = 2999,
            }
        );
    }
}
