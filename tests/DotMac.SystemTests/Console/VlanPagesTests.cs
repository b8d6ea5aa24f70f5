using System.Net;
using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>VLANs in the browser: pools that run out and say so, who holds which, groups and what is written down of them.</summary>
public sealed class VlanPagesTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [PeerFact("chromium")]
    public async Task A_pool_is_made_fills_warns_and_tells_who_holds_which_vlan()
    {
        var plan = await ProvisioningGround.PrepareAsync(fixture.Admin);
        var page = await fixture.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/ipam?tab=vlans");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add VLAN pool" }).First.ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.Locator("[name=name]").FillAsync("tower-7");
        await form.Locator("[name=service_first]").FillAsync("4095");
        await form.Locator("[name=inner_first]").FillAsync("9");
        await form.Locator("[name=warn_percent]").FillAsync("101");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        foreach (var field in new[] { "service_first", "service_last", "inner_first", "warn_percent" })
        {
            await Expect(form.Locator($"[name={field}]")).ToHaveAttributeAsync("aria-invalid", "true");
        }

        await form.Locator("[name=service_first]").FillAsync("500");
        await form.Locator("[name=service_last]").FillAsync("501");
        await form.Locator("[name=inner_first]").FillAsync("");
        await form.Locator("[name=warn_percent]").FillAsync("50");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(form).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("vlan-alerts")).ToHaveCountAsync(0);

        var first = await LineAsync(plan, "vlan-1@test");
        await page.ReloadAsync();
        await Expect(page.GetByTestId("vlan-alerts")).ToContainTextAsync("tower-7 has room for 1 more of 2 lines");
        var second = await LineAsync(plan, "vlan-2@test");
        await page.ReloadAsync();
        await Expect(page.GetByTestId("vlan-alerts")).ToContainTextAsync("A VLAN pool has nothing left");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "tower-7" })).ToContainTextAsync("100 % used");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();

        // From the pool to its holders, from a holder to his line.
        await page.GetByRole(AriaRole.Table, new() { Name = "VLAN pools" })
            .GetByRole(AriaRole.Link, new() { Name = "tower-7" })
            .ClickAsync();
        var held = page.GetByRole(AriaRole.Table, new() { Name = "Who holds which" });
        await Expect(held.GetByRole(AriaRole.Link, new() { Name = first })).ToBeVisibleAsync();
        await Expect(held.GetByRole(AriaRole.Link, new() { Name = second })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "VLAN number" }).FillAsync("501");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "VLAN number" }).PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("vlan=501"));
        await Expect(page.GetByTestId("row-count")).ToHaveTextAsync("1 row");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await held.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByTestId("network-profile")).ToContainTextAsync("501");

        // Given back by hand: refused with the reason while the line carries it, then forced.
        await page.GotoAsync("/ipam?tab=vlans&part=held&vlan=501");
        await page.GetByRole(AriaRole.Button, new() { Name = "Release VLAN 501" }).ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("problem")).ToContainTextAsync("The line carries it");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Release it although the line carries it" }).CheckAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Release VLAN 501" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Former holders too" }).CheckAsync();
        await Expect(held.GetByRole(AriaRole.Row).Filter(new() { HasText = second })).ToContainTextAsync("tower-7");
    }

    [PeerFact("chromium")]
    public async Task A_list_is_sorted_by_its_headers_and_stays_so_in_its_address()
    {
        foreach (var (vid, name) in new[] { (901, "sorted-b"), (902, "sorted-a"), (903, "sorted-c") })
        {
            (await fixture.Admin.PostAsync("/api/v1/ipam/vlans", new { vid, name })).ShouldHave(HttpStatusCode.Created);
        }

        var page = await fixture.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/ipam?tab=vlans&part=list&q=sorted");
        var list = page.GetByRole(AriaRole.Table, new() { Name = "VLANs" });
        Task InOrderAsync(params string[] vids) => Expect(list.Locator("tbody tr td:first-child")).ToHaveTextAsync(vids);
        await InOrderAsync("901", "902", "903");
        await list.Locator("th").Filter(new() { HasText = "Name" }).ClickAsync();
        await InOrderAsync("902", "901", "903");
        await Expect(page).ToHaveURLAsync(new Regex("sort=name"));
        await list.Locator("th").Filter(new() { HasText = "Name" }).ClickAsync();
        await InOrderAsync("903", "901", "902");
        await page.ReloadAsync();
        await InOrderAsync("903", "901", "902");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();

        // Another list's sort in the address is none of this one's.
        await page.GotoAsync("/ipam?tab=vlans&part=list&q=sorted&sort=-rx_power_dbm");
        await InOrderAsync("901", "902", "903");
    }

    [PeerFact("chromium")]
    public async Task A_group_and_its_vlans_are_written_down_found_and_kept_while_in_use()
    {
        var page = await fixture.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/ipam?tab=vlans");
        await page.GetByRole(AriaRole.Radiogroup).GetByText("Groups").ClickAsync();
        await Expect(page.GetByText("No VLAN groups")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add VLAN group" }).First.ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.Locator("[name=name]").FillAsync("North switches");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(form).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Radiogroup).GetByText("VLANs").ClickAsync();
        for (var n = 1; n <= 2; n++)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Add VLAN" }).First.ClickAsync();
            await form.Locator("[name=vid]").FillAsync("310");
            await form.Locator("[name=name]").FillAsync("Homes north");
            await form.GetByRole(AriaRole.Combobox, new() { Name = "Group" }).ClickAsync();
            await page.GetByRole(AriaRole.Option, new() { Name = "North switches" }).ClickAsync();
            await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
            await Expect(form).ToHaveCountAsync(n - 1);
        }

        // The number stands once in its group: said at the field.
        await Expect(form.Locator("[name=vid]")).ToHaveAttributeAsync("aria-invalid", "true");
        await form.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByTestId("discard").ClickAsync();
        await page.GetByRole(AriaRole.Radiogroup).GetByText("Groups").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove North switches" }).ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("problem")).ToContainTextAsync("VLANs or pools are in it");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Link, new() { Name = "1", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table)).ToContainTextAsync("Homes north");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
    }

    [PeerFact("chromium")]
    public async Task Who_may_only_read_sees_vlans_on_a_phone_and_cannot_change_them()
    {
        var page = await Person.OpenAsync(fixture, "vlan-reader@example.net", "read_only_auditor", width: 390);
        await using var _ = page.Context;
        foreach (var part in new[] { "pools", "held", "list", "groups" })
        {
            await page.GotoAsync($"/ipam?tab=vlans&part={part}");
            await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "VLANs" })).ToBeVisibleAsync();
            await Expect(page.Locator(".mantine-Loader-root, .mantine-Skeleton-root")).ToHaveCountAsync(0);
            await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^(Add|Change|Remove|Release) ") }))
                .ToHaveCountAsync(0);
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0);
            (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        }
    }

    /// <summary>Provisions a line from the pool; answers its number.</summary>
    private async Task<string> LineAsync(Guid plan, string username)
    {
        var order = new
        {
            username,
            plan_id = plan,
            network_profile = new { vlan_pool = "tower-7" },
        };
        var answer = await fixture.Admin.PostAsync("/api/v1/provisioning/subscribers?wait=30", order);
        answer.ShouldHave(HttpStatusCode.Accepted);
        answer["status"].GetString().ShouldBe("completed");
        return (await fixture.Admin.GetAsync($"/api/v1/subscribers/{username}"))["subscriber_number"].GetString()!;
    }
}
