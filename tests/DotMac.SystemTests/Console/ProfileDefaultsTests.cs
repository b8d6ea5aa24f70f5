using System.Net;
using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>Defaults of network profiles in the browser: made, corrected, inherited, looked up, removed and brought back.</summary>
public sealed class ProfileDefaultsTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [PeerFact("chromium")]
    public async Task Defaults_are_made_for_all_and_for_a_plan_each_value_says_where_it_comes_from_and_a_removal_is_undone()
    {
        var plan = new
        {
            name = "Fibre default",
            download_rate_kbps = 100_000,
            upload_rate_kbps = 20_000,
        };
        (await fixture.Admin.PostAsync("/api/v1/radius/bandwidth-profiles", plan)).ShouldHave(HttpStatusCode.Created);
        await PoolAsync("everyone-v4", "10.91.0.0/24");
        await PoolAsync("fibre-v4", "10.92.0.0/24");
        var page = await fixture.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/provisioning/defaults");
        await Expect(page.GetByText("No defaults yet")).ToBeVisibleAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();

        // For all lines; all faults at once, each at its field.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add defaults" }).First.ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.Locator("[name=ipv4_pool]").FillAsync("everyone-v4");
        await form.Locator("[name=vlan_pool]").FillAsync(new string('x', 65));
        await form.Locator("[name=ipv6_pd_size]").FillAsync("12");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(form.GetByTestId("problem")).ToContainTextAsync("2 things to correct");
        await Expect(form.Locator("[name=vlan_pool]")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(form.Locator("[name=ipv6_pd_size]")).ToHaveAttributeAsync("aria-invalid", "true");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await form.Locator("[name=vlan_pool]").FillAsync("");
        await form.Locator("[name=ipv6_pd_size]").FillAsync("60");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(form).ToHaveCountAsync(0);

        // For a plan: what it does not say is shown where it would come from.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add defaults" }).First.ClickAsync();
        await form.GetByRole(AriaRole.Combobox, new() { Name = "Plan" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Fibre default" }).ClickAsync();
        await Expect(form.Locator("[name=ipv6_pd_size]")).ToHaveAttributeAsync("placeholder", "/60, from All lines");
        await form.Locator("[name=ipv4_pool]").FillAsync("fibre-v4");
        await form.GetByRole(AriaRole.Combobox, new() { Name = "Q-in-Q" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "On: two tags" }).ClickAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(form).ToHaveCountAsync(0);
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "fibre-v4" });
        await Expect(row).ToContainTextAsync("Prefix length: /60 from All lines");

        // A second one for the same plan is stopped before and by the server.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add defaults" }).First.ClickAsync();
        await form.GetByRole(AriaRole.Combobox, new() { Name = "Plan" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Fibre default" }).ClickAsync();
        await Expect(form).ToContainTextAsync("There are defaults for just these lines already.");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Combobox, new() { Name = "Plan" })).ToHaveAttributeAsync("aria-invalid", "true");
        await form.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByTestId("discard").ClickAsync();

        var asked = page.GetByTestId("try");
        await asked.GetByRole(AriaRole.Combobox, new() { Name = "Plan" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Fibre default" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("plan="));
        await Expect(page.GetByTestId("resolved-ipv4_pool")).ToContainTextAsync("fibre-v4from Fibre default");
        await Expect(page.GetByTestId("resolved-ipv6_pd_size")).ToContainTextAsync("/60from All lines");
        await Expect(page.GetByTestId("resolved-qinq_enabled")).ToContainTextAsync("On: two tags");
        await Expect(page.GetByTestId("resolved-option82_policy")).ToContainTextAsync("flag");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();

        // A field that is emptied is inherited from then on.
        await row.GetByRole(AriaRole.Button, new() { Name = "Change the defaults of Fibre default" }).ClickAsync();
        await form.Locator("[name=ipv4_pool]").FillAsync("");
        await form.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(form).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("resolved-ipv4_pool")).ToContainTextAsync("everyone-v4from All lines");

        // Removing says what new lines would get, and can be undone.
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the defaults of Fibre default" }).ClickAsync();
        await Expect(page.GetByTestId("becomes")).ToContainTextAsync("Q-in-Q: On: two tags → Off: one tag (built in)");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("resolved-qinq_enabled")).ToContainTextAsync("Off: one tag");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.GetByTestId("resolved-qinq_enabled")).ToContainTextAsync("On: two tagsfrom Fibre default");
    }

    [PeerFact("chromium")]
    public async Task Who_may_only_read_sees_the_defaults_and_no_way_to_change_them()
    {
        var page = await Person.OpenAsync(fixture, "defaults-reader@example.net", "read_only_auditor", width: 390);
        await using var _ = page.Context;
        await page.GotoAsync("/provisioning/defaults");
        await Expect(page.GetByTestId("resolved-ipv6_pd_size")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Add defaults" })).ToHaveCountAsync(0);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0);
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
    }

    private async Task PoolAsync(string name, string network)
    {
        var pool = new
        {
            name,
            type = "ipv4_private",
            network,
        };
        (await fixture.Admin.PostAsync("/api/v1/ipam/pools", pool)).ShouldHave(HttpStatusCode.Created);
    }
}
