using System.Net;
using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>The repair of many findings in Chromium: left again, reloaded, and too many for one go.</summary>
public sealed class RepairManyTests(NetworkPagesTests.Plant fixture) : IClassFixture<NetworkPagesTests.Plant>
{
    private const string Repairs = "SELECT count(*) FROM saga_runs WHERE definition = 'repair'";

    [PeerFact("chromium")]
    public async Task Who_goes_back_or_cancels_has_ordered_nothing_and_still_has_ticked_what_he_ticked()
    {
        await StraysAsync("AAAA", 3);
        var before = await fixture.Browser.Database.ScalarAsync<long>(Repairs);
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/reconciliation?q=AAAA0000");
        await TickAsync(page, "AAAA00000001");
        await TickAsync(page, "AAAA00000003");
        var dialog = page.GetByTestId("repair-many");
        var leave = new Func<Task>[]
        {
            () => page.GoBackAsync(),
            () => dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync(),
            () => page.Keyboard.PressAsync("Escape"),
        };
        foreach (var way in leave)
        {
            await page.GetByTestId("repair-these").ClickAsync();
            await Expect(dialog).ToContainTextAsync("2 findings are repaired");
            await Expect(page).ToHaveURLAsync(new Regex("ask=true"));
            await way();
            await Expect(dialog).ToHaveCountAsync(0);
            await Expect(page).ToHaveURLAsync(new Regex(@"/reconciliation\?q=AAAA0000$"));
            await Expect(page.GetByText("2 ticked")).ToBeVisibleAsync();
            await Expect(Box(page, "AAAA00000001")).ToBeCheckedAsync();
            await Expect(Box(page, "AAAA00000002")).Not.ToBeCheckedAsync();
            await Expect(Box(page, "AAAA00000003")).ToBeCheckedAsync();
        }

        // Forward is the same dialog again; an address alone asks for nothing.
        await page.GoForwardAsync();
        await Expect(dialog).ToContainTextAsync("2 findings are repaired");
        await page.ReloadAsync();
        await Expect(page.GetByTestId("repair-these")).ToHaveTextAsync("Repair these 3");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("latest-repair")).ToHaveCountAsync(0);
        (await fixture.Browser.Database.ScalarAsync<long>(Repairs)).ShouldBe(before);
        await ForgetAsync("AAAA");
    }

    [PeerFact("chromium")]
    public async Task What_was_not_begun_and_why_is_still_there_after_a_reload()
    {
        await StraysAsync("BBBB", 2);
        var page = await fixture.Browser.PageAsync(width: 390, scheme: ColorScheme.Dark);
        await using var _ = page.Context;
        await page.GotoAsync("/reconciliation?q=BBBB0000");
        await page.GetByTestId("repair-these").ClickAsync();
        await Expect(page.GetByTestId("repair-many")).ToContainTextAsync("2 findings are repaired");
        await GoneAsync("BBBB00000002");
        await page.GetByTestId("confirm").ClickAsync();
        var progress = page.GetByTestId("repair-progress");
        var sums = progress.GetByTestId("repair-sums");
        await Expect(sums).ToHaveTextAsync("1 not begun · 1 repaired", new() { Timeout = 60_000 });
        await Expect(page).ToHaveURLAsync(new Regex("repair=[0-9a-f-]{36}$"));
        await page.ReloadAsync();
        await Expect(sums).ToHaveTextAsync("1 not begun · 1 repaired");
        await Expect(progress).ToContainTextAsync("2 of 2 have ended");
        await Expect(Row(progress, "BBBB00000002")).ToContainTextAsync("finding.gone");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();

        // Also when it was closed; it is forgotten when that is said.
        await progress.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await page.ReloadAsync();
        var note = page.GetByTestId("latest-repair");
        await Expect(note).ToContainTextAsync(new Regex(@"from this tab, asked for at \d{4}-\d\d-\d\d \d\d:\d\d: 1 begun · 1 not begun"));
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await note.GetByRole(AriaRole.Button, new() { Name = "Look at it" }).ClickAsync();
        await Expect(Row(progress, "BBBB00000002")).ToContainTextAsync("Not begun");
        await progress.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await note.GetByRole(AriaRole.Button, new() { Name = "Forget this repair" }).ClickAsync();
        await Expect(note).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.GetByTestId("rhythm")).ToBeVisibleAsync();
        await Expect(note).ToHaveCountAsync(0);

        // Of a repair of which nothing was begun the API knows nothing at all.
        await StraysAsync("BBBB", 3);
        await page.GotoAsync("/reconciliation?q=BBBB00000003");
        await page.GetByTestId("repair-these").ClickAsync();
        await Expect(page.GetByTestId("repair-many")).ToContainTextAsync("One finding is repaired");
        await GoneAsync("BBBB00000003");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(sums).ToHaveTextAsync("1 not begun");
        await page.ReloadAsync();
        await Expect(sums).ToHaveTextAsync("1 not begun");
        await Expect(progress.GetByRole(AriaRole.Row)).ToContainTextAsync("finding.gone");
        await ForgetAsync("BBBB");
    }

    [PeerFact("chromium")]
    public async Task More_than_one_go_takes_are_sent_by_the_page_and_the_first_failure_ends_it_until_the_rest_is_sent()
    {
        const int many = 503;
        await StraysAsync("EEEE", many);
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        var goes = 0;
        await page.RouteAsync(
            "**/reconciliation/repairs",
            async route =>
            {
                // The second go is made, and its answer is lost.
                if (++goes == 2)
                {
                    await route.FetchAsync();
                    await route.AbortAsync();
                }
                else
                {
                    await route.ContinueAsync();
                }
            }
        );
        await page.GotoAsync("/reconciliation?q=EEEE0000");
        await page.GetByTestId("repair-these").ClickAsync();
        var dialog = page.GetByTestId("repair-many");
        await Expect(dialog).ToContainTextAsync("503 findings are repaired");
        await Expect(dialog).ToContainTextAsync("They are sent in goes of 500");
        await page.GetByTestId("confirm").ClickAsync();
        var progress = page.GetByTestId("repair-progress");
        var rest = progress.GetByTestId("not-sent");
        await Expect(rest).ToContainTextAsync("3 were not sent", new() { Timeout = 60_000 });
        await Expect(rest).ToContainTextAsync("The server did not answer");
        await page.ReloadAsync();
        await Expect(rest).ToContainTextAsync("3 were not sent");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await rest.GetByTestId("send-rest").ClickAsync();
        await Expect(progress).ToContainTextAsync("503 of 503 have ended", new() { Timeout = 120_000 });
        await Expect(progress.GetByTestId("repair-sums")).ToHaveTextAsync("503 repaired");
        await Expect(page).ToHaveURLAsync(new Regex(@"repair=[0-9a-f-]{36}\.[0-9a-f-]{36}$"));
        // The go whose answer was lost was not made twice.
        const string asked = Repairs + " AND input #>> '{facts,serial}' LIKE 'EEEE%'";
        (await fixture.Browser.Database.ScalarAsync<long>(asked)).ShouldBe(many);
        await ForgetAsync("EEEE");
    }

    private static ILocator Row(ILocator within, string serial) => within.GetByRole(AriaRole.Row, new() { NameRegex = new Regex(serial) });

    private static ILocator Box(IPage page, string serial) => page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new Regex(serial) });

    private static Task TickAsync(IPage page, string serial) => Box(page, serial).CheckAsync();

    /// <summary>So many ONUs that carry the service of nobody, and their findings; serials count in hexadecimal.</summary>
    private async Task StraysAsync(string vendor, int many)
    {
        await fixture.Browser.Database.ExecuteAsync(
            """
            INSERT INTO pon_onus (tenant_id, serial, olt_id, port, device_id, onu_number, admin, oper, owner_id, label, service_vlan, discovered_at, changed_at)
            SELECT tenant_id, @vendor || lpad(upper(to_hex(n)), 8, '0'), id, 0, gen_random_uuid(), (ascii(@vendor) - 64) * 1000 + n, 1, 2, gen_random_uuid(), 'S-000999',
                310, now(), now()
            FROM pon_olts, generate_series(1, @many) n
            ON CONFLICT DO NOTHING
            """,
            new { vendor, many }
        );
        (await fixture.Browser.Admin.PostAsync("/api/v1/reconciliation/runs")).ShouldHave(HttpStatusCode.OK);
    }

    private Task GoneAsync(string serial) =>
        fixture.Browser.Database.ExecuteAsync(
            "UPDATE reconciliation_findings SET gone_at = now() WHERE what LIKE '%' || @serial || '%'",
            new { serial }
        );

    private Task ForgetAsync(string vendor) =>
        fixture.Browser.Database.ExecuteAsync("DELETE FROM pon_onus WHERE serial LIKE @vendor || '%'", new { vendor });
}
