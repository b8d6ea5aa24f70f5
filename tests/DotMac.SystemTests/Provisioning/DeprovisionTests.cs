using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>The way back: nothing stays that could be given to somebody else.</summary>
public sealed class DeprovisionTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    private static readonly object Line = new
    {
        ipv6_assignment_mode = "dual_stack",
        vlan_pool = ProvisioningFixture.QinqPool,
        qinq_enabled = true,
        circuit_id = "olt-1 pon 0/1/7",
    };

    [Fact]
    public async Task Nothing_is_left_behind_in_any_table_nor_on_the_olt()
    {
        (await host.Admin.PutAsync("/api/v1/radius/freeradius", new { enabled = true })).ShouldHave(HttpStatusCode.OK);
        var onu = await host.OnuAsync();
        var nas = await host.NasAsync();
        var home = await host.ProvisionAsync(Line, onu);
        await nas.AccessAsync(PacketCode.AccessAccept, home.Username, home.Password);
        (await host.Admin.PutAsync($"/api/v1/subscribers/{home.Username}/quota", new { quota_bytes = 1_000_000 })).Status.ShouldBe(
            HttpStatusCode.OK
        );
        await Eventually.IsTrueAsync(
            async () =>
                (await Leftovers.OfAsync(host.Database, home.Id)).Any(t => t.StartsWith("freeradius.radcheck", StringComparison.Ordinal)),
            "FreeRADIUS knows the login"
        );
        // The count finds what there is: it would find it afterwards too.
        var before = string.Join('\n', await Leftovers.OfAsync(host.Database, home.Id));
        foreach (
            var held in new[]
            {
                "public.ipam_allocations: 3",
                "public.ipam_vlan_allocations: 1",
                "public.subscriber_network_profiles: 1",
                "public.service_instances: 1",
                "public.subscriber_quotas: 1",
                "public.pon_onus: 1",
            }
        )
        {
            before.ShouldContain(held);
        }

        var slots = await SlotsAsync();
        await host.DeprovisionAsync(home);

        await Eventually.IsTrueAsync(
            async () => (await Leftovers.OfFreeRadiusAsync(host.Database, home.Username)).Count == 0,
            "FreeRADIUS has forgotten the login"
        );
        (await Leftovers.OfAsync(host.Database, home.Id)).ShouldBeEmpty();
        (await Leftovers.OfRowAsync(host.Database, home.Id)).ShouldBeEmpty();
        (await SlotsAsync()).ShouldBe(slots - 4, "three addresses and a VLAN are free, or rest");

        // The OLT sees the ONU's light, and knows nobody's service on it.
        (await host.Database.QueryAsync<string>("SELECT serial FROM pon_onus WHERE serial = @onu AND admin = 0", new { onu })).ShouldBe([
            onu,
        ]);
        (await host.Database.ScalarAsync<long>("SELECT count(*) FROM pon_flows WHERE serial = @onu", new { onu })).ShouldBe(0);

        (await nas.AccessAsync(home.Username, home.Password)).Code.ShouldBe(PacketCode.AccessReject);
        await Eventually.IsTrueAsync(
            async () => (await host.DecisionsAsync(nas, 2)).Last() == "login.terminated",
            "the reject is noted with its reason"
        );
        (await host.ServiceAsync(home.ServiceId)).GetProperty("status").GetString().ShouldBe("terminated");
        var audit = await host.Database.ScalarAsync<string>(
            "SELECT before::text FROM audit_log WHERE action = 'network_profile.retired' AND entity_id = @id",
            new { id = home.Id.ToString() }
        );
        audit!.ShouldContain("delegated_ipv6_prefix");
    }

    [Fact]
    public async Task A_name_and_an_onu_that_were_given_back_serve_the_next_subscriber()
    {
        var onu = await host.OnuAsync();
        var first = await host.ProvisionAsync(Line, onu);
        (await host.Admin.DeleteAsync($"/api/v1/subscribers/{first.Username}")).Code.ShouldBe("subscriber.has_service");
        await host.DeprovisionAsync(first);
        (await host.Admin.GetAsync($"/api/v1/subscribers/{first.Username}"))["status"].GetString().ShouldBe("terminated");
        (await host.Admin.PostAsync($"/api/v1/provisioning/subscribers/{first.Username}/deprovision", new { })).Code.ShouldBe(
            "service.none"
        );

        var again = host.Order(Line, onu);
        again["username"] = first.Username;
        var second = await host.ProvisionAsync(again);
        second.Id.ShouldNotBe(first.Id);
        (await host.Admin.GetAsync($"/api/v1/subscribers/{first.Username}"))["id"].GetGuid().ShouldBe(second.Id);
        (await host.Admin.GetAsync($"/api/v1/services?subscriber_id={first.Id}"))["items"].GetArrayLength().ShouldBe(1, "history stays");
    }

    [Fact]
    public async Task An_end_that_is_broken_off_before_anything_was_given_back_restores_the_service()
    {
        var nas = await host.NasAsync();
        var home = await host.ProvisionAsync(Line, await host.OnuAsync());
        var before = await LineOfAsync(home);
        var held = await SlotsAsync();
        await host.Database.ExecuteAsync(
            """
            CREATE FUNCTION keep_onu() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF TG_OP = 'DELETE' OR NEW.admin <> 1 THEN RAISE EXCEPTION 'the OLT is on fire'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER keep_onu BEFORE UPDATE OR DELETE ON pon_onus FOR EACH ROW EXECUTE FUNCTION keep_onu();
            """
        );
        Guid run;
        try
        {
            var answer = await host.Admin.PostAsync($"/api/v1/orchestration/subscribers/{home.Id}/deprovision", new { });
            run = answer.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid();
            await Eventually.IsTrueAsync(
                async () =>
                    await host.Database.ScalarAsync<long>(
                        "SELECT count(*) FROM saga_steps WHERE run_id = @run AND failures > 0",
                        new { run }
                    ) > 0,
                "the OLT has refused",
                TimeSpan.FromSeconds(90)
            );
            await host.SettleAsync();
            (await nas.AccessAsync(home.Username, home.Password)).Code.ShouldBe(PacketCode.AccessReject, "the door is shut meanwhile");
        }
        finally
        {
            await host.Database.ExecuteAsync("DROP TRIGGER keep_onu ON pon_onus; DROP FUNCTION keep_onu()");
        }

        (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{run}/cancel")).ShouldHave(HttpStatusCode.OK);
        await Eventually.IsTrueAsync(
            async () => await host.Database.ScalarAsync<short>("SELECT status FROM saga_runs WHERE id = @run", new { run }) >= 2,
            "the run is over",
            TimeSpan.FromSeconds(90)
        );
        await Eventually.IsTrueAsync(
            async () => await host.Database.ScalarAsync<short>("SELECT status FROM saga_runs WHERE id = @run", new { run }) != 4,
            "the run is undone",
            TimeSpan.FromSeconds(90)
        );
        var ended = await host.Database.ScalarAsync<short>("SELECT status FROM saga_runs WHERE id = @run", new { run });
        ended.ShouldBe((short)5, await host.TimelineAsync(run));
        (await LineOfAsync(home)).ShouldBe(before);
        (await SlotsAsync()).ShouldBe(held);
        (await host.ServiceAsync(home.ServiceId)).GetProperty("status").GetString().ShouldBe("active");
        await host.SettleAsync();
        await nas.AccessAsync(PacketCode.AccessAccept, home.Username, home.Password);
        await host.DeprovisionAsync(home);
        await Eventually.IsTrueAsync(
            async () => (await Leftovers.OfAsync(host.Database, home.Id)).Count == 0,
            "nothing is left; FreeRADIUS follows a moment later"
        );
    }

    [Fact]
    public async Task Who_has_no_service_and_what_is_no_subscriber_are_refused()
    {
        var plain = await host.SubscriberAsync();
        (await host.Admin.PostAsync($"/api/v1/provisioning/subscribers/{plain.Username}/deprovision", new { })).Code.ShouldBe(
            "service.none"
        );
        (await host.Admin.PostAsync("/api/v1/orchestration/subscribers/nobody/deprovision", new { })).Code.ShouldBe("subscriber.not_found");
    }

    /// <summary>Everything of the subscriber's row that a run changes.</summary>
    private Task<string?> LineOfAsync(ProvisionedSubscriber who) =>
        host.Database.ScalarAsync<string>(
            """
            SELECT (to_jsonb(s) - 'version' - 'updated_at' || to_jsonb(p) - 'version' - 'updated_at' - ARRAY(
                SELECT k FROM jsonb_object_keys(to_jsonb(p)) k WHERE k LIKE 'ipv_\_%\_at'))::text || o.admin || o.owner_id
            FROM subscribers s JOIN subscriber_network_profiles p ON p.subscriber_id = s.id JOIN pon_onus o ON o.serial = s.onu_serial
            WHERE s.id = @Id AND p.deleted_at IS NULL
            """,
            new { who.Id }
        );

    /// <summary>Places of pools that are held.</summary>
    private Task<long> SlotsAsync() => host.Database.ScalarAsync<long>("SELECT count(*) FROM ipam_slots WHERE state = 1")!;
}
