using System.Net;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Provisioning;

namespace DotMac.SystemTests.Reconciliation;

/// <summary>A discovered ONU becomes a subscriber's by one request, or by itself where the tenant wants it so.</summary>
public sealed class OnuAttachmentTests(OnuAttachmentTests.Room host) : IClassFixture<OnuAttachmentTests.Room>
{
    public sealed class Room : ProvisioningFixture;

    [Fact]
    public async Task One_request_gives_a_discovered_onu_to_a_subscriber()
    {
        var home = await host.ProvisionAsync();
        var serial = await host.OnuAsync();
        (await host.Admin.PostAsync($"/api/v1/pon/onus/{serial}/provision", new { subscriber_id = home.Id })).ShouldHave(
            HttpStatusCode.Accepted
        );
        await CarriesAsync(serial, home.Id);
        (await host.Admin.GetAsync($"/api/v1/subscribers/{home.Username}"))["onu_serial"].GetString().ShouldBe(serial);
        var second = await host.OnuAsync();
        (await host.Admin.PostAsync($"/api/v1/pon/onus/{second}/provision", new { subscriber_id = home.Id }))
            .ShouldHave(HttpStatusCode.Conflict)
            .Code.ShouldBe("attach.has_another");
        (await host.Admin.PostAsync($"/api/v1/pon/onus/{second}/provision", new { subscriber_id = Guid.NewGuid() })).ShouldHave(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task What_the_olt_refuses_is_undone_on_the_subscriber()
    {
        var home = await host.ProvisionAsync();
        var run = (await host.Admin.PostAsync("/api/v1/pon/onus/DMACFFFFFFF0/provision", new { subscriber_id = home.Id }))
            .ShouldHave(HttpStatusCode.Accepted)["run_id"]
            .GetGuid();
        await Eventually.IsTrueAsync(
            async () => await host.Database.ScalarAsync<short>("SELECT status FROM saga_runs WHERE id = @run", new { run }) == 5,
            "the run undoes itself"
        );
        (await host.Database.ScalarAsync<string>("SELECT onu_serial FROM subscribers WHERE id = @Id", new { home.Id })).ShouldBeNull();
    }

    [Fact]
    public async Task Where_it_is_wanted_a_known_serial_is_activated_by_itself()
    {
        var home = await host.ProvisionAsync();
        (await host.Admin.PatchAsync("/api/v1/pon/settings", new { auto_provision = true })).ShouldHave(HttpStatusCode.OK);
        try
        {
            const string Serial = "DMACABCDEF01";
            await host.Database.ExecuteAsync("UPDATE subscribers SET onu_serial = @Serial WHERE id = @Id", new { Serial, home.Id });
            (await host.Admin.PutAsync($"/api/v1/pon/simulator/onus/{Serial}", new { olt_id = host.Olt })).ShouldHave(HttpStatusCode.OK);
            await CarriesAsync(Serial, home.Id);
            // A serial that stands on nobody stays discovered.
            var nobody = await host.OnuAsync();
            (await host.Admin.GetAsync($"/api/v1/pon/onus/{nobody}"))["onu.admin"].GetString().ShouldBe("discovered");
        }
        finally
        {
            (await host.Admin.PatchAsync("/api/v1/pon/settings", new { auto_provision = false })).ShouldHave(HttpStatusCode.OK);
        }
    }

    private Task CarriesAsync(string serial, Guid owner) =>
        Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<Guid?>("SELECT owner_id FROM pon_onus WHERE serial = @serial AND oper = 2", new { serial })
                == owner,
            "the ONU carries the service"
        );
}
