using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>What a suspension does besides the login, by the policy of its reasons: billing and the ONU, there and back.</summary>
public sealed class PolicyTests(PolicyTests.Room host) : IClassFixture<PolicyTests.Room>
{
    /// <summary>Vacation and fraud keep what is usual; abuse takes everything, an administrative reason nothing but the login.</summary>
    public sealed class Room : ProvisioningFixture
    {
        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            var policies = new[] { Policy("abuse", all: true), Policy("administrative", all: false) };
            (await Admin.PutAsync("/api/v1/provisioning/suspension-settings", new { policies })).ShouldHave(HttpStatusCode.OK);
        }

        private static object Policy(string reason, bool all) =>
            new
            {
                reason,
                action = "reject",
                onu_down = all,
                pause_billing = all,
                needs_evidence = false,
            };
    }

    [Fact]
    public async Task A_vacation_pauses_billing_until_it_ends_and_leaves_the_onu_up()
    {
        var onu = await host.OnuAsync();
        var home = await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool }, onu);
        var reason = await SuspendAsync(home, "vacation");
        (await ChargesAsync(home)).ShouldBe([Start, Pause]);
        (await StepsAsync(home, "suspend")).ShouldContain("pause_billing done");
        (await StepsAsync(home, "suspend")).ShouldContain("onu_down skipped");
        (await AdminAsync(onu)).ShouldBe(Enabled);
        (await host.ServiceAsync(home.ServiceId)).GetProperty("status").GetString().ShouldBe("suspended");

        await EndAsync(home, reason, "open");
        (await ChargesAsync(home)).ShouldBe([Start, Pause, Continue]);
        (await StepsAsync(home, "resume")).ShouldContain("continue_billing done");
        (await host.ServiceAsync(home.ServiceId)).GetProperty("status").GetString().ShouldBe("active");
    }

    [Fact]
    public async Task Fraud_lets_charges_go_on()
    {
        var home = await host.ProvisionAsync();
        await EndAsync(home, await SuspendAsync(home, "fraud"), "open");
        (await ChargesAsync(home)).ShouldBe([Start]);
        (await StepsAsync(home, "suspend")).ShouldContain("pause_billing skipped");
    }

    [Fact]
    public async Task The_onu_goes_down_by_policy_and_up_again_with_its_service()
    {
        var onu = await host.OnuAsync();
        var home = await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool }, onu);
        var flows = await FlowsAsync(onu);
        flows.ShouldBeGreaterThan(0);
        var reason = await SuspendAsync(home, "abuse");
        (await AdminAsync(onu), await FlowsAsync(onu)).ShouldBe((Disabled, 0));
        (await StepsAsync(home, "suspend")).ShouldContain("onu_down done");

        await EndAsync(home, reason, "open");
        (await AdminAsync(onu), await FlowsAsync(onu)).ShouldBe((Enabled, flows));
        (await StepsAsync(home, "resume")).ShouldContain("onu_up done");
        (await ChargesAsync(home)).ShouldBe([Start, Pause, Continue]);
    }

    [Fact]
    public async Task A_second_reason_does_what_the_first_did_not_and_takes_it_back_when_it_ends()
    {
        var onu = await host.OnuAsync();
        var home = await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool }, onu);
        var first = await SuspendAsync(home, "administrative");
        (await AdminAsync(onu), (await ChargesAsync(home)).Count).ShouldBe((Enabled, 1));

        var second = await SuspendAsync(home, "abuse");
        await SoonAsync(async () => await AdminAsync(onu) == Disabled, "the second reason takes the ONU down");
        await SoonAsync(async () => (await ChargesAsync(home)).Count == 2, "and pauses billing");

        await EndAsync(home, second, "rejected");
        await SoonAsync(async () => await AdminAsync(onu) == Enabled, "with its end the ONU is up");
        await SoonAsync(async () => (await ChargesAsync(home)).SequenceEqual([Start, Pause, Continue]), "and charges go on");

        await EndAsync(home, first, "open");
        (await ChargesAsync(home)).ShouldBe([Start, Pause, Continue]);
    }

    [Fact]
    public async Task A_service_is_called_by_the_reasons_that_are_left()
    {
        var home = await host.ProvisionAsync();
        var fraud = await SuspendAsync(home, "fraud");
        (await host.ServiceAsync(home.ServiceId)).GetProperty("status").GetString().ShouldBe("suspended_fraud");
        await SuspendAsync(home, "administrative");

        await EndAsync(home, fraud, "rejected");
        (await host.ServiceAsync(home.ServiceId)).GetProperty("status").GetString().ShouldBe("suspended");
        var runs = await host.Database.ScalarAsync<long>(
            "SELECT count(*) FROM saga_runs WHERE subject_id = @Id AND definition = 'suspend'",
            new { home.Id }
        );
        runs.ShouldBe(1, "nothing in the network follows from another reason for the same");
        var events = (await host.Admin.GetAsync($"/api/v1/services/lifecycle/services/{home.ServiceId}/events")).ShouldHave(
            HttpStatusCode.OK
        )["items"];
        var types = events.EnumerateArray().Select(e => e.GetProperty("type").GetString()).ToList();
        types.ShouldContain("suspension_completed");
        types.ShouldContain("status_changed");
    }

    [Fact]
    public async Task A_router_that_is_swapped_where_nobody_configures_routers_is_said_to_be_not_configured()
    {
        var home = await host.ProvisionAsync();
        var wish = new { cpe_mac_address = "02:00:5E:10:77:01" };
        var run = (await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/change-network", wish))
            .ShouldHave(HttpStatusCode.Accepted)["run_id"]
            .GetGuid();
        await host.EndedAsync(run, "completed");
        var steps = (await host.Admin.GetAsync($"/api/v1/provisioning/runs/{run}")).ShouldHave(HttpStatusCode.OK)["steps"];
        var step = steps.EnumerateArray().Single(s => s.GetProperty("name").GetString() == "configure_cpe");
        step.GetProperty("status").GetString().ShouldBe("not_configured");
        step.GetProperty("note").GetString()!.ShouldContain("ACS");
        (await host.Admin.GetAsync($"/api/v1/subscribers/{home.Id}"))["cpe_mac_address"].GetString().ShouldBe("02:00:5e:10:77:01");
    }

    private const short Start = 0;
    private const short Pause = 1;
    private const short Continue = 2;
    private const short Enabled = 1;
    private const short Disabled = 2;

    private async Task<Guid> SuspendAsync(ProvisionedSubscriber home, string reason)
    {
        var recorded = await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/suspensions", new { reason });
        await CarriedOutAsync(home, "rejected");
        return recorded
            .ShouldHave(HttpStatusCode.Created)["reasons"]
            .EnumerateArray()
            .Single(r => r.GetProperty("reason").GetString() == reason)
            .GetProperty("id")
            .GetGuid();
    }

    private async Task EndAsync(ProvisionedSubscriber home, Guid reason, string then)
    {
        (await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/suspensions/{reason}/end", new { })).ShouldHave(HttpStatusCode.OK);
        await CarriedOutAsync(home, then);
    }

    private Task CarriedOutAsync(ProvisionedSubscriber home, string access) =>
        SoonAsync(
            async () =>
                (await host.Admin.GetAsync($"/api/v1/subscribers/{home.Id}/suspensions"))["carried_out"].GetString() == access
                && await host.Database.ScalarAsync<long>(
                    "SELECT count(*) FROM saga_runs WHERE subject_id = @Id AND status IN (0, 1)",
                    new { home.Id }
                ) == 0,
            $"carried out: {access}"
        );

    private static Task SoonAsync(Func<Task<bool>> condition, string what) =>
        Eventually.IsTrueAsync(condition, what, TimeSpan.FromSeconds(30));

    /// <summary>What was booked, in order.</summary>
    private Task<IReadOnlyList<short>> ChargesAsync(ProvisionedSubscriber home) =>
        host.Database.QueryAsync<short>(
            "SELECT kind FROM service_charges WHERE service_id = @ServiceId AND voided_at IS NULL ORDER BY effective_at, booked_at",
            new { home.ServiceId }
        );

    private Task<short> AdminAsync(string onu) =>
        host.Database.ScalarAsync<short>("SELECT admin FROM pon_onus WHERE serial = @onu", new { onu });

    private Task<long> FlowsAsync(string onu) =>
        host.Database.ScalarAsync<long>("SELECT count(*) FROM pon_flows WHERE serial = @onu", new { onu });

    private async Task<IEnumerable<string>> StepsAsync(ProvisionedSubscriber home, string definition)
    {
        var runs = await host.Admin.GetAsync($"/api/v1/provisioning/runs?subject_id={home.Id}&definition={definition}");
        var run = runs.ShouldHave(HttpStatusCode.OK)["items"][0].GetProperty("id").GetGuid();
        return (await host.Admin.GetAsync($"/api/v1/provisioning/runs/{run}"))["steps"]
            .EnumerateArray()
            .Select(s => $"{s.GetProperty("name").GetString()} {s.GetProperty("status").GetString()}");
    }
}
