using System.Net;
using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>Findings that a person sees to, in Chromium: what two lines share, what was refused to somebody else; and the list's order.</summary>
public sealed class FindingPageTests(NetworkPagesTests.Plant fixture) : IClassFixture<NetworkPagesTests.Plant>
{
    [PeerFact("chromium")]
    public async Task What_two_lines_share_says_what_to_do_and_opens_the_form_for_it()
    {
        foreach (var (name, inner) in new[] { ("elder@shared", 1), ("younger@shared", 2) })
        {
            var line = new { service_vlan = 980, inner_vlan = inner };
            var made = new { username = name, password = "a-good-password-1" };
            (await fixture.Browser.Admin.PostAsync("/api/v1/subscribers", made)).ShouldHave(HttpStatusCode.Created);
            (await fixture.Browser.Admin.PutAsync($"/api/v1/network/subscribers/{name}/profile", line)).ShouldHave(HttpStatusCode.OK);
        }

        await fixture.Browser.Database.ExecuteAsync("UPDATE subscribers SET inner_vlan = 1 WHERE vlan_id = 980");
        (await fixture.Browser.Admin.PostAsync("/api/v1/reconciliation/runs")).ShouldHave(HttpStatusCode.OK);
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/reconciliation?kind=vlan_pair_shared");
        var row = page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("VLAN pair of two lines.*both have VLAN 980.1") });
        await row.GetByRole(AriaRole.Button, new() { Name = "Look" }).ClickAsync();
        var advice = page.GetByTestId("fix");
        await Expect(advice).ToContainTextAsync("What you can do");
        await Expect(advice).ToContainTextAsync(new Regex("Change the network of S-.*keeps what it has"));
        await Expect(page.GetByTestId("repair")).ToHaveCountAsync(0);
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByTestId("advised").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/subscribers/.*order=network"));
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("younger@shared");
    }

    [PeerFact("chromium")]
    public async Task Why_a_repair_was_refused_to_somebody_is_shown_to_everybody_and_the_order_of_the_list_stays_from_tab_to_tab()
    {
        var asked = new { findings = new[] { new { id = fixture.Finding, token = "as-it-was-yesterday" } } };
        (await fixture.Browser.Admin.PostAsync("/api/v1/reconciliation/repairs", asked)).ShouldHave(HttpStatusCode.Accepted);
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/reconciliation?kind=onu_without_owner&sort=subject_label");
        await Expect(page.GetByText(new Regex("Not repaired when .* asked for it"))).ToBeVisibleAsync();
        await page.GotoAsync($"/reconciliation?finding={fixture.Finding}&sort=subject_label");
        await Expect(page.GetByTestId("refused")).ToContainTextAsync("asked for it");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GotoAsync("/reconciliation?sort=subject_label");
        foreach (var tab in new[] { "Ignored", "Gone", "Open" })
        {
            await page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Tab, new() { Name = tab })).ToHaveAttributeAsync("aria-selected", "true");
            await Expect(page).ToHaveURLAsync(new Regex("sort=subject_label"));
        }
    }
}
