using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>A line that is suspended with its ONU down stays dark, whatever is changed of it meanwhile, and comes up with its resumption.</summary>
public sealed class SuspendedOnuTests(SuspendedOnuTests.Room host) : IClassFixture<SuspendedOnuTests.Room>
{
    /// <summary>An administrative suspension takes the ONU down, one for abuse leaves it up.</summary>
    public sealed class Room : ProvisioningFixture
    {
        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            var policies = new[] { Policy("administrative", onuDown: true), Policy("abuse", onuDown: false) };
            (await Admin.PutAsync("/api/v1/provisioning/suspension-settings", new { policies })).ShouldHave(HttpStatusCode.OK);
        }

        private static object Policy(string reason, bool onuDown) =>
            new
            {
                reason,
                action = "reject",
                onu_down = onuDown,
                pause_billing = false,
                needs_evidence = false,
            };
    }

    [Fact]
    public async Task An_onu_that_is_swapped_stays_down_and_comes_up_at_the_resumption()
    {
        var (old, other) = (await host.OnuAsync(), await host.OnuAsync());
        var home = await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool }, old);
        var reason = await SuspendAsync(home, "administrative");
        (await OnuAsync(old)).ShouldBe(Down(home), "down, with no flow");

        await ChangeAsync(home, "change-network", new { onu_serial = other });
        (await OnuAsync(other)).ShouldBe(Down(home), "his, and down");
        (await OnuAsync(old)).OwnerId.ShouldBeNull();

        await ResumeAsync(home, reason);
        (await OnuAsync(other)).ShouldBe(await UpAsync(home));
        await ChangeAsync(home, "change-network", new { onu_serial = old });
        (await OnuAsync(old)).ShouldBe(await UpAsync(home), "in service a swap brings the new one up");
    }

    [Fact]
    public async Task A_swap_that_is_broken_off_gives_the_old_onu_back_as_dark_as_it_was()
    {
        var (old, other) = (await host.OnuAsync(), await host.OnuAsync());
        var home = await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool }, old);
        var reason = await SuspendAsync(home, "administrative");
        await host.Database.ExecuteAsync(
            $"""
            CREATE FUNCTION keep_other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.serial = '{other}' AND NEW.owner_id IS NOT NULL THEN RAISE EXCEPTION 'the OLT is on fire'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER keep_other BEFORE UPDATE ON pon_onus FOR EACH ROW EXECUTE FUNCTION keep_other();
            """
        );
        try
        {
            var run = (await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/change-network", new { onu_serial = other }))
                .ShouldHave(HttpStatusCode.Accepted)["run_id"]
                .GetGuid();
            await Eventually.IsTrueAsync(
                async () =>
                    await host.Database.ScalarAsync<long>(
                        "SELECT count(*) FROM saga_steps WHERE run_id = @run AND name = 'order_onu' AND failures > 0",
                        new { run }
                    ) == 1,
                "the OLT has refused",
                TimeSpan.FromSeconds(90)
            );
            (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{run}/cancel")).ShouldHave(HttpStatusCode.OK);
            await host.EndedAsync(run, "compensated");
        }
        finally
        {
            await host.Database.ExecuteAsync("DROP TRIGGER keep_other ON pon_onus; DROP FUNCTION keep_other()");
        }

        (await OnuAsync(old)).ShouldBe(Down(home));
        (await OnuAsync(other)).OwnerId.ShouldBeNull();
        await ResumeAsync(home, reason);
        (await OnuAsync(old)).ShouldBe(await UpAsync(home));
    }

    [Fact]
    public async Task An_onu_that_is_given_to_a_suspended_line_waits_for_the_resumption()
    {
        var home = await host.ProvisionAsync();
        var reason = await SuspendAsync(home, "administrative");
        var onu = await host.OnuAsync();
        var answer = await host.Admin.PostAsync($"/api/v1/pon/onus/{onu}/provision", new { subscriber_id = home.Id });
        await host.EndedAsync(answer.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid(), "completed");
        (await OnuAsync(onu)).ShouldBe(Down(home), "his, and down");

        await ResumeAsync(home, reason);
        (await OnuAsync(onu)).ShouldBe(await UpAsync(home));
    }

    [Fact]
    public async Task Other_vlans_and_rates_wait_in_the_books_and_hold_after_the_resumption()
    {
        var onu = await host.OnuAsync();
        var home = await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool }, onu);
        var reason = await SuspendAsync(home, "administrative");
        await ChangeAsync(home, "change-network", new { vlan = new { pool = ProvisioningFixture.VlanPool } });
        await ChangeAsync(home, "change-plan", new { bandwidth_profile_id = await host.ProfileAsync(44_000, 4_000) });
        (await OnuAsync(onu)).ShouldBe(Down(home), "still down");

        await ResumeAsync(home, reason);
        (await OnuAsync(onu)).ShouldBe(await UpAsync(home));
        var carried = await host.Database.QueryAsync<(short?, int?)>(
            "SELECT service_vlan, down_kbps FROM pon_onus WHERE serial = @onu",
            new { onu }
        );
        var vlan = (await host.Admin.GetAsync($"/api/v1/subscribers/{home.Id}"))["vlan_id"].GetInt16();
        carried.ShouldBe([(vlan, 44_000)]);
    }

    [Fact]
    public async Task A_suspension_that_leaves_the_onu_up_leaves_the_new_one_up_too()
    {
        var (old, other) = (await host.OnuAsync(), await host.OnuAsync());
        var home = await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool }, old);
        await SuspendAsync(home, "abuse");
        await ChangeAsync(home, "change-network", new { onu_serial = other });
        (await OnuAsync(other)).ShouldBe(await UpAsync(home), "the walled garden is reached through it");
    }

    private async Task<Guid> SuspendAsync(ProvisionedSubscriber home, string reason)
    {
        var recorded = await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/suspensions", new { reason });
        await CarriedOutAsync(home, "rejected");
        return recorded.ShouldHave(HttpStatusCode.Created)["reasons"][0].GetProperty("id").GetGuid();
    }

    private async Task ResumeAsync(ProvisionedSubscriber home, Guid reason)
    {
        (await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/suspensions/{reason}/end", new { })).ShouldHave(HttpStatusCode.OK);
        await CarriedOutAsync(home, "open");
    }

    private Task CarriedOutAsync(ProvisionedSubscriber home, string access) =>
        Eventually.IsTrueAsync(
            async () =>
            {
                var view = await host.Admin.GetAsync($"/api/v1/subscribers/{home.Id}/suspensions");
                return view["carried_out"].GetString() == access;
            },
            $"carried out: {access}",
            TimeSpan.FromSeconds(90)
        );

    private async Task ChangeAsync(ProvisionedSubscriber home, string what, object wish)
    {
        var answer = (await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/{what}", wish)).ShouldHave(HttpStatusCode.Accepted);
        await host.EndedAsync(answer["run_id"].GetGuid(), "completed");
    }

    /// <summary>Admin (1 enabled, 2 disabled), owner, and how many flows there are of it.</summary>
    private async Task<(short Admin, Guid? OwnerId, long Flows)> OnuAsync(string serial) =>
        (
            await host.Database.QueryAsync<(short, Guid?, long)>(
                """
                SELECT admin, owner_id, (SELECT count(*) FROM pon_flows f WHERE f.serial = o.serial) AS flows FROM pon_onus o WHERE o.serial = @serial
                """,
                new { serial }
            )
        ).Single();

    /// <summary>How the ONU of a line in service stands: with as many flows as that of another one.</summary>
    private async Task<(short, Guid?, long)> UpAsync(ProvisionedSubscriber home) =>
        (1, home.Id, flows ??= (await OnuAsync(await OtherAsync())).Flows);

    private async Task<string> OtherAsync()
    {
        var onu = await host.OnuAsync();
        await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool }, onu);
        return onu;
    }

    private static (short, Guid?, long) Down(ProvisionedSubscriber home) => (2, home.Id, 0);

    private long? flows;
}
