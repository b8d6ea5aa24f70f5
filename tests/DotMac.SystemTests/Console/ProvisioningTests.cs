using System.Net;
using System.Text.RegularExpressions;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>A line is ordered in one form, its run is watched to the end, and what a run could not finish is mended from the browser.</summary>
public sealed class ProvisioningTests(ProvisioningTests.Network network) : IClassFixture<ProvisioningTests.Network>
{
    private const string Secret = "xyzzy-plugh-42";
    private static readonly DateTimeOffset Later = new(2031, 7, 1, 9, 30, 0, TimeSpan.Zero);

    [PeerFact("chromium")]
    public async Task One_form_takes_a_line_from_the_order_to_its_first_login()
    {
        var page = await network.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/provisioning/new");

        // All faults come from the server, each at its field, and nothing has been done.
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.GetByTestId("problem")).ToBeVisibleAsync();
        await Expect(Field(page, "Username")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Plan" })).ToHaveAttributeAsync("aria-invalid", "true");

        await ChooseAsync(page, "Plan", "Fibre 100");
        await Expect(page.GetByTestId("plan-rates")).ToContainTextAsync("100 Mbit/s down");
        await Field(page, "Username").FillAsync("ada@fibre.test");
        await Field(page, "Service address").FillAsync("12 Marina Road, Lagos");
        await Field(page, "Latitude").FillAsync("6.4541");
        await Field(page, "Longitude").FillAsync("3.3947");

        // The form outlives a reload.
        await page.WaitForTimeoutAsync(600);
        await page.ReloadAsync();
        await Expect(page.GetByTestId("draft")).ToBeVisibleAsync();
        await Expect(Field(page, "Username")).ToHaveValueAsync("ada@fibre.test");
        await Expect(Field(page, "Latitude")).ToHaveValueAsync("6.4541");

        // The ONU is one that the OLT sees; that it is only played is said beside it.
        var onu = page.GetByTestId("discovered").GetByRole(AriaRole.Radio, new() { NameRegex = new Regex("ALCL00000001") });
        await Expect(page.GetByTestId("discovered").GetByTestId("simulated").First).ToBeVisibleAsync();
        await onu.ClickAsync();
        await Expect(Field(page, "ONU serial")).ToHaveValueAsync("ALCL00000001");
        await ChooseAsync(page, "IPv4 pool", "home-v4");
        await Expect(page.GetByText(new Regex(@"\d+ of \d+ free")).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Given" }).ClickAsync();
        await Field(page, "Service VLAN (outer)").FillAsync("210");

        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        var preview = page.GetByTestId("preview");
        await Expect(preview).ToContainTextAsync("100.64.9.");
        await Expect(preview).ToContainTextAsync("ALCL00000001");
        await Expect(preview).ToContainTextAsync("Simulated");
        await Expect(preview).ToContainTextAsync("210");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByTestId("provision").ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex("/provisioning/runs/[0-9a-f-]{36}"));
        await Expect(page.GetByTestId("run-status")).ToHaveTextAsync("Completed", new() { Timeout = 60_000 });
        await Expect(Step(page, "allocate_addresses")).ToContainTextAsync("Done");
        await Expect(Step(page, "activate_onu").GetByTestId("simulated")).ToBeVisibleAsync();
        // What nobody configured is never called done.
        await Expect(Step(page, "configure_cpe")).ToHaveAttributeAsync("data-status", "not_configured");
        await Expect(Step(page, "configure_cpe")).ToContainTextAsync("Not configured");
        await Step(page, "allocate_addresses").GetByRole(AriaRole.Button).First.ClickAsync();
        await Expect(Step(page, "allocate_addresses")).ToContainTextAsync("home-v4");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();

        // The credentials are shown once, and they are the ones the line signs on with.
        var password = await page.GetByTestId("credentials").GetByTestId("secret").Nth(1).InputValueAsync();
        var nas = new SimpleNas(network.Browser.Host.RadiusAuthPort, network.Browser.Host.RadiusAcctPort, Secret);
        await Eventually.IsTrueAsync(
            async () => await nas.AuthenticateAsync("ada@fibre.test", password) == PacketCode.AccessAccept,
            "the new line signs on"
        );
        await Expect(page.GetByTestId("first-login")).ToContainTextAsync("Not seen yet");
        await nas.AccountAsync("Start", "ada@fibre.test", "ada-1");
        await Expect(page.GetByTestId("first-login")).ToContainTextAsync("Seen", new() { Timeout = 60_000 });
        await page.ReloadAsync();
        await Expect(page.GetByTestId("timeline")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("credentials")).ToHaveCountAsync(0);
    }

