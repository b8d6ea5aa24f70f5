using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>A line's network profile in the console: made, refused, changed, its addresses moved, its history read; and the tenant's flags.</summary>
public sealed class LineProfileTests(PagesTests.Filled fixture) : IClassFixture<PagesTests.Filled>
{
    [PeerFact("chromium")]
    public async Task A_profile_is_made_corrected_allocated_and_remembered()
    {
        var admin = fixture.Browser.Admin;
        (await admin.PostAsync("/api/v1/subscribers", new { username = "line@console", password = "page-test-1" })).ShouldHave(
            System.Net.HttpStatusCode.Created
        );
        (
            await admin.PostAsync(
                "/api/v1/ipam/pools",
                new
                {
                    name = "console-v4",
                    type = "ipv4_private",
                    network = "10.90.0.0/29",
                }
            )
        ).ShouldHave(System.Net.HttpStatusCode.Created);
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/subscribers/line@console");
        var card = page.GetByTestId("network-profile");
        await Expect(card).ToContainTextAsync("No network profile yet");

        await card.GetByRole(AriaRole.Button, new() { Name = "Make profile" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByLabel("Circuit-Id").FillAsync("olt1 eth 0/1/3:101");
        await form.Locator("[name=service_vlan]").FillAsync("4095");
        await form.Locator("[name=inner_vlan]").FillAsync("7");
        await form.Locator("[name=static_ipv6]").FillAsync("fe80::1");
        await form.Locator("[name=ipv4_pool]").FillAsync("console-v4");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        // All faults at once, each at its field.
        await Expect(form.GetByTestId("problem")).ToContainTextAsync("2");
        await Expect(form).ToContainTextAsync("From 1 to 4094.");
        await Expect(form).ToContainTextAsync("No line can have this address");
        await form.Locator("[name=service_vlan]").FillAsync("101");
        await form.Locator("[name=static_ipv6]").FillAsync("");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(form).ToHaveCountAsync(0);
        await Expect(card).ToContainTextAsync("olt1 eth 0/1/3:101");
        await Expect(card.GetByTestId("life-ipv4")).ToContainTextAsync("pending");
        await Expect(card.GetByTestId("line-seen")).ToContainTextAsync("not checked yet");

        await card.GetByRole(AriaRole.Button, new() { Name = "Allocate IPv4" }).ClickAsync();
        await Expect(card.GetByTestId("life-ipv4")).ToContainTextAsync("allocated");
        await Expect(card).ToContainTextAsync("10.90.0.");
        await card.GetByRole(AriaRole.Button, new() { Name = "Activate IPv4" }).ClickAsync();
        await Expect(card.GetByTestId("life-ipv4")).ToContainTextAsync("active");

        await card.GetByRole(AriaRole.Button, new() { Name = "Change profile" }).ClickAsync();
        await form.Locator("[name=qinq_enabled]").PressAsync(" ");
        await form.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(form).ToHaveCountAsync(0);

        await card.GetByRole(AriaRole.Tab, new() { Name = "Sent" }).ClickAsync();
        await Expect(card).ToContainTextAsync("Framed-IP-Address");
        await Expect(card).ToContainTextAsync("Kept back now: Inner VLAN");
        await ShowAsync(page, "line-sent");

        await card.GetByRole(AriaRole.Tab, new() { Name = "History" }).ClickAsync();
        await Expect(card.GetByTestId("line-change").First).ToContainTextAsync("Q-in-Q");
        await Expect(card.GetByTestId("line-change").First).ToContainTextAsync(HostProcess.AdminEmail);
        await ShowAsync(page, "line-history");

        await card.GetByRole(AriaRole.Tab, new() { Name = "Wanted" }).ClickAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Revoke IPv4" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(card.GetByTestId("life-ipv4")).ToContainTextAsync("revoked");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
    }

    [PeerTheory("chromium")]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task The_editor_and_the_card_are_clean(int width, ColorScheme scheme)
    {
        var name = $"look{width}{(int)scheme}@console";
        var admin = fixture.Browser.Admin;
        await admin.PostAsync("/api/v1/subscribers", new { username = name, password = "page-test-1" });
        await admin.PutAsync(
            $"/api/v1/network/subscribers/{name}/profile",
            new
            {
                circuit_id = "olt1 eth 0/1/3:101",
                option82_policy = "enforce",
                service_vlan = 101,
                inner_vlan = width + (int)scheme,
                ipv6_assignment_mode = "dual_stack",
                delegated_ipv6_prefix = $"2001:db8:9{(width == 390 ? 1 : 0)}{(int)scheme}0::/56",
                nas_ipv4_pool = "residential",
            }
        );
        var page = await fixture.Browser.PageAsync(width: width, scheme: scheme);
        await using var _ = page.Context;
        await page.GotoAsync("/subscribers/" + name);
        var card = page.GetByTestId("network-profile");
        await Expect(card.GetByTestId("life-ipv6")).ToContainTextAsync("pending");
        await card.ScrollIntoViewIfNeededAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0);
        await ShowAsync(page, $"line-card-{width}-{scheme.ToString().ToLowerInvariant()}");
        await card.GetByRole(AriaRole.Button, new() { Name = "Change profile" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByLabel("Circuit-Id")).ToHaveValueAsync("olt1 eth 0/1/3:101");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await ShowAsync(page, $"line-editor-{width}-{scheme.ToString().ToLowerInvariant()}");
    }

    [PeerFact("chromium")]
    public async Task A_flag_is_switched_and_says_who_did_it()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/settings");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Flags" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("tab=flags"));
        var flag = page.GetByTestId("ENABLE_QINQ_PROVISIONING");
        await Expect(flag.GetByRole(AriaRole.Switch)).ToBeCheckedAsync(new() { Timeout = 60_000 });
        await Expect(flag).ToContainTextAsync("as installed");
        // It is asked once, with whom it is about; taken back, nothing changes.
        await flag.GetByRole(AriaRole.Switch).PressAsync(" ");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync(new Regex("line(s)? of this tenant"));
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(flag.GetByRole(AriaRole.Switch)).ToBeCheckedAsync();
        await flag.GetByRole(AriaRole.Switch).PressAsync(" ");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(flag.GetByRole(AriaRole.Switch)).Not.ToBeCheckedAsync();
        await Expect(flag).ToContainTextAsync(HostProcess.AdminEmail);
        await flag.GetByRole(AriaRole.Switch).PressAsync(" ");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(flag.GetByRole(AriaRole.Switch)).ToBeCheckedAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
    }

    private static async Task ShowAsync(IPage page, string name) =>
        await page.ScreenshotAsync(
            new PageScreenshotOptions { Path = Path.Combine(Workspace.Repository, ".artifacts", "screenshots", name + ".png") }
        );
}
