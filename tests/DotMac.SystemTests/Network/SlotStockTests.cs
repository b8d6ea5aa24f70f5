using DotMac.Network.Ipam;
using DotMac.SystemTests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Network;

/// <summary>Slots of pools are made before anybody waits for them, and no more than the pool has places.</summary>
public sealed class SlotStockTests(PlanFixture fixture) : IClassFixture<PlanFixture>
{
    [Fact]
    public async Task A_pool_that_runs_low_is_stocked_up_and_one_that_has_enough_is_left()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "low", "ipv4_private", "100.64.0.0/16");
        await fixture.PoolAsync(tenant, "enough", "ipv4_private", "100.65.0.0/16");
        await fixture.PoolAsync(tenant, "small", "ipv4_private", "100.66.0.0/28");
        (await MadeAsync(tenant)).ShouldBe(["enough 1024", "low 1024", "small 14"]);
        await fixture.Database.ExecuteAsync(
            """
            UPDATE ipam_slots s SET state = 3 FROM ipam_pools p
            WHERE p.tenant_id = @tenant AND p.id = s.pool_id AND s.tenant_id = p.tenant_id AND (p.name = 'low' AND s.ordinal < 600 OR p.name = 'small')
            """,
            new { tenant }
        );

        using var stock = ActivatorUtilities.CreateInstance<SlotStock>(fixture.Services);
        await stock.StartAsync(default);
        await Eventually.IsTrueAsync(
            async () => (await MadeAsync(tenant)).SequenceEqual(["enough 1024", "low 3072", "small 14"]),
            "the low one is stocked up"
        );
        await stock.StopAsync(default);
    }

    private Task<IReadOnlyList<string>> MadeAsync(Guid tenant) =>
        fixture.Database.QueryAsync<string>(
            """
            SELECT p.name || ' ' || sum(r.made) FROM ipam_pools p JOIN ipam_ranges r ON r.tenant_id = p.tenant_id AND r.pool_id = p.id
            WHERE p.tenant_id = @tenant GROUP BY p.name ORDER BY p.name
            """,
            new { tenant }
        );
}
