using System.Net;
using DotMac.Contracts.External;

namespace DotMac.SystemTests.Network;

/// <summary>
/// Arbitrary stories of the allocator over real PostgreSQL, beside a model of what must be so: orders (with and without a wish), repetitions,
/// moves, releases, rollbacks. Seeded, so that a failure can be told again.
/// </summary>
public sealed class AllocatorStoryTests(PlanFixture fixture) : IClassFixture<PlanFixture>
{
    private const int PoolSize = 14;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task What_is_held_equals_the_model_after_every_step(int seed)
    {
        var random = new Random(seed);
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "small", "ipv4_private", "100.64.0.0/28");
        var owners = Enumerable.Range(0, PoolSize + 4).Select(_ => Guid.NewGuid()).ToList();
        var model = new SortedDictionary<int, Guid>();
        var keys = new Dictionary<Guid, string>();
        for (var step = 0; step < 120; step++)
        {
            var owner = owners[random.Next(owners.Count)];
            var kept = random.Next(5) > 0;
            await using var scope = await fixture.OpenAsync(tenant);
            var holds = model.FirstOrDefault(m => m.Value == owner).Key;
            switch (random.Next(4))
            {
                case 0 when holds > 0:
                    await scope.Plan.ReleaseAsync(keys[owner], owner, default);
                    Keep(() => model.Remove(holds));
                    break;
                case 1:
                    var wish = random.Next(1, PoolSize + 1);
                    var told = await scope.Plan.AllocateAsync(Order(owner, step, $"100.64.0.{wish}/32"), default);
                    told.Fault?.Code.ShouldBe(holds > 0 ? "ipam.already_held" : "ipam.address_taken");
                    (told.Value is not null).ShouldBe(holds == 0 && !model.ContainsKey(wish), $"seed {seed} step {step}");
                    Take(told);
                    break;
                default:
                    var next = await scope.Plan.AllocateAsync(Order(owner, step), default);
                    next.Fault?.Code.ShouldBe(holds > 0 ? "ipam.already_held" : "ipam.pool_exhausted");
                    if (next.Value is { } given)
                    {
                        Number(given)
                            .ShouldBe(
                                Enumerable.Range(1, PoolSize).First(n => !model.ContainsKey(n)),
                                $"lowest free: seed {seed} step {step}"
                            );
                    }
                    else
                    {
                        (holds > 0 || model.Count == PoolSize).ShouldBeTrue();
                    }

                    Take(next);
                    break;
            }

            if (kept)
            {
                await scope.CommitAsync();
            }

            await scope.DisposeAsync();
            var live = await fixture.Database.QueryAsync<string>(
                "SELECT host(network) FROM ipam_allocations WHERE tenant_id = @tenant AND ended_at IS NULL ORDER BY network",
                new { tenant }
            );
            live.ShouldBe(model.Keys.Select(n => $"100.64.0.{n}"), $"seed {seed} step {step}");

            void Keep(Action change)
            {
                if (kept)
                {
                    change();
                }
            }

            void Take(RoleAnswer<HeldAddress> answer) =>
                Keep(() =>
                {
                    if (answer.Value is { } value)
                    {
                        model[Number(value)] = owner;
                        keys[owner] = value.Key;
                    }
                });
        }

        (
            await fixture.Database.ScalarAsync<long>(
                "SELECT count(*) FROM ipam_slots WHERE tenant_id = @tenant AND state = 1",
                new { tenant }
            )
        ).ShouldBe(model.Count);
    }

    private static AddressOrder Order(Guid owner, int step, string? wanted = null) =>
        new($"step-{step}", owner, "S", AddressKind.Ipv4, wanted is null ? null : IPNetwork.Parse(wanted));

    private static int Number(HeldAddress held) => held.Network.BaseAddress.GetAddressBytes()[3];
}
