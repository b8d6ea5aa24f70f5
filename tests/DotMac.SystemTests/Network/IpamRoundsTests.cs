using DotMac.Contracts.External;
using DotMac.Network.Ipam;
using DotMac.SystemTests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Network;

/// <summary>The round of the address plan over rows that cannot be given back, and through exceptions that nobody thought of.</summary>
public sealed class IpamRoundsTests(PlanFixture fixture) : IClassFixture<PlanFixture>
{
    [Fact]
    public async Task A_reservation_that_cannot_be_given_back_keeps_no_other_and_not_the_round()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "v4", "ipv4_private", "100.64.0.0/28");
        foreach (var key in new[] { "bad", "good" })
        {
            var order = new AddressOrder(key, Guid.NewGuid(), "S-1", AddressKind.Ipv4);
            (await fixture.DoAsync(tenant, plan => plan.AllocateAsync(order, default))).Value.ShouldNotBeNull();
        }

        // The bad one expired first, so that it comes first.
        await fixture.Database.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'this row is broken'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE OF ended_at ON ipam_allocations FOR EACH ROW WHEN (OLD.key = 'bad') EXECUTE FUNCTION refuse();
            """
        );
        await fixture.Database.ExecuteAsync(
            "UPDATE ipam_allocations SET expires_at = now() - CASE key WHEN 'bad' THEN interval '2 hours' ELSE interval '1 hour' END WHERE tenant_id = @tenant",
            new { tenant }
        );
        using var rounds = ActivatorUtilities.CreateInstance<IpamRounds>(fixture.Services, new PoolGauges(), new BrokenOnce());
        await rounds.StartAsync(default);
        await Eventually.IsTrueAsync(
            async () => (await LiveAsync(tenant)).SequenceEqual(["bad"]),
            "the good one is given back",
            TimeSpan.FromSeconds(20)
        );
        rounds.ExecuteTask!.IsCompleted.ShouldBeFalse("an exception out of it would end the host");

        // Mended, the bad one is given back too.
        await fixture.Database.ExecuteAsync("DROP TRIGGER refuse ON ipam_allocations");
        await Eventually.IsTrueAsync(async () => (await LiveAsync(tenant)).Count == 0, "it was only put off", TimeSpan.FromSeconds(40));
        await rounds.StopAsync(default);
    }

    private Task<IReadOnlyList<string>> LiveAsync(Guid tenant) =>
        fixture.Database.QueryAsync<string>(
            "SELECT key FROM ipam_allocations WHERE tenant_id = @tenant AND ended_at IS NULL",
            new { tenant }
        );

    /// <summary>A defect of ours in the first round.</summary>
    private sealed class BrokenOnce : TimeProvider
    {
        private int asked;

        public override DateTimeOffset GetUtcNow() =>
            Interlocked.Increment(ref asked) == 1 ? throw new InvalidOperationException("A defect.") : base.GetUtcNow();
    }
}
