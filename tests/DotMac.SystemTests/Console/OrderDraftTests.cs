using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static DotMac.SystemTests.Console.ProvisioningTests;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>What was typed into the order form: kept for its tab alone, used up by its order, and never lost by one click.</summary>
public sealed class OrderDraftTests(ProvisioningTests.Network network) : IClassFixture<ProvisioningTests.Network>
{
    [PeerFact("chromium")]
    public async Task Two_tabs_are_two_orders_and_a_cleared_form_can_be_had_back()
    {
        var page = await network.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/provisioning/new");
        await ChooseAsync(page, "Plan", "Fibre 100");
        await Field(page, "Username").FillAsync("first-tab@fibre.test");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/provisioning/new");
        await Expect(Field(other, "Username")).ToHaveValueAsync("");
        await ChooseAsync(other, "Plan", "Fibre 100");
        await Field(other, "Username").FillAsync("second-tab@fibre.test");
        await other.WaitForTimeoutAsync(500);

        await page.ReloadAsync();
        await Expect(Field(page, "Username")).ToHaveValueAsync("first-tab@fibre.test");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start over" }).First.ClickAsync();
        await Expect(Field(page, "Username")).ToHaveValueAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(Field(page, "Username")).ToHaveValueAsync("first-tab@fibre.test");

        foreach (var tab in new[] { page, other })
        {
            await tab.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
            await tab.GetByTestId("provision").ClickAsync();
            await Expect(tab.GetByTestId("run-status")).ToHaveTextAsync("Completed", new() { Timeout = 60_000 });
        }

        // What was ordered is used up as a draft.
        await page.GotoAsync("/provisioning/new");
        await Expect(Field(page, "Username")).ToHaveValueAsync("");
        await Expect(page.GetByTestId("draft")).ToHaveCountAsync(0);
    }

    [PeerFact("chromium")]
    public async Task A_copied_tab_whose_key_was_used_keeps_its_fields_and_gets_a_key_of_its_own()
    {
        var page = await network.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/provisioning/new");
        await ChooseAsync(page, "Plan", "Fibre 100");
        await Field(page, "Username").FillAsync("copied@fibre.test");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        // The tab's copy was quicker: under the same key another order is there.
        await page.RouteAsync(
            "**/api/v1/provisioning/subscribers",
            async route =>
            {
                var key = route.Request.Headers["idempotency-key"];
                var copied = await page.Context.APIRequest.PostAsync(
                    "/api/v1/provisioning/subscribers",
                    new APIRequestContextOptions
                    {
                        DataObject = new { username = "copy@fibre.test", plan_id = network.Plan },
                        Headers = new Dictionary<string, string> { ["Idempotency-Key"] = key, ["X-CSRF"] = "1" },
                    }
                );
                copied.Status.ShouldBe(202, await copied.TextAsync());
                await route.ContinueAsync();
            }
        );
        await page.GetByTestId("provision").ClickAsync();
        await Expect(page.GetByTestId("problem")).ToContainTextAsync("idempotency.mismatch");
        await page.UnrouteAsync("**/api/v1/provisioning/subscribers");
        await Expect(Field(page, "Username")).ToHaveValueAsync("copied@fibre.test");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await page.GetByTestId("provision").ClickAsync();
        await Expect(page.GetByTestId("run-status")).ToHaveTextAsync("Completed", new() { Timeout = 60_000 });
    }
}
