using System.Text.Json;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>A hundred thousand sessions online: every place of the list is reached at once, and the page never stalls.</summary>
public sealed class ManySessionsTests(PagesTests.Filled fixture) : IClassFixture<PagesTests.Filled>
{
    private const int Many = 100_000;

    private const string Fill = """
        INSERT INTO radacct (tenant_id, acctsessionid, acctuniqueid, username, nas_id, nasipaddress, acctstarttime, acctupdatetime,
            acctinputoctets, acctoutputoctets, framedipaddress, upload_bps, download_bps)
        SELECT n.tenant_id, 'many-' || g, md5('many' || g), 'many' || lpad(g::text, 6, '0') || '@test', n.id, '127.0.0.1', now(), now() + interval '1 hour',
            g, 2 * g, '10.0.0.0'::inet + g, g, 1000000 + g
        FROM generate_series(1, @many) g, (SELECT tenant_id, id FROM nas LIMIT 1) n
        """;

    /// <summary>Drags the scroll bar from end to end in 120 frames; answers the longest frame and what stands at the end.</summary>
    private const string Drag = """
        async () => {
            const box = document.querySelector('section[tabindex="0"]');
            let last = performance.now(), longest = 0, most = 0;
            for (let i = 1; i <= 120; i++) {
                box.scrollTop = box.scrollHeight * i / 120;
                await new Promise(requestAnimationFrame);
                const now = performance.now();
                longest = Math.max(longest, now - last);
                last = now;
                most = Math.max(most, document.querySelectorAll('tbody tr').length);
            }
            return { longest, most };
        }
        """;

    [PeerFact("chromium")]
    public async Task A_hundred_thousand_sessions_scroll_sort_and_filter_without_a_stall()
    {
        await using (var connection = new NpgsqlConnection(fixture.Browser.Database.Owner))
        {
            await connection.OpenAsync();
            await using var fill = new NpgsqlCommand(Fill, connection);
            fill.Parameters.AddWithValue("many", Many);
            (await fill.ExecuteNonQueryAsync()).ShouldBe(Many);
        }

        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/sessions?sort=download_bps");
        await Expect(page.GetByTestId("session-count")).ToContainTextAsync("100,00");
        await Expect(Row(page, "dotted.name@test")).ToBeVisibleAsync();

        var dragged = await page.EvaluateAsync<JsonElement>(Drag);
        // The browser's own limit of what a person calls a stall; a test machine is busy with other things too.
        dragged.GetProperty("longest").GetDouble().ShouldBeLessThan(1_000);
        // Only what is in sight exists.
        dragged.GetProperty("most").GetInt32().ShouldBeLessThan(120);
        await Expect(Row(page, "many100000@test")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Traffic" }).ClickAsync();
        await Expect(page.GetByTestId("session-row").Nth(0))
            .ToHaveAttributeAsync("data-username", new System.Text.RegularExpressions.Regex("."));
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("sort=-traffic"));

        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Filter sessions" }).FillAsync("many04242");
        await Expect(page.GetByTestId("session-count")).ToHaveTextAsync("10 online");
        await Expect(Row(page, "many042425@test")).ToBeVisibleAsync();

        // What begins now comes by the stream, first, into the list that is in no order but the newest first.
        await page.GotoAsync("/sessions");
        await Expect(page.GetByTestId("live-mark")).ToHaveAttributeAsync("data-state", "live");
        await Expect(page.GetByTestId("session-row").First).ToBeVisibleAsync();
        await fixture.Nas.AccountAsync("Start", "dotted.name@test", "many-now");
        await Expect(page.GetByTestId("session-row").First).ToHaveAttributeAsync("data-username", "dotted.name@test");
    }

    private static ILocator Row(IPage page, string username) => page.Locator($"tr[data-username='{username}']").First;
}
