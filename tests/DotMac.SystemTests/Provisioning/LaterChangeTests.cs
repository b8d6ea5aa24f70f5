using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>Changes that are ordered for later keep nobody from the line until their time, go in the order of their times, and end with the service.</summary>
public sealed class LaterChangeTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    [Fact]
    public async Task A_line_with_a_change_for_next_week_is_suspended_resumed_changed_and_ended_now_and_the_change_is_cancelled_visibly()
    {
        var home = await host.ProvisionAsync();
        var nextWeek = DateTimeOffset.UtcNow.AddDays(7);
        var plan = await OrderPlanAsync(home, await host.ProfileAsync(50_000, 10_000), nextWeek);
        var wish = new { place = new { service_address = "Marina Road 7" }, at = nextWeek.AddDays(1) };
        var network = (await host.Admin.PostAsync($"/api/v1/subscribers/{home.Username}/change-network", wish))
            .ShouldHave(HttpStatusCode.Accepted)["run_id"]
            .GetGuid();
        var shown = await RunAsync(plan);
        shown["status"].GetString().ShouldBe("pending");
        shown["not_before"].GetDateTimeOffset().ShouldBe(nextWeek, TimeSpan.FromMilliseconds(1));
        shown["due_at"].GetDateTimeOffset().ShouldBe(nextWeek, TimeSpan.FromMilliseconds(1));

        var reasons = $"/api/v1/subscribers/{home.Username}/suspensions";
        var reason = (await host.Admin.PostAsync(reasons, new { reason = "administrative" })).ShouldHave(HttpStatusCode.Created);
        await CarriedOutAsync(home, access: false);
        (await host.Admin.PostAsync($"{reasons}/{reason["reasons"][0].GetProperty("id").GetGuid()}/end", new { })).ShouldHave(
            HttpStatusCode.OK
        );
        await CarriedOutAsync(home, access: true);
        await host.EndedAsync(await OrderPlanAsync(home, await host.ProfileAsync(30_000, 10_000)), "completed");
        (await RunAsync(plan))["status"].GetString().ShouldBe("pending");

        await host.DeprovisionAsync(home);
        foreach (var run in new[] { plan, network })
        {
            var ended = await RunAsync(run);
            ended["status"].GetString().ShouldBe("compensated");
            ended["error_code"].GetString().ShouldBe("run.cancelled");
            ended["closed_reason"].GetString().ShouldBe("The service was ended (deprovision).");
            ended["closed_by"].GetString().ShouldNotBeNullOrEmpty();
            (
                await host.Database.ScalarAsync<long>(
                    "SELECT count(*) FROM service_events WHERE run_id = @run AND error_code = 'run.cancelled' AND NOT succeeded",
                    new { run }
                )
            ).ShouldBe(1);
            var told = await host.Database.ScalarAsync<string>(
                "SELECT message FROM service_events WHERE run_id = @run AND error_code = 'run.cancelled'",
                new { run }
            );
            told.ShouldStartWith("It was ordered for later, and the service ended before: ");
            told.ShouldContain(run == network ? "place" : "Plan ", Case.Sensitive, "it says what was ordered");
            (
                await host.Database.ScalarAsync<long>(
                    "SELECT count(*) FROM audit_log WHERE action = 'saga_run.cancel' AND entity_id = @id",
                    new { id = run.ToString() }
                )
            ).ShouldBe(1);
        }

        (await Leftovers.OfRowAsync(host.Database, home.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_changes_for_later_are_made_in_the_order_of_their_times_also_back_to_the_plan_of_today()
    {
        var home = await host.ProvisionAsync();
        var faster = await host.ProfileAsync(50_000, 10_000);
        var soon = DateTimeOffset.UtcNow.AddSeconds(12);
        var same = await host.Admin.PostAsync(Path(home), new { bandwidth_profile_id = host.Plan, at = soon });
        same.ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("change.same_plan");
        var there = await OrderPlanAsync(home, faster, soon);
        var back = await OrderPlanAsync(home, host.Plan, soon.AddMilliseconds(200));
        await host.EndedAsync(there, "completed");
        await host.EndedAsync(back, "completed");
        (
            await host.Database.ScalarAsync<bool>(
                "SELECT t.finished_at <= b.started_at FROM saga_runs t, saga_runs b WHERE t.id = @there AND b.id = @back",
                new { there, back }
            )
        ).ShouldBeTrue();
        (await host.Database.ScalarAsync<Guid>("SELECT bandwidth_profile_id FROM subscribers WHERE id = @Id", new { home.Id })).ShouldBe(
            host.Plan
        );
    }

    private static string Path(ProvisionedSubscriber home) => $"/api/v1/subscribers/{home.Username}/change-plan";

    private async Task<Guid> OrderPlanAsync(ProvisionedSubscriber home, Guid plan, DateTimeOffset? at = null) =>
        (await host.Admin.PostAsync(Path(home), new { bandwidth_profile_id = plan, at }))
            .ShouldHave(HttpStatusCode.Accepted)["run_id"]
            .GetGuid();

    private async Task<ApiAnswer> RunAsync(Guid run) =>
        (await host.Admin.GetAsync($"/api/v1/provisioning/runs/{run}")).ShouldHave(HttpStatusCode.OK);

    private Task CarriedOutAsync(ProvisionedSubscriber home, bool access) =>
        Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<bool>(
                    "SELECT (carried_out = 0) = @access AND decided = carried_out FROM suspension_states WHERE subscriber_id = @Id",
                    new { access, home.Id }
                )
                && await host.Database.ScalarAsync<long>(
                    "SELECT count(*) FROM saga_runs WHERE subject_id = @Id AND status IN (0, 1, 4) AND NOT queued",
                    new { home.Id }
                ) == 0,
            "what was decided is carried out",
            TimeSpan.FromSeconds(30)
        );
}
