using System.Net;
using System.Text.RegularExpressions;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>What the AAA plane's pages are for, done in a browser: find a reject and its rule, see what a vendor is told, cap a volume, suspend.</summary>
public sealed class ExploreTests(PagesTests.Filled fixture) : IClassFixture<PagesTests.Filled>
{
    private const string Username = "dotted.name@test";

    [PeerFact("chromium")]
    public async Task A_reject_is_found_by_its_reason_and_explained_and_replayed()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/decisions");
        // The log is written behind the answer: the page asks again by itself.
        await page.GetByTestId("codes")
            .GetByRole(AriaRole.Button, new() { Name = "Wrong password" })
            .ClickAsync(new() { Timeout = 60_000 });
        await Expect(page).ToHaveURLAsync(new Regex("code=password.wrong"));
        var table = page.GetByRole(AriaRole.Table, new() { Name = "Rejects" });
        await Expect(table).ToContainTextAsync(Username);
        await table
            .GetByRole(AriaRole.Row)
            .Filter(new() { HasText = Username })
            .Filter(new() { HasText = "Wrong password" })
            .First.GetByRole(AriaRole.Link)
            .First.ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync($"Why {Username} was rejected");
        await Expect(page.GetByTestId("rule-login")).ToHaveTextAsync("Passed");
        await Expect(page.GetByTestId("rule-password")).ToHaveTextAsync("Failed here");
        await Expect(page.GetByTestId("rule-line")).ToHaveTextAsync("Not asked");
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync();
        await Expect(page.GetByTestId("replay")).ToContainTextAsync("The answer would be the same");
    }

    [PeerFact("chromium")]
    public async Task A_profile_shows_the_octets_that_each_vendor_is_sent()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/profiles");
        await page.GetByRole(AriaRole.Link, new() { Name = "Home 50" }).ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Huawei" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("vendor=huawei"));
        // 10 Mbit/s up comes in at the NAS: attribute 2 of vendor 2011 with 0x00989680.
        var preview = page.GetByTestId("preview");
        await Expect(preview).ToContainTextAsync("Huawei-Input-Average-Rate");
        await Expect(preview).ToContainTextAsync("1a0c000007db020600989680");
    }

    [PeerFact("chromium")]
    public async Task A_subscriber_is_given_a_line_a_cap_and_is_suspended()
    {
        (await fixture.Browser.Admin.PostAsync("/api/v1/subscribers", new { username = "line@test", password = "line-test-1" })).ShouldHave(
            HttpStatusCode.Created
        );
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/subscribers/line@test?edit=true");
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByRole(AriaRole.Textbox, new() { Name = "Circuit-Id" }).FillAsync("olt1 eth 0/1/3:101");
        await form.GetByRole(AriaRole.Textbox, new() { Name = "MAC address" }).FillAsync("not-a-mac");
        await form.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Textbox, new() { Name = "MAC address" })).ToHaveAttributeAsync("aria-invalid", "true");
        await form.GetByRole(AriaRole.Textbox, new() { Name = "MAC address" }).FillAsync("02-00-5E-00-00-77");
        await form.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Settings" })).ToContainTextAsync("02:00:5e:00:00:77");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Settings" })).ToContainTextAsync("olt1 eth 0/1/3:101");

        await page.GetByTestId("quota").GetByRole(AriaRole.Button, new() { Name = "Set a cap" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Volume (GB)" }).FillAsync("50");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByTestId("quota-used")).ToContainTextAsync("of 50.0 GB");

        await page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Suspend" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("invoice 2026-104 overdue");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("suspended")).ToContainTextAsync("invoice 2026-104 overdue");
        await Eventually.IsTrueAsync(
            async () => await fixture.Nas.AuthenticateAsync("line@test", "line-test-1") == PacketCode.AccessReject,
            "the suspended login is rejected"
        );
        await Expect(page.GetByTestId("decisions")).ToContainTextAsync("Subscriber is suspended", new() { Timeout = 60_000 });
    }

    [PeerFact("chromium")]
    public async Task Usage_upstreams_and_FreeRADIUS_do_their_main_job()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/usage?days=7");
        await Expect(page.GetByTestId("top")).ToContainTextAsync(Username, new() { Timeout = 60_000 });
        await Expect(page.GetByTestId("per-nas")).ToContainTextAsync("page-nas");
        await Expect(page.GetByTestId("series").GetByRole(AriaRole.Img).First).ToBeVisibleAsync();

        await page.GotoAsync("/upstreams");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add upstream" }).First.ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("roaming");
        await form.GetByLabel(new Regex("^Servers")).First.FillAsync("192.0.2.10");
        await page.Keyboard.PressAsync("Enter");
        await form.GetByRole(AriaRole.Textbox, new() { Name = "Secret" }).FillAsync("a-secret-of-ours");
        await form.GetByLabel(new Regex("^Realms")).First.FillAsync("roaming.example");
        await page.Keyboard.PressAsync("Enter");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Upstreams" })).ToContainTextAsync("192.0.2.10:1812");

        await page.GotoAsync("/freeradius");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep the tables" }).ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("freeradius")).ToContainTextAsync("Kept");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare now" }).ClickAsync();
        await Expect(page.GetByTestId("drift")).ToContainTextAsync("The tables are as they should be");
    }

    [PeerFact("chromium")]
    public async Task The_dictionary_says_what_an_attribute_is_and_NAS_safety_what_to_do()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/dictionary");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("Acct-Terminate-Cause");
        await page.GetByRole(AriaRole.Link, new() { Name = "Acct-Terminate-Cause" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("NAS-Reboot");
        await Expect(page).ToHaveURLAsync(new Regex("open=Acct-Terminate-Cause"));

        await page.GotoAsync("/nas-safety");
        var nas = page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Row).Filter(new() { HasText = "page-nas" });
        // It signed all it sent, so unsigned requests of it are refused by now.
        await Expect(nas).ToContainTextAsync("0 %", new() { Timeout = 60_000 });
        await nas.GetByRole(AriaRole.Link, new() { Name = "page-nas" }).ClickAsync();
        await Expect(page.GetByTestId("health")).ToContainTextAsync("Requests a second");
    }
}
