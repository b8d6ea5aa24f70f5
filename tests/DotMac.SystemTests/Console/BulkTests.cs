using System.Net;
using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>Suspensions, a change of plan and a bulk operation, done in a browser.</summary>
public sealed class BulkTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [PeerFact("chromium")]
    public async Task A_line_is_shielded_and_suspended_for_a_reason_and_many_are_suspended_with_a_preview_and_undone()
    {
        var plans = new List<Guid>();
        foreach (var (name, rate) in new[] { ("Home slow", 10_000), ("Home fast", 90_000) })
        {
            var plan = new
            {
                name,
                download_rate_kbps = rate,
                upload_rate_kbps = 5_000,
            };
            plans.Add(
                (await fixture.Admin.PostAsync("/api/v1/radius/bandwidth-profiles", plan))
                    .ShouldHave(HttpStatusCode.Created)["id"]
                    .GetGuid()
            );
        }

        for (var i = 1; i <= 3; i++)
        {
            var body = new
            {
                username = $"many-{i}@test",
                password = "many-test-1",
                bandwidth_profile_id = plans[0],
            };
            (await fixture.Admin.PostAsync("/api/v1/subscribers", body)).ShouldHave(HttpStatusCode.Created);
        }

        var page = await fixture.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/subscribers/many-1@test");
        var card = page.GetByTestId("suspensions");
        await card.GetByRole(AriaRole.Button, new() { Name = "Shield the line" }).ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(card).ToContainTextAsync("Grace");
        await page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Suspend" }).ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Because of" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Non-payment" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Evidence" }).FillAsync("invoice 2026-104");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(card).ToContainTextAsync("held back by: Grace");
        await card.GetByRole(AriaRole.Button, new() { Name = "End: Grace" }).ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("suspended")).ToContainTextAsync("invoice 2026-104");
        await Expect(card).ToContainTextAsync("Sessions, ONU, billing and addresses follow.", new() { Timeout = 60_000 });

        await page.GotoAsync("/subscribers/many-2@test");
        await page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Change plan" }).ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "New plan" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Home fast" }).ClickAsync();
        await Expect(page.GetByTestId("plan-preview")).ToContainTextAsync("Then: Home fast, 90,000 / 5,000 kbit/s");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Settings" }))
            .ToContainTextAsync("Home fast", new() { Timeout = 60_000 });

        await page.GotoAsync("/bulk?create=true");
        var form = page.GetByRole(AriaRole.Dialog, new() { Name = "New operation" });
        await form.GetByRole(AriaRole.Textbox, new() { Name = "Name, number or address contains" }).FillAsync("many-");

        // What was filled in does not go by a stray key.
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Discard what you filled in?" })).ToBeVisibleAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep editing" }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Textbox, new() { Name = "Name, number or address contains" })).ToHaveValueAsync("many-");

        // A change of the network needs to be told what changes; the fault stands where it is told.
        await form.GetByRole(AriaRole.Combobox, new() { Name = "Operation" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Change network" }).ClickAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(form.GetByText("Say what is to change.")).ToBeVisibleAsync();
        await form.GetByRole(AriaRole.Textbox, new() { Name = "Service address" }).FillAsync("1 Marina, Lagos");
        await form.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.GetByTestId("confirm")).ToHaveTextAsync("Change network: 3 subscribers");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await form.GetByRole(AriaRole.Combobox, new() { Name = "Operation" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Suspend" }).ClickAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.GetByTestId("bulk-preview")).ToContainTextAsync("3 subscribers are meant");
        await Expect(page.GetByTestId("confirm")).ToHaveTextAsync("Suspend: 3 subscribers");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("job-progress")).ToContainTextAsync("3 of 3", new() { Timeout = 60_000 });
        // Each line of it leads to its run.
        await Expect(page.GetByTestId("job-items").GetByRole(AriaRole.Link, new() { NameRegex = new Regex("many-3@test") }))
            .ToHaveAttributeAsync("href", new Regex("/provisioning/runs/"));
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByTestId("job").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync(new() { Timeout = 60_000 });
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByText("Undoes another operation")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("job-progress")).ToContainTextAsync("3 of 3", new() { Timeout = 60_000 });
    }
}
