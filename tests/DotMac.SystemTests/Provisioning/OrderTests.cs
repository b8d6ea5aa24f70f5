using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>What is looked at before a run begins, and what a failed run leaves.</summary>
public sealed class OrderTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    private const string Path = "/api/v1/provisioning/subscribers";

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once_and_nothing_is_begun()
    {
        var holder = await host.ProvisionAsync(new { static_ipv4 = "198.18.7.1" });
        var order = host.Order(
            new
            {
                static_ipv4 = "198.18.7.1",
                ipv6_assignment_mode = "dual_stack",
                ipv6_pool = "no-such-pool",
                vlan_pool = ProvisioningFixture.QinqPool,
                qinq_enabled = true,
                circuit_id = "\u0001",
            },
            onu: "DMACFFFFFF01",
            plan: Guid.NewGuid()
        );
        order["username"] = holder.Username;
        order["cpe_mac_address"] = "not-a-mac";
        order["service_latitude"] = 91;
        var answer = (await host.Admin.PostAsync(Path, order)).ShouldHave(HttpStatusCode.BadRequest);
        answer.Faults.ShouldBe([
            "cpe_mac_address:bad_format",
            "network_profile.circuit_id:bad_format",
            "onu_serial:pon.onu_unknown",
            "plan_id:not_found",
            "service_latitude:out_of_range",
            "service_longitude:required",
            "username:subscriber.username_taken",
        ]);

        // With a line that can be read, the address plan is asked about it too.
        order["network_profile"] = new
        {
            static_ipv4 = "198.18.7.1",
            ipv6_assignment_mode = "dual_stack",
            ipv6_pool = "no-such-pool",
            vlan_pool = "nor-this",
        };
        answer = (await host.Admin.PostAsync(Path, order)).ShouldHave(HttpStatusCode.BadRequest);
        answer.Faults.ShouldContain("network_profile.static_ipv4:network_profile.address_taken");
        answer.Faults.ShouldContain("network_profile.ipv6_pool:ipam.pool_unknown");
        answer.Faults.ShouldContain("network_profile.vlan_pool:ipam.vlan_pool_unknown");
        (
            await host.Database.ScalarAsync<long>("SELECT count(*) FROM saga_runs WHERE subject_label = @Username", new { holder.Username })
        ).ShouldBe(1, "the holder's own");
    }

    [Fact]
    public async Task A_site_that_nobody_knows_is_a_fault_and_a_customer_is_kept_as_he_is_named()
    {
        var order = host.Order(new { site_id = Guid.NewGuid() });
        var customer = Guid.NewGuid();
        order["customer_id"] = customer;
        foreach (var path in new[] { Path, Path + "/preview", "/api/v1/orchestration/subscribers/provision" })
        {
            (await host.Admin.PostAsync(path, order))
                .ShouldHave(HttpStatusCode.BadRequest)
                .Faults.ShouldBe(["network_profile.site_id:not_found"]);
        }

        var site = (await host.Admin.PostAsync("/api/v1/ipam/sites", new { name = "Lekki", slug = "lekki" }))
            .ShouldHave(HttpStatusCode.Created)["id"]
            .GetGuid();
        order["network_profile"] = new { site_id = site };
        var home = await host.ProvisionAsync(order);
        (await host.ServiceAsync(home.ServiceId)).GetProperty("customer_id").GetGuid().ShouldBe(customer, "not checked, but kept");

        var change = $"/api/v1/subscribers/{home.Id}/change-network";
        (await host.Admin.PostAsync(change, new { place = new { site_id = Guid.NewGuid() } }))
            .ShouldHave(HttpStatusCode.BadRequest)
            .Faults.ShouldBe(["place.site_id:not_found"]);
        (await host.Admin.PostAsync(change, new { place = new { site_id = site } })).ShouldHave(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_preview_shows_what_an_order_then_gets_and_keeps_nothing()
    {
        var onu = await host.OnuAsync();
        var order = host.Order(
            new
            {
                ipv6_assignment_mode = "dual_stack",
                vlan_pool = ProvisioningFixture.QinqPool,
                qinq_enabled = true,
            },
            onu
        );
        var before = await HeldAsync();
        var preview = (await host.Admin.PostAsync(Path + "/preview", order)).ShouldHave(HttpStatusCode.OK);
        (await HeldAsync()).ShouldBe(before);
        preview["steps"].GetArrayLength().ShouldBe(11);
        preview["onu.simulated"].GetBoolean().ShouldBeTrue();
        preview["onu.down_kbps"].GetInt32().ShouldBe(20_000);

        var home = await host.ProvisionAsync(order);
        var kept = (await host.ServiceAsync(home.ServiceId)).GetProperty("service_metadata");
        foreach (var name in new[] { "ipv4", "ipv6", "delegated_prefix" })
        {
            kept.GetProperty(name).GetProperty("network").GetString().ShouldBe(preview[name + ".network"].GetString(), name);
        }

        kept.GetProperty("vlan").GetProperty("inner_vlan").GetInt32().ShouldBe(preview["vlan.inner_vlan"].GetInt32());
    }

    [Fact]
    public async Task A_line_that_gets_its_address_from_a_pool_on_the_NAS_holds_none_of_the_plan()
    {
        var order = host.Order(new { nas_ipv4_pool = "homes-on-nas" });
        (await host.Admin.PostAsync(Path + "/preview", order)).ShouldHave(HttpStatusCode.OK)["ipv4"].ValueKind.ShouldBe(JsonValueKind.Null);
        var home = await host.ProvisionAsync(order);
        var line = (await host.Admin.GetAsync($"/api/v1/subscribers/{home.Id}")).ShouldHave(HttpStatusCode.OK);
        line["framed_ipv4_pool"].GetString().ShouldBe("homes-on-nas");
        line["framed_ipv4_address"].ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task One_key_is_one_order_however_often_it_comes()
    {
        var order = host.Order();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => host.Admin.PostAsync(Path + "?wait=20", order, ("Idempotency-Key", "order-7")))
        );
        answers.Select(a => a.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid()).Distinct().ShouldHaveSingleItem();
        answers[0].Headers.Location!.ToString().ShouldBe($"/api/v1/provisioning/runs/{answers[0]["run_id"].GetGuid()}");
        (await host.Admin.GetAsync(answers[0].Headers.Location!.ToString()))
            .ShouldHave(HttpStatusCode.OK)["status"]
            .GetString()
            .ShouldBe("completed");
        order["full_name"] = "Somebody Else";
        (await host.Admin.PostAsync(Path, order, ("Idempotency-Key", "order-7"))).Code.ShouldBe("idempotency.mismatch");
    }

    [Fact]
    public async Task A_step_without_a_system_says_so_and_events_tell_the_story()
    {
        var home = await host.ProvisionAsync();
        var steps = (await host.ServiceAsync(home.ServiceId)).GetProperty("service_metadata").GetProperty("steps");
        steps.GetProperty("configure_cpe").GetString().ShouldBe("not_configured");
        steps.GetProperty("add_to_monitoring").GetString().ShouldBe("not_configured");
        steps.GetProperty("activate_onu").GetString().ShouldBe("skipped");
        steps.GetProperty("create_aaa_account").GetString().ShouldBe("done");
        var events = (await host.Admin.GetAsync($"/api/v1/services/lifecycle/services/{home.ServiceId}/events")).ShouldHave(
            HttpStatusCode.OK
        );
        events["items"]
            .EnumerateArray()
            .Select(e => e.GetProperty("type").GetString())
            .Reverse()
            .ShouldBe(["provision_requested", "provision_started", "provision_completed", "notification_due"]);
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM outbox WHERE type = 'subscriber.activated' AND payload ->> 'subscriber_id' = @id",
                new { id = home.Id.ToString() }
            )
        ).ShouldBe(1);
        var state = await host.Database.ScalarAsync<string>(
            "SELECT state::text || input::text FROM saga_runs WHERE id = @RunId",
            new { home.RunId }
        );
        state!.ShouldNotContain(home.Password);
    }

    [Fact]
    public async Task A_run_that_cannot_be_done_leaves_nothing()
    {
        // The ONU is taken by somebody else between the look and the run: as if two ordered it at one time.
        var onu = await host.OnuAsync();
        var order = host.Order(new { ipv6_assignment_mode = "pd", vlan_pool = ProvisioningFixture.VlanPool }, onu);
        await host.Database.ExecuteAsync("UPDATE pon_olts SET oper = 0");
        var before = await HeldAsync();
        await host.Database.ExecuteAsync(
            """
            CREATE FUNCTION refuse_onu() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.admin = 1 THEN RAISE EXCEPTION 'the OLT is on fire'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse_onu BEFORE INSERT OR UPDATE ON pon_onus FOR EACH ROW EXECUTE FUNCTION refuse_onu();
            """
        );
        try
        {
            var answer = (await host.Admin.PostAsync(Path, order)).ShouldHave(HttpStatusCode.Accepted);
            var (subscriber, service, run) = (
                answer["subscriber_id"].GetGuid(),
                answer["service_id"].GetGuid(),
                answer["run_id"].GetGuid()
            );
            await Eventually.IsTrueAsync(
                async () =>
                    await host.Database.ScalarAsync<long>(
                        "SELECT count(*) FROM saga_steps WHERE run_id = @run AND failures > 0",
                        new { run }
                    ) > 0,
                "the OLT has refused"
            );
            // An operator has seen enough.
            (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{run}/cancel")).Status.ShouldBeOneOf(
                HttpStatusCode.OK,
                HttpStatusCode.NoContent,
                HttpStatusCode.Accepted
            );
            await Eventually.IsTrueAsync(
                async () => await host.Database.ScalarAsync<short>("SELECT status FROM saga_runs WHERE id = @run", new { run }) == 5,
                "the run is undone",
                TimeSpan.FromSeconds(90)
            );
            (await HeldAsync()).ShouldBe(before);
            (await Leftovers.OfAsync(host.Database, subscriber)).ShouldBeEmpty();
            (await host.Database.ScalarAsync<long>("SELECT count(*) FROM subscribers WHERE id = @subscriber", new { subscriber })).ShouldBe(
                0
            );
            (await host.ServiceAsync(service)).GetProperty("status").GetString().ShouldBe("provisioning_failed");
        }
        finally
        {
            await host.Database.ExecuteAsync("DROP TRIGGER refuse_onu ON pon_onus; DROP FUNCTION refuse_onu()");
        }

        // The same order again: nothing stands in its way.
        await host.ProvisionAsync(order);
    }

    [Fact]
    public async Task Who_may_order_what()
    {
        var onu = await host.OnuAsync();
        var plain = host.Order();
        using var support = await host.PersonAsync("support_agent");
        using var billing = await host.PersonAsync("billing_manager");
        using var technician = await host.PersonAsync("field_technician");
        using var builder = await host.PersonAsync("network_admin");
        foreach (var nobody in new[] { support, billing, technician })
        {
            (await nobody.PostAsync(Path, host.Order(onu: onu))).Code.ShouldBe("permission.missing");
            (await nobody.PostAsync(Path, plain)).Code.ShouldBe("permission.missing");
            (await nobody.PostAsync(Path + "/preview", plain)).Code.ShouldBe("permission.missing");
        }

        var home = await host.ProvisionAsync(host.Order(onu: onu), by: builder);
        (await support.GetAsync($"/api/v1/services/{home.ServiceId}")).ShouldHave(HttpStatusCode.OK);
        (await billing.GetAsync($"/api/v1/services/{home.ServiceId}")).Code.ShouldBe("permission.missing");
        (await support.PostAsync($"{Path}/{home.Id}/deprovision", new { })).Code.ShouldBe("permission.missing");
    }

    /// <summary>Places of pools that are held.</summary>
    private Task<long> HeldAsync() => host.Database.ScalarAsync<long>("SELECT count(*) FROM ipam_slots WHERE state = 1");
}
