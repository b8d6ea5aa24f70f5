using System.Text.Json;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using Npgsql;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>A hundred thousand sessions online: every place of the list is reached at once, and scrolling costs what it costs with a thousand.</summary>
public sealed class ManySessionsTests(PagesTests.Filled fixture, ITestOutputHelper output) : IClassFixture<PagesTests.Filled>
{
    private const int Many = 100_000;

    private const string Fill = """
        INSERT INTO radacct (tenant_id, acctsessionid, acctuniqueid, username, nas_id, nasipaddress, acctstarttime, acctupdatetime,
            acctinputoctets, acctoutputoctets, framedipaddress, upload_bps, download_bps)
        SELECT n.tenant_id, 'many-' || g, md5('many' || g), 'many' || lpad(g::text, 6, '0') || '@test', n.id, '127.0.0.1', now(), now() + interval '1 hour',
            g, 2 * g, '10.0.0.0'::inet + g, g, 1000000 + g
        FROM generate_series(1, @many) g, (SELECT tenant_id, id FROM nas LIMIT 1) n
        """;

    private const int Frames = 120;

    /// <summary>
    /// Throws the scroll bar about, so that each frame shows other rows than the one before, and leaves it at the end; answers the longest frame in ms
    /// and the most rows that stood in the page at once.
    /// </summary>
    private const string Drag = """
        async frames => {
            const box = document.querySelector('section[tabindex="0"]');
            let last = performance.now(), longest = 0, most = 0;
            for (let i = 1; i <= frames; i++) {
                box.scrollTop = box.scrollHeight * ((37 * i) % frames || frames) / frames;
                await new Promise(requestAnimationFrame);
                const now = performance.now();
                longest = Math.max(longest, now - last);
                last = now;
                most = Math.max(most, document.querySelectorAll('tbody tr').length);
            }
            return { longest, most };
        }
        """;

    /// <summary>Changes of the last seconds come by the stream; these are old, so that the list is scrolled in quiet.</summary>
    private const string Settle = "UPDATE radacct_changes SET changed_at = changed_at - interval '1 minute'";

    [PeerFact("chromium")]
    public async Task A_hundred_thousand_sessions_scroll_sort_and_filter_without_a_stall()
    {
        await using (var connection = new NpgsqlConnection(fixture.Browser.Database.Owner))
        {
            await connection.OpenAsync();
            await using var fill = new NpgsqlCommand(Fill, connection);
            fill.Parameters.AddWithValue("many", Many);
            (await fill.ExecuteNonQueryAsync()).ShouldBe(Many);
            await using var settle = new NpgsqlCommand(Settle, connection);
            (await settle.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
        }

        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/sessions?sort=download_bps");
        await Expect(page.GetByTestId("session-count")).ToContainTextAsync("100,00");
        await Expect(Row(page, "dotted.name@test")).ToBeVisibleAsync();

        var all = await DragAsync(page);
        await Expect(Row(page, "many100000@test")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Filter sessions" }).FillAsync("many000");
        await Expect(page.GetByTestId("session-count")).ToHaveTextAsync("999 online");
        var hundredth = await DragAsync(page);
        await Expect(Row(page, "many000999@test")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Filter sessions" }).FillAsync("");
        await Expect(page.GetByTestId("session-count")).ToContainTextAsync("100,00");

        // Only what is in sight exists, and a frame costs no more for what is not. How long one lasts is the machine's affair as well.
        all.MostRows.ShouldBeLessThan(Frames);
        hundredth.MostRows.ShouldBeLessThan(Frames);
        all.ProcessorTime.ShouldBeLessThan(4 * hundredth.ProcessorTime);

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

    private async Task<(TimeSpan ProcessorTime, int MostRows)> DragAsync(IPage page)
    {
        var browser = await page.Context.NewCDPSessionAsync(page);
        await browser.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
        var before = await SpentAsync(browser);
        var dragged = await page.EvaluateAsync<JsonElement>(Drag, Frames);
        var spent = await SpentAsync(browser) - before;
        await browser.DetachAsync();
        var longest = dragged.GetProperty("longest").GetDouble();
        output.WriteLine($"{Frames} frames: {spent.TotalMilliseconds:0} ms of the page's thread, the longest frame {longest:0} ms");
        return (spent, dragged.GetProperty("most").GetInt32());
    }

    /// <summary>Processor time of the page's main thread so far.</summary>
    private static async Task<TimeSpan> SpentAsync(ICDPSession browser)
    {
        var metrics = (await browser.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray();
        return TimeSpan.FromSeconds(
            metrics.First(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble()
        );
    }

    private static ILocator Row(IPage page, string username) => page.Locator($"tr[data-username='{username}']").First;
}
