using System.Net;
using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>What is done with one line from its own page: changed, suspended by whoever may, looked at, and given back.</summary>
public sealed class LineActionsTests(ProvisioningTests.Network network) : IClassFixture<ProvisioningTests.Network>
{
    [PeerFact("chromium")]
    public async Task The_history_of_a_service_says_why_an_order_turned_back_before_it_was_repeated()
    {
        var (database, admin) = (network.Browser.Database, network.Browser.Admin);
        await database.ExecuteAsync(
            """
            CREATE FUNCTION not_yet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.due_at := now() + interval '1 hour'; RETURN NEW; END $$;
            CREATE TRIGGER not_yet BEFORE INSERT ON saga_runs FOR EACH ROW EXECUTE FUNCTION not_yet();
            """
        );
        var order = new
        {
            username = "second-try@fibre.test",
            plan_id = network.Plan,
            network_profile = new { static_ipv4 = "198.18.44.9" },
        };
        var run = (await admin.PostAsync("/api/v1/provisioning/subscribers", order))
            .ShouldHave(HttpStatusCode.Accepted)["run_id"]
            .GetGuid();
        await database.ExecuteAsync("DROP TRIGGER not_yet ON saga_runs; DROP FUNCTION not_yet()");
        var meanwhile = (
            await admin.PostAsync("/api/v1/ipam/reservations", new { address = "198.18.44.9", label = "somebody" })
        ).ShouldHave(HttpStatusCode.Created);
        await database.ExecuteAsync("UPDATE saga_runs SET due_at = now() WHERE id = @run", new { run });
        await EndedAsync(run, 5);
        (await admin.DeleteAsync($"/api/v1/ipam/reservations/{meanwhile["id"].GetGuid()}")).Status.ShouldBeOneOf(
            HttpStatusCode.OK,
            HttpStatusCode.NoContent
        );
        (await admin.PostAsync($"/api/v1/provisioning/runs/{run}/retry", new { })).ShouldHave(HttpStatusCode.OK);
        await EndedAsync(run, 2);

        var page = await network.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/subscribers/second-try@fibre.test");
        var history = page.GetByTestId("service-history");
        await Expect(history).ToContainTextAsync("Provisioning failed");
        await Expect(history).ToContainTextAsync("Allocate addresses: 198.18.44.9/32 belongs to somebody else.");
        await Expect(history).ToContainTextAsync("(ipam.address_taken)");
        await Expect(history.GetByRole(AriaRole.Link, new() { Name = "Provisioning failed" }))
            .ToHaveAttributeAsync("href", $"/provisioning/runs/{run}");

        Task EndedAsync(Guid which, short status) =>
            Eventually.IsTrueAsync(
                () => database.ScalarAsync<bool>("SELECT status = @status FROM saga_runs WHERE id = @which", new { which, status }),
                $"the run ends as {status}",
                TimeSpan.FromSeconds(60)
            );
    }