    [PeerFact("chromium")]
    public async Task What_would_be_refused_is_said_at_the_field_before_anything_is_done()
    {
        var page = await network.Browser.PageAsync(width: 390);
        await using var _ = page.Context;
        await page.GotoAsync("/provisioning/new");
        await ChooseAsync(page, "Plan", "Fibre 100");
        await Field(page, "Username").FillAsync("nobody@fibre.test");
        await Field(page, "ONU serial").FillAsync("ALCL0000FFFF");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Static" }).ClickAsync();
        await Field(page, "Static IPv4 address").FillAsync("300.1.1.1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();

        await Expect(Field(page, "ONU serial")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(Field(page, "Static IPv4 address")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.GetByTestId("preview")).ToHaveCountAsync(0);
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
    }

    [PeerFact("chromium")]
    public async Task The_place_is_marked_on_the_map_by_the_keyboard()
    {
        var page = await network.Browser.PageAsync();
        await using var _ = page.Context;
        var outside = new List<string>();
        page.Request += (_, request) =>
        {
            if (
                !request.Url.StartsWith(network.Browser.Host.Address.ToString(), StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal)
            )
            {
                outside.Add(request.Url);
            }
        };
        await page.GotoAsync("/provisioning/new");
        var map = page.GetByTestId("map");
        await Expect(map.Locator("path").Nth(50)).ToBeAttachedAsync(new() { Timeout = 60_000 });
        await map.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(Field(page, "Latitude")).Not.ToHaveValueAsync("");
        await Expect(Field(page, "Longitude")).Not.ToHaveValueAsync("");
        outside.ShouldBeEmpty();
    }

    [PeerFact("chromium")]
    public async Task Runs_are_found_and_what_is_stuck_or_degraded_is_mended_or_given_up()
    {
        var (degraded, stuck) = (await network.ProvisionAsync("mend@fibre.test"), await network.ProvisionAsync("stuck@fibre.test"));
        // A monitor that failed, and an undoing that did: what a broken system leaves behind.
        await network.PlantAsync(degraded, status: 3, step: "add_to_monitoring", stepStatus: 5);
        await network.PlantAsync(stuck, status: 6, step: "activate_onu", stepStatus: 8);
        var page = await network.Browser.PageAsync();
        await using var _ = page.Context;

        await page.GotoAsync("/");
        await Expect(page.GetByTestId("attention")).ToContainTextAsync("1 run is stuck");
        await Expect(page.GetByTestId("attention")).ToContainTextAsync("1 line waits for a repair");

        await page.GotoAsync("/provisioning/runs");
        await Expect(page.GetByTestId("live-mark")).ToContainTextAsync("Live");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search runs" }).FillAsync("mend@fibre");
        await Expect(page.GetByTestId("row-count")).ToHaveTextAsync("1 row");
        await Expect(page).ToHaveURLAsync(new Regex("q=mend"));
        await page.GetByTestId("views").ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("To mend");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GotoAsync("/provisioning/runs");
        await page.GetByTestId("views").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "To mend", Exact = true }).ClickAsync();
        await Expect(page.GetByTestId("row-count")).ToHaveTextAsync("1 row");

        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("mend@fibre|SUB") }).First.ClickAsync();
        await Expect(page.GetByTestId("verdict")).ToContainTextAsync("repair");
        await page.GetByTestId("retry-step").First.ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("run-status")).ToHaveTextAsync("Completed", new() { Timeout = 60_000 });

        // Ctrl-K finds runs too.
        await page.Keyboard.PressAsync("Control+K");
        await page.GetByPlaceholder("Subscribers, NAS, runs, pages").FillAsync("stuck@fibre");
        await page.GetByText("Provision: stuck@fibre.test").ClickAsync();
        await Expect(page.GetByTestId("run-status")).ToHaveTextAsync("Stuck");
        await Expect(page.GetByTestId("verdict")).ToContainTextAsync("Why it is stuck");
        await Expect(page.GetByTestId("still-held")).ToContainTextAsync("Activate the ONU");

        await page.GotoAsync("/provisioning/repairs");
        await page.GetByRole(AriaRole.Button, new() { Name = "Give up" }).ClickAsync();
        // Without a reason it is refused.
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByTestId("faults")).ToHaveTextAsync("Reason: This must be given.");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("The OLT was scrapped.");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByText("Nothing is stuck")).ToBeVisibleAsync();
        await page.GotoAsync($"/provisioning/runs/{stuck}");
        await Expect(page.GetByTestId("verdict")).ToContainTextAsync("The OLT was scrapped.");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
    }

    [PeerFact("chromium")]
    public async Task A_run_that_waits_for_a_silent_OLT_is_seen_live_and_cancelled_with_everything_undone()
    {
        await network.Browser.Database.ExecuteAsync("UPDATE pon_olts SET oper = 2");
        try
        {
            var run = await network.OrderAsync("late@fibre.test", "ALCL00000002");
            var page = await network.Browser.PageAsync();
            await using var _ = page.Context;
            await page.GotoAsync($"/provisioning/runs/{run}");
            await Expect(Step(page, "activate_onu")).ToContainTextAsync("Will be tried again", new() { Timeout = 60_000 });
            await Expect(Step(page, "activate_onu")).ToContainTextAsync("pon.olt_unreachable");
            await Expect(Step(page, "activate_onu")).ToContainTextAsync("look at its power, its uplink");
            await Expect(Step(page, "activate_onu").GetByTestId("next-attempt")).ToContainTextAsync("Next attempt");
            // No try may come between the click and the cancelling, which wakes the run.
            await network.Browser.Database.ExecuteAsync(
                "UPDATE saga_runs SET due_at = now() + interval '1 hour' WHERE id = @run",
                new { run }
            );
            await page.GetByRole(AriaRole.Button, new() { Name = "Cancel and undo" }).ClickAsync();
            await page.GetByTestId("confirm").ClickAsync();
            await network.Browser.Database.ExecuteAsync("UPDATE pon_olts SET oper = 0");
            await Expect(page.GetByTestId("run-status")).ToHaveTextAsync("Undone", new() { Timeout = 60_000 });
            await Expect(Step(page, "allocate_addresses")).ToHaveAttributeAsync("data-status", "undone");
            await Expect(Step(page, "mark_active")).ToContainTextAsync("Not reached");
            // The way back is told in its own order, last step first.
            var undone = page.GetByTestId("undo-step");
            await Expect(undone.Last).ToHaveAttributeAsync("data-step", "verify_customer_and_plan");
            await Expect(undone.Nth(await undone.CountAsync() - 2)).ToHaveAttributeAsync("data-step", "create_subscriber");
            await Expect(undone.Last).ToContainTextAsync("Undone");
            (await PagesTests.AxeAsync(page)).ShouldBeEmpty();

            // What was typed for it is there again, to be corrected and ordered as another order.
            await page.GetByRole(AriaRole.Link, new() { Name = "Correct and order again" }).ClickAsync();
            await Expect(page.GetByTestId("correcting")).ToBeVisibleAsync();
            await Expect(Field(page, "Username")).ToHaveValueAsync("late@fibre.test");
            await Expect(Field(page, "ONU serial")).ToHaveValueAsync("ALCL00000002");
            await Expect(Field(page, "Password")).ToHaveValueAsync("");
            await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
            await page.GetByTestId("provision").ClickAsync();
            await Expect(page).Not.ToHaveURLAsync(new Regex("from="));
            await Expect(page.GetByTestId("run-status")).ToHaveTextAsync("Completed", new() { Timeout = 60_000 });
            await Expect(page).Not.ToHaveURLAsync(new Regex(run.ToString()));
        }
        finally
        {
            await network.Browser.Database.ExecuteAsync("UPDATE pon_olts SET oper = 0");
        }
    }

    [PeerFact("chromium")]
    public async Task A_change_for_later_says_when_it_begins_then_for_whom_it_waits_and_is_cancelled()
    {
        await network.Browser.Database.ExecuteAsync("UPDATE tenants SET time_zone = 'Africa/Lagos' WHERE slug = 'default'");
        var first = await network.ProvisionAsync("later@fibre.test", "ALCL00000003");
        var faster = await network.Browser.Admin.PostAsync(
            "/api/v1/radius/bandwidth-profiles",
            new
            {
                name = "Fibre 300",
                download_rate_kbps = 300_000,
                upload_rate_kbps = 60_000,
            }
        );
        var wish = new { bandwidth_profile_id = faster.ShouldHave(HttpStatusCode.Created)["id"].GetGuid(), at = Later };
        var ordered = await network.Browser.Admin.PostAsync("/api/v1/subscribers/later@fibre.test/change-plan", wish);
        var run = ordered.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid();
        var page = await network.Browser.PageAsync();
        await using var _ = page.Context;
        var line = (await network.Browser.Admin.GetAsync("/api/v1/subscribers/later@fibre.test"))["id"].GetGuid();
        await page.GotoAsync($"/provisioning/runs?subject={line}&definition=change_plan");
        var waits = page.GetByTestId("run-waits");
        await Expect(waits).ToHaveTextAsync("Begins on 2031-07-01 10:30");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GotoAsync($"/provisioning/runs/{run}");
        await Expect(waits).ToHaveTextAsync("Begins on 2031-07-01 10:30");

        // Its time comes while another run, which is stuck, has the line.
        await network.PlantAsync(first, status: 6, step: "activate_onu", stepStatus: 8);
        await network.Browser.Database.ExecuteAsync(
            "UPDATE saga_runs SET not_before = clock_timestamp(), due_at = clock_timestamp() WHERE id = @run",
            new { run }
        );
        await Expect(waits).ToHaveTextAsync("Waits for “Provision” to end", new() { Timeout = 60_000 });
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await waits.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(first.ToString()));
        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel and undo" }).ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("run-status")).ToHaveTextAsync("Undone", new() { Timeout = 60_000 });
        await Expect(waits).ToHaveCountAsync(0);
        await network.Browser.Database.ExecuteAsync("UPDATE saga_runs SET status = 2 WHERE id = @first", new { first });
    }

    internal static ILocator Field(IPage page, string label) =>
        page.GetByRole(AriaRole.Textbox, new() { NameRegex = new Regex("^" + Regex.Escape(label)) }).First;

    private static ILocator Step(IPage page, string name) => page.Locator($"[data-testid=step][data-step={name}]");

    internal static async Task ChooseAsync(IPage page, string label, string option)
    {
        await page.GetByRole(AriaRole.Combobox, new() { NameRegex = new Regex("^" + Regex.Escape(label)) }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { NameRegex = new Regex(Regex.Escape(option)) }).First.ClickAsync();
    }

    /// <summary>A host with a plan, pools, a NAS, and a simulated OLT that sees ONUs.</summary>
    public sealed class Network : IAsyncLifetime
    {
        private Guid plan;

        public BrowserFixture Browser { get; } = new();

        public async Task InitializeAsync()
        {
            await Browser.InitializeAsync();
            plan = await ProvisioningGround.PrepareAsync(Browser.Admin);
            (
                await Browser.Admin.PostAsync(
                    "/api/v1/radius/nas",
                    new
                    {
                        nasname = "127.0.0.1",
                        shortname = "edge-1",
                        type = "other",
                        vendor = "mikrotik",
                        secret = Secret,
                    }
                )
            ).ShouldHave(HttpStatusCode.Created);
        }

        public Guid Plan => plan;

        public async Task<Guid> ProvisionAsync(string username, string? onu = null) =>
            await ProvisioningGround.ProvisionAsync(Browser.Admin, plan, username, onu);

        /// <summary>Orders a line and does not wait. Answers the run.</summary>
        public async Task<Guid> OrderAsync(string username, string onu) => (
                await Browser.Admin.PostAsync(
                    "/api/v1/provisioning/subscribers",
                    new
                    {
                        username,
                        plan_id = plan,
                        onu_serial = onu,
                    }
                )
            )["run_id"].GetGuid();

        /// <summary>Makes a run look as a failing system would have left it.</summary>
        public async Task PlantAsync(Guid run, int status, string step, int stepStatus)
        {
            await Browser.Database.ExecuteAsync(
                "UPDATE saga_steps SET status = @stepStatus, error_code = 'test.planted', error_message = 'The system did not answer.', "
                    + "undo_code = 'test.planted', undo_message = 'The system did not answer.' WHERE run_id = @run AND name = @step",
                new
                {
                    run,
                    step,
                    stepStatus,
                }
            );
            await Browser.Database.ExecuteAsync("UPDATE saga_runs SET status = @status WHERE id = @run", new { run, status });
        }

        public Task DisposeAsync() => Browser.DisposeAsync();
    }
}
