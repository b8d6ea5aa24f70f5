using System.Net;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Provisioning;

/// <summary>A subscriber that no order made may hold things all the same: it is not removed over them, and there is a way to give them back.</summary>
public sealed class StillHeldTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    [Fact]
    public async Task Who_holds_addresses_vlan_or_onu_without_a_service_is_not_deleted_and_deprovisioning_gives_all_of_it_back()
    {
        var user = await host.SubscriberAsync(new { bandwidth_profile_id = host.Plan });
        (await host.Admin.PutAsync($"/api/v1/network/subscribers/{user.Id}/profile", new { })).ShouldHave(HttpStatusCode.OK);
        var wish = new { ipv4 = new { }, vlan = new { pool = ProvisioningFixture.VlanPool } };
        await DoneAsync(await host.Admin.PostAsync($"/api/v1/subscribers/{user.Id}/change-network", wish));
        var onu = await AttachedAsync(user.Id);

        var refused = (await host.Admin.DeleteAsync($"/api/v1/subscribers/{user.Id}")).ShouldHave(HttpStatusCode.Conflict);
        refused.Code.ShouldBe("subscriber.holds_addresses");
        (await host.Admin.PostAsync($"/api/v1/network/subscribers/{user.Id}/ipv4/revoke")).ShouldHave(HttpStatusCode.OK);
        refused = (await host.Admin.DeleteAsync($"/api/v1/subscribers/{user.Id}")).ShouldHave(HttpStatusCode.Conflict);
        refused.Code.ShouldBe("subscriber.holds_network");
        refused["detail"].GetString()!.ShouldContain("VLAN 2");
        refused["detail"].GetString()!.ShouldContain("ONU " + onu);

        var ended = (await host.Admin.PostAsync($"/api/v1/provisioning/subscribers/{user.Id}/deprovision?wait=25")).ShouldHave(
            HttpStatusCode.Accepted
        );
        ended["status"].GetString().ShouldBe("completed", ended.Text + await host.TimelineAsync(ended["run_id"].GetGuid()));
        (await Leftovers.OfRowAsync(host.Database, user.Id)).ShouldBeEmpty();
        (await host.Database.ScalarAsync<long>("SELECT count(*) FROM pon_onus WHERE owner_id = @Id", new { user.Id })).ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_may_not_touch_onus_does_not_end_a_line_whose_onu_only_the_olt_knows(bool ofOrder)
    {
        var id = ofOrder ? (await host.ProvisionAsync()).Id : (await host.SubscriberAsync(new { bandwidth_profile_id = host.Plan })).Id;
        await AttachedAsync(id);
        await host.Database.ExecuteAsync("UPDATE subscribers SET onu_serial = NULL, version = version + 1 WHERE id = @id", new { id });
        using var person = await PersonWithoutPonAsync();
        var path = $"/api/v1/provisioning/subscribers/{id}/deprovision?wait=25";
        var refused = (await person.PostAsync(path, new { })).ShouldHave(HttpStatusCode.Forbidden);
        refused["detail"].GetString()!.ShouldContain("isp.network.pon.write");
        (await host.Database.ScalarAsync<long>("SELECT count(*) FROM pon_onus WHERE owner_id = @id", new { id })).ShouldBe(1);
        (await host.Admin.PostAsync(path, new { })).ShouldHave(HttpStatusCode.Accepted)["status"].GetString().ShouldBe("completed");
        if (ofOrder)
        {
            (
                await person.PostAsync($"/api/v1/provisioning/subscribers/{(await host.ProvisionAsync()).Id}/deprovision", new { })
            ).ShouldHave(HttpStatusCode.Accepted);
        }
    }

    [Fact]
    public async Task Which_onus_a_provisioned_line_has_is_found_out_without_the_address_plan()
    {
        var home = await host.ProvisionAsync();
        await AttachedAsync(home.Id);
        await host.Database.ExecuteAsync("UPDATE subscribers SET onu_serial = NULL, version = version + 1 WHERE id = @Id", new { home.Id });
        using var person = await PersonWithoutPonAsync();
        // One that this version does not have: whoever asks it for anything fails.
        await host.Database.ExecuteAsync(
            "INSERT INTO driver_choices (tenant_id, service, driver, updated_by) SELECT tenant_id, 'ipam', 'of tomorrow', 'test' FROM subscribers WHERE id = @Id",
            new { home.Id }
        );
        try
        {
            var path = $"/api/v1/provisioning/subscribers/{home.Id}/deprovision";
            (await person.PostAsync(path, new { })).ShouldHave(HttpStatusCode.Forbidden).Code.ShouldBe("permission.missing");
            var other = await host.SubscriberAsync(new { bandwidth_profile_id = host.Plan });
            (
                (int)(await person.PostAsync($"/api/v1/provisioning/subscribers/{other.Id}/deprovision", new { })).Status
            ).ShouldBeGreaterThanOrEqualTo(500, "what is held decides, and the plan cannot be asked");
        }
        finally
        {
            await host.Database.ExecuteAsync("DELETE FROM driver_choices WHERE driver = 'of tomorrow'");
        }
    }

    [Fact]
    public async Task Who_holds_nothing_is_deleted_and_has_nothing_to_deprovision()
    {
        var user = await host.SubscriberAsync();
        (await host.Admin.PostAsync($"/api/v1/provisioning/subscribers/{user.Id}/deprovision")).Code.ShouldBe("service.none");
        (await host.Admin.DeleteAsync($"/api/v1/subscribers/{user.Id}")).ShouldHave(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task What_a_line_was_told_that_never_had_a_profile_is_free_for_others_when_it_is_terminated()
    {
        var told = new
        {
            bandwidth_profile_id = host.Plan,
            framed_ipv4_address = "203.0.113.210",
            delegated_ipv6_prefix = "2001:db8:2100::/56",
            vlan_id = 3100,
        };
        var user = await host.SubscriberAsync(told);
        await AttachedAsync(user.Id);
        var ended = await host.Admin.PostAsync($"/api/v1/provisioning/subscribers/{user.Id}/deprovision?wait=25");
        ended.ShouldHave(HttpStatusCode.Accepted)["status"].GetString().ShouldBe("completed");
        (await Leftovers.OfRowAsync(host.Database, user.Id)).ShouldBeEmpty();
        (
            await host.Database.ScalarAsync<string>(
                "SELECT before ->> 'static_ipv4' FROM audit_log WHERE action = 'network_profile.retired' AND entity_id = @id",
                new { id = user.Id.ToString() }
            )
        ).ShouldBe("203.0.113.210");
        await host.SubscriberAsync(told);
    }

    [Fact]
    public async Task An_attached_onu_is_known_by_the_id_that_its_controller_gave_it()
    {
        var home = await host.ProvisionAsync();
        var serial = await AttachedAsync(home.Id);
        var onu = (await host.ServiceAsync(home.ServiceId)).GetProperty("service_metadata").GetProperty("onu");
        onu.GetProperty("serial").GetString().ShouldBe(serial);
        var id = onu.GetProperty("id").GetString();
        id.ShouldNotBeNullOrEmpty();
        (await host.Database.ScalarAsync<string>("SELECT voltha_onu_id FROM subscribers WHERE id = @Id", new { home.Id })).ShouldBe(id);
    }

    [Fact]
    public async Task A_cancel_behind_the_last_step_of_an_order_undoes_all_of_it()
    {
        var home = await host.ProvisionAsync(onu: await host.OnuAsync());
        // As a worker leaves it that is lost between the last step and the end of the run.
        await host.Database.ExecuteAsync(
            "UPDATE saga_runs SET status = 1, finished_at = NULL, cancel_requested = true, due_at = now() WHERE id = @RunId",
            new { home.RunId }
        );
        await host.EndedAsync(home.RunId, "compensated");
        (await host.ServiceAsync(home.ServiceId)).GetProperty("status").GetString().ShouldBe("provisioning_failed");
        (await Leftovers.OfAsync(host.Database, home.Id)).ShouldBeEmpty();
    }

    private async Task<ApiClient> PersonWithoutPonAsync()
    {
        var name = RadiusFixture.NewName("role");
        string[] permissions = ["isp.oss.configure", "isp.oss.read", "isp.radius.read", "isp.radius.write"];
        (await host.Admin.PostAsync("/api/v1/roles", new { name, permissions })).ShouldHave(HttpStatusCode.Created);
        return await host.PersonAsync(name);
    }

    private async Task<string> AttachedAsync(Guid subscriber)
    {
        var serial = await host.OnuAsync();
        await DoneAsync(await host.Admin.PostAsync($"/api/v1/pon/onus/{serial}/provision", new { subscriber_id = subscriber }));
        return serial;
    }

    private Task DoneAsync(ApiAnswer answer) =>
        host.EndedAsync(answer.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid(), "completed");
}