    [PeerFact("chromium")]
    public async Task A_line_gets_another_VLAN_and_ONU_and_is_then_deprovisioned_each_by_a_run()
    {
        await network.ProvisionAsync("swap@fibre.test", "ALCL00000001");
        var page = await network.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/subscribers/swap@fibre.test");
        var card = page.GetByTestId("line-card");
        await Expect(card).ToContainTextAsync("ALCL00000001");
        await Expect(card.GetByTestId("onu-state")).ToBeVisibleAsync();
        await Expect(card).ToContainTextAsync("dBm");
        await Expect(card).ToContainTextAsync("No address was given.");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();

        // The profile of a line that a run has provisioned leads to the run that changes it.
        await page.GetByRole(AriaRole.Button, new() { Name = "Change profile" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await Expect(form.Locator("[name=service_vlan]")).ToBeDisabledAsync();
        await Expect(form.Locator("[name=circuit_id]")).ToBeEnabledAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await form.GetByTestId("in-service").GetByRole(AriaRole.Button, new() { Name = "Change network" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("order=network"));

        await form.GetByRole(AriaRole.Radiogroup, new() { Name = "VLAN" })
            .GetByRole(AriaRole.Radio, new() { Name = "This one" })
            .ClickAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Change the line" }).ClickAsync();
        await Expect(form.Locator("[name=service_vlan]")).ToHaveAttributeAsync("aria-invalid", "true");
        await form.Locator("[name=service_vlan]").FillAsync("4095");
        await form.GetByRole(AriaRole.Button, new() { Name = "Change the line" }).ClickAsync();
        await Expect(form).ToContainTextAsync("From 1 to 4094.");
        await form.Locator("[name=service_vlan]").FillAsync("310");
        await form.GetByTestId("discovered").GetByRole(AriaRole.Radio, new() { NameRegex = new Regex("ALCL00000002") }).ClickAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await form.GetByRole(AriaRole.Button, new() { Name = "Change the line" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/provisioning/runs/[0-9a-f-]{36}"));
        // The line's page, with the states of its runs, stands until the run's is there.
        await Expect(page.GetByTestId("timeline")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("run-status").First).ToHaveTextAsync("Completed", new() { Timeout = 60_000 });

        await page.GotoAsync("/subscribers/swap@fibre.test");
        await Expect(card).ToContainTextAsync("ALCL00000002");
        await Expect(page.GetByTestId("network-profile")).ToContainTextAsync("310");
        await Expect(page.GetByTestId("service-history")).ToContainTextAsync("VLAN, ONU");
        await Expect(page.GetByTestId("service-history").GetByRole(AriaRole.Link, new() { Name = "Changed" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Deprovision" }).ClickAsync();
        await Expect(form.GetByTestId("given-back")).ToContainTextAsync("VLAN 310");
        await Expect(form.GetByTestId("given-back")).ToContainTextAsync("ALCL00000002");
        await Expect(page.GetByTestId("confirm")).ToBeDisabledAsync();
        await form.GetByLabel("Type the username to confirm").FillAsync("swap@fibre.test");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/provisioning/runs/[0-9a-f-]{36}"));
        // The line's page, with the states of its runs, stands until the run's is there.
        await Expect(page.GetByTestId("timeline")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("run-status").First).ToHaveTextAsync("Completed", new() { Timeout = 60_000 });

        await page.GotoAsync("/subscribers?q=swap@fibre.test");
        await Expect(page.GetByText("Nothing matches these filters")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Status" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Terminated" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("status=terminated"));
        await Expect(page.GetByTestId("row-count")).ToHaveTextAsync("1 of 1");
    }

    [PeerFact("chromium")]
    public async Task A_change_that_is_ordered_for_later_waits_for_its_minute()
    {
        await network.ProvisionAsync("later@fibre.test");
        var page = await network.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/subscribers/later@fibre.test?order=network");
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByRole(AriaRole.Radiogroup, new() { Name = "VLAN" })
            .GetByRole(AriaRole.Radio, new() { Name = "This one" })
            .ClickAsync();
        await form.Locator("[name=service_vlan]").FillAsync("311");
        var at = form.Locator("[name=at]");
        await at.FillAsync("2020-01-01T03:00");
        await form.GetByRole(AriaRole.Button, new() { Name = "Change the line" }).ClickAsync();
        await Expect(at).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(form).ToContainTextAsync("A time to come, or leave it empty for now.");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await at.FillAsync("2099-03-01T03:00");
        await form.GetByRole(AriaRole.Button, new() { Name = "Change the line" }).ClickAsync();
        await Expect(page.GetByText("The line of later@fibre.test is changed on 2099-03-01 03:00")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("run-waits").First).ToContainTextAsync("2099-03-01 03:00");
        var run = page.Url.Split('/')[^1];
        var kept = (await network.Browser.Admin.GetAsync($"/api/v1/provisioning/runs/{run}")).ShouldHave(HttpStatusCode.OK);
        kept["status"].GetString().ShouldBe("pending");

        // The plan too; of a time that is over nothing can be confirmed.
        var faster = new
        {
            name = "Fibre 200",
            download_rate_kbps = 200_000,
            upload_rate_kbps = 40_000,
        };
        (await network.Browser.Admin.PostAsync("/api/v1/radius/bandwidth-profiles", faster)).ShouldHave(HttpStatusCode.Created);
        await page.GotoAsync("/subscribers/later@fibre.test");
        await OpenPlanAsync(page);
        var notBefore = form.GetByLabel(new Regex("Not before"));
        await PickPlanAsync(page, "Fibre 200");
        await notBefore.FillAsync("2020-01-01T03:00");
        await Expect(page.GetByTestId("confirm")).ToBeDisabledAsync();
        await notBefore.FillAsync("2099-03-02T03:00");
        await Expect(page.GetByTestId("confirm")).ToBeEnabledAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByText("The plan of later@fibre.test is changed on 2099-03-02 03:00")).ToBeVisibleAsync();

        // Back to the plan that it has now: no change now, nor before the one that is ordered, but after that.
        await OpenPlanAsync(page);
        await Expect(form.GetByTestId("plan-orders")).ToContainTextAsync("Another plan is ordered for 2099-03-02 03:00");
        var asNow = page.GetByRole(AriaRole.Option, new() { Name = "Fibre 100 (as now)" });
        foreach (var time in new[] { "", "2099-03-02T02:59" })
        {
            await notBefore.FillAsync(time);
            await form.GetByRole(AriaRole.Combobox, new() { Name = "New plan" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Option, new() { Name = "Fibre 200" })).ToBeVisibleAsync();
            await Expect(asNow).ToHaveCountAsync(0);
        }

        await notBefore.FillAsync("2099-03-09T03:00");
        await PickPlanAsync(page, "Fibre 100 (as now)");
        await Expect(form.GetByTestId("plan-preview")).ToContainTextAsync("Then: back to Fibre 100");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await notBefore.FillAsync("");
        await Expect(page.GetByTestId("confirm")).ToBeDisabledAsync();
        await notBefore.FillAsync("2099-03-09T03:00");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByText("The plan of later@fibre.test is changed on 2099-03-09 03:00")).ToBeVisibleAsync();
    }

    private static async Task OpenPlanAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Change plan" }).ClickAsync();
    }

    private static async Task PickPlanAsync(IPage page, string name)
    {
        await page.GetByRole(AriaRole.Combobox, new() { Name = "New plan" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = name }).ClickAsync();
    }

    [PeerFact("chromium")]
    public async Task A_support_agent_suspends_a_line_and_resumes_it_only_with_reasons_that_were_read()
    {
        await network.ProvisionAsync("agent-line@fibre.test");
        var page = await Person.OpenAsync(network.Browser, "agent@example.net", "support_agent");
        await using var _ = page.Context;
        await page.GotoAsync("/subscribers/agent-line@fibre.test");
        await page.GetByRole(AriaRole.Button, new() { Name = "Suspend", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true })).ToHaveCountAsync(0);
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("suspended")).ToBeVisibleAsync();

        // What is open could not be read: there is nothing to confirm, and it is said why.
        await page.RouteAsync("**/suspensions", route => route.FulfillAsync(new() { Status = 503, Body = "{}" }));
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(page.GetByTestId("confirm")).ToBeDisabledAsync();
        await Expect(dialog.GetByTestId("problem")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.GetByTestId("confirm")).ToBeDisabledAsync();
        await page.UnrouteAsync("**/suspensions");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        var reason = dialog.GetByRole(AriaRole.Checkbox, new() { Name = "Administrative" });
        await reason.ClickAsync();
        await Expect(page.GetByTestId("confirm")).ToBeDisabledAsync();
        await reason.ClickAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByText("agent-line@fibre.test resumed")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("suspended")).ToHaveCountAsync(0);
    }

    [PeerFact("chromium")]
    public async Task The_place_of_a_line_is_corrected_in_the_books_and_its_map_follows()
    {
        await network.ProvisionAsync("place@fibre.test");
        var page = await network.Browser.PageAsync(width: 390, scheme: ColorScheme.Dark);
        await using var _ = page.Context;
        await page.GotoAsync("/subscribers/place@fibre.test");
        var card = page.GetByTestId("line-card");
        await Expect(card).ToContainTextAsync("The line has none.");
        await Expect(page.GetByTestId("network-profile")).ToBeVisibleAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Edit place" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByLabel("Service address").FillAsync("12 Marina Road, Lagos");
        await form.GetByLabel("Latitude").FillAsync("6.4541");
        await form.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(form).ToContainTextAsync("A place needs both degrees.");
        await form.GetByLabel("Longitude").FillAsync("3.3947");
        await form.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(form).ToHaveCountAsync(0);
        await Expect(card).ToContainTextAsync("12 Marina Road, Lagos");
        await Expect(card).ToContainTextAsync("6.454100, 3.394700");
        await Expect(card.GetByTestId("map")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();

        var api = network.Browser.Admin;
        var kept = (await api.GetAsync("/api/v1/subscribers/place@fibre.test")).ShouldHave(HttpStatusCode.OK);
        kept["has_service"].GetBoolean().ShouldBeTrue();
        var runs = (await api.GetAsync("/api/v1/provisioning/runs?q=place@fibre")).ShouldHave(HttpStatusCode.OK);
        runs["items"].EnumerateArray().ShouldContain(run => run.GetProperty("subject_name").GetString() == "place@fibre.test");
    }
}
