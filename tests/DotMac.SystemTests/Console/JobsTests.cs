using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>A job is put on a schedule, begun at once, and gone through in a chain; each shows the runs it began.</summary>
public sealed class JobsTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [PeerFact("chromium")]
    public async Task A_schedule_says_when_it_is_due_and_shows_the_run_it_began()
    {
        (await fixture.Admin.PatchAsync("/api/v1/tenant", new { time_zone = "Africa/Lagos" })).ShouldHave(System.Net.HttpStatusCode.OK);
        var page = await fixture.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/provisioning/jobs");
        await Expect(page.GetByText("Times are in Africa/Lagos")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New schedule" }).First.ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("Nightly proof");
        await form.GetByRole(AriaRole.Combobox, new() { NameRegex = new Regex("^Job") }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Prove the audit trail" }).ClickAsync();
        // A bad expression is refused at its field.
        var cron = form.GetByRole(AriaRole.Textbox, new() { NameRegex = new Regex("^Cron") });
        await cron.FillAsync("0 30 25 * * ?");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(cron).ToHaveAttributeAsync("aria-invalid", "true");
        await cron.FillAsync("0 30 2 * * ?");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();

        // Half past two in Lagos, whatever the server's clock is set to.
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("Nightly proof") })).ToContainTextAsync("02:30:00");
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("Nightly proof") }))
            .ToContainTextAsync("Every day at 02:30");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run now: Nightly proof" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Prove the audit trail");
        await page.GetByTestId("confirm").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Nightly proof" }).ClickAsync();
        await Expect(page.GetByTestId("next-times").GetByText("02:30:00")).ToHaveCountAsync(3);
        var history = page.GetByTestId("history");
        await Expect(history).ToContainTextAsync("Completed", new() { Timeout = 60_000 });
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await history.GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page.GetByTestId("run-status")).ToHaveTextAsync("Completed");
    }

    [PeerFact("chromium")]
    public async Task A_chain_does_its_jobs_in_order()
    {
        var page = await fixture.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/provisioning/jobs?tab=chains");
        await page.GetByRole(AriaRole.Button, new() { Name = "New chain" }).First.ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("Proof, then cleaning");
        await ChooseAsync(page, "Job 1", "Prove the audit trail");
        await form.GetByRole(AriaRole.Button, new() { Name = "One more job" }).ClickAsync();
        await ChooseAsync(page, "Job 2", "Forget old runs");
        await form.GetByRole(AriaRole.Textbox, new() { Name = "Older than, days" }).FillAsync("400");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Proof, then cleaning" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Go through it now" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Go through Proof, then cleaning now?" }))
            .ToContainTextAsync("Its 2 jobs begin at once");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("chain-run").First).ToHaveAttributeAsync("data-status", "completed", new() { Timeout = 60_000 });
        await Expect(page.GetByTestId("history").GetByRole(AriaRole.Link)).ToHaveCountAsync(2);
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
    }

    private static async Task ChooseAsync(IPage page, string label, string option)
    {
        await page.GetByRole(AriaRole.Combobox, new() { Name = label }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = option }).Last.ClickAsync();
    }
}
