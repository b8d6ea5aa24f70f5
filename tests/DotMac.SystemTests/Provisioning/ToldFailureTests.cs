using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>A run that turns back tells the service's history why, whichever of its steps failed; and leaves the ONU as it was.</summary>
public sealed class ToldFailureTests(HeldFixture host) : IClassFixture<HeldFixture>
{
    [Theory]
    [InlineData("change-network", "verify_line", "modification_failed", "place")]
    [InlineData("change-network", "switch_line", "modification_failed", "place")]
    [InlineData("change-plan", "verify_plan", "modification_failed", "another plan")]
    [InlineData("change-plan", "switch_rates", "modification_failed", "plan ")]
    [InlineData("deprovision", "disconnect_sessions", "termination_failed", "the end of the service")]
    [InlineData("deprovision", "delete_onu", "termination_failed", "the end of the service")]
    public async Task A_failure_is_told_with_code_and_message_and_once(string what, string step, string type, string words)
    {
        var home = await host.ProvisionAsync();
        await host.HoldAsync(home.Id, step, "refuse");
        var run = await OrderAsync(what, home);
        await host.EndedAsync(run, "compensated");
        var told = await EventsAsync(home, type);
        told.Count.ShouldBe(1, await host.TimelineAsync(run));
        told[0].GetProperty("error_code").GetString().ShouldBe("test.refused");
        told[0].GetProperty("succeeded").GetBoolean().ShouldBeFalse();
        told[0].GetProperty("run_id").GetGuid().ShouldBe(run);
        told[0].GetProperty("message").GetString()!.ShouldStartWith("The test refuses it.");
        told[0].GetProperty("message").GetString()!.ShouldContain(words);

        // Tried again, and refused again: that is told again.
        (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{run}/retry", new { })).ShouldHave(HttpStatusCode.OK);
        await host.EndedAsync(run, "compensated");
        (await EventsAsync(home, type)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_worker_that_dies_behind_the_telling_has_told_it_and_the_next_does_not_tell_it_again()
    {
        var home = await host.ProvisionAsync();
        await host.HoldAsync(home.Id, "verify_line", "refuse");
        await host.HoldAsync(home.Id, "note_order", "die_after", undo: true);
        var run = await OrderAsync("change-network", home);
        await Eventually.IsTrueAsync(() => Task.FromResult(host.IsDead), "the worker dies", TimeSpan.FromSeconds(30));
        (await EventsAsync(home, "modification_failed")).Count.ShouldBe(1);
        await host.WorkAsync();
        await host.EndedAsync(run, "compensated");
        (await EventsAsync(home, "modification_failed")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_suspension_whose_first_step_fails_is_told()
    {
        var home = await host.ProvisionAsync();
        await host.HoldAsync(home.Id, "confirm_reasons", "refuse");
        (await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/suspensions", new { reason = "administrative" })).ShouldHave(
            HttpStatusCode.Created
        );
        await Eventually.IsTrueAsync(
            async () => (await EventsAsync(home, "suspension_failed")).Count > 0,
            "it is told",
            TimeSpan.FromSeconds(30)
        );
        var told = (await EventsAsync(home, "suspension_failed"))[0];
        told.GetProperty("error_code").GetString().ShouldBe("test.refused");
        told.GetProperty("message").GetString()!.ShouldContain("the suspension (administrative)");
    }

    [Fact]
    public async Task An_onu_goes_back_to_its_vlan_also_of_a_line_that_had_no_plan()
    {
        var paired = await host.ProfileAsync(90_000, 9_000);
        await DefaultsAsync(new { vlan_pool = ProvisioningFixture.VlanPool });
        await DefaultsAsync(
            new
            {
                bandwidth_profile_id = paired,
                vlan_pool = ProvisioningFixture.QinqPool,
                qinq_enabled = true,
            }
        );
        var onu = await host.SeenOnuAsync();
        var home = await host.ProvisionAsync(new { }, onu);
        var before = await TagsAsync(onu);
        before.Service.ShouldNotBeNull();
        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET bandwidth_profile_id = NULL, version = version + 1 WHERE id = @Id",
            new { home.Id }
        );
        await host.HoldAsync(home.Id, "book_plan", "hold");
        var run = (await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/change-plan", new { bandwidth_profile_id = paired }))
            .ShouldHave(HttpStatusCode.Accepted)["run_id"]
            .GetGuid();
        await host.MetAsync(home.Id, "book_plan");
        (await TagsAsync(onu)).Inner.ShouldNotBeNull("the ONU has the VLANs of the new plan");
        await host.HoldAsync(home.Id, "book_plan", "refuse");
        await host.EndedAsync(run, "compensated");
        (await TagsAsync(onu)).ShouldBe(before);
    }

    private async Task<Guid> OrderAsync(string what, ProvisionedSubscriber home)
    {
        var answer = what switch
        {
            "change-network" => await host.Admin.PostAsync(
                $"/api/v1/subscribers/{home.Id}/change-network",
                new { place = new { service_address = "Marina Road 7" } }
            ),
            "change-plan" => await host.Admin.PostAsync(
                $"/api/v1/subscribers/{home.Id}/change-plan",
                new { bandwidth_profile_id = await host.ProfileAsync(50_000, 10_000) }
            ),
            _ => await host.Admin.PostAsync($"/api/v1/provisioning/subscribers/{home.Id}/deprovision", new { }),
        };
        return answer.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid();
    }

    private async Task<IReadOnlyList<JsonElement>> EventsAsync(ProvisionedSubscriber home, string type) =>
        [
            .. (await host.Admin.GetAsync($"/api/v1/services/{home.ServiceId}/events?limit=100"))
                .ShouldHave(HttpStatusCode.OK)["items"]
                .EnumerateArray()
                .Where(e => e.GetProperty("type").GetString() == type),
        ];

    private async Task DefaultsAsync(object defaults) =>
        (await host.Admin.PostAsync("/api/v1/network/profile-defaults", defaults)).ShouldHave(HttpStatusCode.Created);

    private async Task<(short? Service, short? Inner)> TagsAsync(string serial) =>
        (
            await host.Database.QueryAsync<(short?, short?)>(
                "SELECT service_vlan, inner_vlan FROM pon_onus WHERE serial = @serial",
                new { serial }
            )
        ).Single();
}
