using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Access;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>kill -9 in the middle of a bulk change: the rest is done after the restart, and what may have been sent twice says so.</summary>
[Trait("Category", "Drill")]
public sealed class CoaDrillTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    private const int Sessions = 300;

    [Fact]
    public async Task A_bulk_run_survives_kill_minus_nine()
    {
        var address = RadiusFixture.NewAddress();
        using var peer = new NasDouble("a-secret-of-drill", IPAddress.Parse(address)) { Says = PacketCode.DisconnectAck };
        var nas = await host.NasAsync(secret: "a-secret-of-drill", address: address, coaPort: peer.Port);
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        for (var i = 0; i < Sessions; i++)
        {
            await nas.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", $"bulk-{i}"), ("NAS-IP-Address", address));
        }

        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>("SELECT count(*) FROM radacct WHERE nas_id = @Id", new { nas.Id }) == Sessions,
            "the sessions are known"
        );
        var run = (
            await host.Admin.PostAsync("/api/v1/radius/coa/runs", new { kind = "disconnect", filter = new { nas_id = nas.Id } })
        ).ShouldHave(HttpStatusCode.Created);
        var path = $"/api/v1/radius/coa/runs/{run["id"].GetGuid()}";
        await Eventually.IsTrueAsync(() => Task.FromResult(peer.Asked > 5), "the run has begun");
        await host.Host.KillHardAsync();
        var before = peer.Asked;
        await host.Host.StartAgainAsync();
        await Eventually.IsTrueAsync(
            async () => (await host.Admin.GetAsync(path)).ShouldHave(HttpStatusCode.OK)["state"].GetString() == "done",
            "the run is finished after the restart",
            TimeSpan.FromSeconds(90)
        );
        var done = (await host.Admin.GetAsync(path)).ShouldHave(HttpStatusCode.OK);
        done["done"].GetInt32().ShouldBe(Sessions);
        before.ShouldBeLessThanOrEqualTo(Sessions);
        // Each session was asked once, but for those that say that they may have been asked twice.
        (peer.Asked - Sessions).ShouldBeInRange(0, done["maybe_twice"].GetInt32());
    }
}
