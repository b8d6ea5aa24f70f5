using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>An end that is broken off where something was given back already: all of it comes back, or a person is asked.</summary>
public sealed class DeprovisionUndoTests(DeprovisionUndoTests.Room host) : IClassFixture<DeprovisionUndoTests.Room>
{
    public sealed class Room : ProvisioningFixture;

    private static readonly object Line = new
    {
        ipv6_assignment_mode = "dual_stack",
        vlan_pool = ProvisioningFixture.QinqPool,
        qinq_enabled = true,
    };

    [Theory]
    [InlineData("release_addresses", "ipam_vlan_allocations")]
    [InlineData("stop_billing", "service_charges")]
    [InlineData("mark_terminated", "service_instances")]
    public async Task Broken_off_at_a_step_from_the_release_on_everything_is_as_it_was(string step, string table)
    {
        var nas = await host.NasAsync();
        var home = await host.ProvisionAsync(Line, await host.OnuAsync());
        var before = await StandingAsync(home);
        var run = await BreakAtAsync(home, step, table);
        await host.EndedAsync(run, "compensated");

        (await StandingAsync(home)).ShouldBe(before);
        (await host.ServiceAsync(home.ServiceId)).GetProperty("status").GetString().ShouldBe("active");
        await host.SettleAsync();
        await nas.AccessAsync(PacketCode.AccessAccept, home.Username, home.Password);
        await host.DeprovisionAsync(home);
        (await Leftovers.OfRowAsync(host.Database, home.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pair_that_another_line_had_as_well_before_pairs_were_compared_comes_back_too()
    {
        var home = await host.ProvisionAsync(Line);
        var other = await host.SubscriberAsync();
        await host.Database.ExecuteAsync(
            "UPDATE subscribers o SET vlan_id = s.vlan_id, inner_vlan = s.inner_vlan FROM subscribers s WHERE s.id = @home AND o.id = @other",
            new { home = home.Id, other = other.Id }
        );
        var before = await StandingAsync(home);
        await host.EndedAsync(await BreakAtAsync(home, "release_addresses", "ipam_vlan_allocations"), "compensated");
        (await StandingAsync(home)).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_somebody_elses_by_then_waits_for_a_person_and_is_not_taken_from_him()
    {
        var home = await host.ProvisionAsync(Line);
        var address = (await host.Admin.GetAsync($"/api/v1/subscribers/{home.Id}"))["framed_ipv4_address"].GetString()!;
        ProvisionedSubscriber? other = null;
        var run = await BreakAtAsync(
            home,
            "stop_billing",
            "service_charges",
            // The next one is given the very address that was given back.
            async () => other = await host.ProvisionAsync(new { static_ipv4 = address })
        );
        await host.EndedAsync(run, "stuck");
        var view = (await host.Admin.GetAsync($"/api/v1/provisioning/runs/{run}")).ShouldHave(HttpStatusCode.OK);
        (view["stuck_step"].GetString(), view["stuck_code"].GetString()).ShouldBe(("release_addresses", "ipam.address_taken"));
        (await host.Admin.GetAsync("/api/v1/provisioning/runs/dead-letter")).Text.ShouldContain(run.ToString());
        (
            await host.Database.ScalarAsync<Guid>(
                "SELECT owner_id FROM ipam_allocations WHERE network = @address::cidr AND ended_at IS NULL",
                new { address }
            )
        ).ShouldBe(other!.Id);
        (await host.Admin.GetAsync($"/api/v1/subscribers/{other.Id}"))["framed_ipv4_address"].GetString().ShouldBe(address);
    }

    /// <summary>Begins the end, lets it fail at a step, and cancels it there.</summary>
    private async Task<Guid> BreakAtAsync(ProvisionedSubscriber home, string step, string table, Func<Task>? meanwhile = null)
    {
        await host.Database.ExecuteAsync(
            $"""
            CREATE FUNCTION on_fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF to_jsonb(NEW) ->> (CASE TG_TABLE_NAME WHEN 'service_charges' THEN 'service_id' WHEN 'ipam_vlan_allocations' THEN 'owner_id'
                    ELSE 'subscriber_id' END) IN ('{home.Id}', '{home.ServiceId}')
                    AND (TG_TABLE_NAME <> 'service_instances' OR to_jsonb(NEW) ->> 'status' IN ('3', '11')) THEN RAISE EXCEPTION 'on fire'; END IF;
                RETURN NEW; END $$;
            CREATE TRIGGER on_fire BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION on_fire();
            """
        );
        Guid run;
        try
        {
            run = (await host.Admin.PostAsync($"/api/v1/provisioning/subscribers/{home.Id}/deprovision", new { }))
                .ShouldHave(HttpStatusCode.Accepted)["run_id"]
                .GetGuid();
            await Eventually.IsTrueAsync(
                async () =>
                    await host.Database.ScalarAsync<long>(
                        "SELECT count(*) FROM saga_steps WHERE run_id = @run AND name = @step AND failures > 0",
                        new { run, step }
                    ) == 1,
                $"it has failed at {step}",
                TimeSpan.FromSeconds(30)
            );
        }
        finally
        {
            await host.Database.ExecuteAsync($"DROP TRIGGER on_fire ON {table}; DROP FUNCTION on_fire()");
        }

        if (meanwhile is not null)
        {
            await host.Database.ExecuteAsync("UPDATE saga_runs SET due_at = now() + interval '1 hour' WHERE id = @run", new { run });
            await meanwhile();
        }

        (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{run}/cancel")).ShouldHave(HttpStatusCode.OK);
        return run;
    }

    /// <summary>Everything of the line, its holdings, its ONU and its charges; versions and times aside.</summary>
    private Task<string?> StandingAsync(ProvisionedSubscriber home) =>
        host.Database.ScalarAsync<string>(
            """
            SELECT concat_ws(E'\n', to_jsonb(s) - ARRAY['version', 'updated_at'],
                to_jsonb(p) - ARRAY['version', 'updated_at', 'created_at'] - ARRAY(SELECT k FROM jsonb_object_keys(to_jsonb(p)) k WHERE k LIKE 'ipv_\_%\_at'),
                (SELECT string_agg(concat(a.network, ' ', a.state), ' ' ORDER BY a.network) FROM ipam_allocations a
                    WHERE a.owner_id = s.id AND a.ended_at IS NULL),
                (SELECT string_agg(concat(v.service_vlan, '.', v.inner_vlan), ' ') FROM ipam_vlan_allocations v WHERE v.owner_id = s.id AND v.ended_at IS NULL),
                (SELECT string_agg(concat(o.serial, ' ', o.admin, ' ', o.service_vlan, '.', o.inner_vlan, ' ', o.down_kbps), ' ') FROM pon_onus o
                    WHERE o.owner_id = s.id),
                (SELECT string_agg(c.kind::text, ' ' ORDER BY c.effective_at) FROM service_charges c
                    JOIN service_instances i ON i.id = c.service_id WHERE i.subscriber_id = s.id AND c.voided_at IS NULL))
            FROM subscribers s JOIN subscriber_network_profiles p ON p.subscriber_id = s.id WHERE s.id = @Id AND p.deleted_at IS NULL
            """,
            new { home.Id }
        );
}
