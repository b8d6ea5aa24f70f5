using System.Net;
using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>The fibre access, the findings and the choice of drivers in Chromium: clean in every view, and what they are for.</summary>
public sealed class NetworkPagesTests(NetworkPagesTests.Plant fixture) : IClassFixture<NetworkPagesTests.Plant>
{
    private static readonly string[] Paths =
    [
        "/pon",
        "/pon?tab=discovered",
        "/pon?tab=olts",
        "/pon?tab=alarms&all=true",
        "/pon/olts/{olt}",
        "/pon/onus/DMAC0A0A0001",
        "/reconciliation",
        "/reconciliation?finding={finding}",
        "/systems",
    ];

    public static TheoryData<string, int> Views => PagesTests.ViewsOf(Paths);

    [PeerTheory("chromium")]
    [MemberData(nameof(Views))]
    public Task Renders_cleanly(string path, int width) =>
        PagesTests.CleanAsync(
            fixture.Browser,
            path.Replace("{olt}", fixture.Olt, StringComparison.Ordinal).Replace("{finding}", fixture.Finding, StringComparison.Ordinal),
            path,
            width,
            async page =>
            {
                if (path.StartsWith("/pon", StringComparison.Ordinal))
                {
                    await Expect(page.GetByTestId("simulated").First).ToBeVisibleAsync();
                }
            }
        );

    [PeerFact("chromium")]
    public async Task A_discovered_onu_is_given_to_a_subscriber_in_two_clicks()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/pon?tab=discovered");
        await page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("DMAC0A0A0002") })
            .GetByRole(AriaRole.Button, new() { Name = "Provision" })
            .ClickAsync();
        // Who has an ONU, or is not in service, is not offered, however many there are.
        await Expect(page.GetByTestId("candidates").GetByRole(AriaRole.Radio)).ToHaveCountAsync(1);
        await page.GetByTestId("candidates").GetByLabel(new Regex("second@pon")).CheckAsync();
        await page.GetByTestId("provision").ClickAsync();
        await Expect(page.GetByText("DMAC0A0A0002 is being activated.")).ToBeVisibleAsync();
        // It goes on where the run tells how it goes.
        await Expect(page).ToHaveURLAsync(new Regex("/provisioning/runs/"));
        await page.GotoAsync("/pon/onus/DMAC0A0A0002");
        await Expect(page.GetByTestId("onu-state")).ToHaveTextAsync("Online", new() { Timeout = 60_000 });
    }

    [PeerFact("chromium")]
    public async Task Every_onu_of_an_olt_is_reached_by_page_port_state_and_search()
    {
        await fixture.CrowdAsync(60);
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync($"/pon/olts/{fixture.Olt}?q=CCCC");
        var list = page.GetByRole(AriaRole.Table, new() { Name = "ONUs" });
        await Expect(list.GetByText("CCCC00000001")).ToBeVisibleAsync();
        await Expect(list.GetByText("CCCC0000003B")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Next page" }).ClickAsync();
        await Expect(list.GetByText("CCCC0000003B")).ToBeVisibleAsync();

        // A port's number shows those on it; the page begins anew.
        await page.GetByRole(AriaRole.Table, new() { Name = "Ports" }).GetByRole(AriaRole.Link, new() { Name = "pon-1" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"\?port=1$"));
        await Expect(list.GetByText("pon-1").First).ToBeVisibleAsync();
        await Expect(list.GetByText("pon-0")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Combobox, new() { Name = "State" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "No light" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("oper=loss_of_signal"));
        await Expect(list.GetByText("DMAC0A0A0003")).ToBeVisibleAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await fixture.Browser.Database.ExecuteAsync("DELETE FROM pon_onus WHERE serial LIKE 'CCCC%'");
    }

    [PeerFact("chromium")]
    public async Task An_alarm_is_cleared_only_when_it_is_confirmed_with_a_note()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/pon?tab=alarms");
        var row = page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("DMAC0A0A0003") }).First;
        await row.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("although the network has not said that it is over");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(row).ToContainTextAsync("Open");
        await row.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await dialog.GetByLabel("Note").FillAsync("Splicer is on the way");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(row).ToContainTextAsync("Splicer is on the way");
        await Expect(row).ToContainTextAsync("Acknowledged by");
    }

    [PeerFact("chromium")]
    public async Task Home_tells_of_open_alarms_and_differences_and_leads_to_them()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/");
        var attention = page.GetByTestId("attention");
        await Expect(attention.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("found by reconciliation") })).ToBeVisibleAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await attention.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("alarm(s)? on the fibre") }).First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("tab=alarms&severity="));
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("DMAC0A0A0003") }).First).ToBeVisibleAsync();

        // A difference is found by what it is about.
        await page.GotoAsync("/reconciliation?q=DMAC0A0A0005");
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("DMAC0A0A0005") }).First).ToBeVisibleAsync();
        await page.GotoAsync("/reconciliation?q=nothing-is-called-so");
        await Expect(page.GetByText("Nothing matches these filters")).ToBeVisibleAsync();
    }

    [PeerFact("chromium")]
    public async Task Activating_by_itself_is_asked_before_it_is_switched_on()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/pon?tab=discovered");
        var box = page.GetByLabel("Activate ONUs by themselves when their serial stands on a subscriber");
        await box.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("without asking");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(box).Not.ToBeCheckedAsync();
        await box.ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(box).ToBeCheckedAsync();
        await box.ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(box).Not.ToBeCheckedAsync();
    }

    [PeerFact("chromium")]
    public async Task A_finding_is_repaired_as_it_is_shown()
    {
        await fixture.StrayAsync("DMAC0A0A0004");
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/reconciliation");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare now" }).ClickAsync();
        await page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("DMAC0A0A0004") })
            .GetByRole(AriaRole.Button, new() { Name = "Look" })
            .ClickAsync();
        await Expect(page.GetByTestId("fix")).ToContainTextAsync("Take the service off DMAC0A0A0004");
        await page.GetByTestId("repair").ClickAsync();
        await Expect(page.GetByText(new Regex("Repaired by"))).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    [PeerFact("chromium")]
    public async Task Findings_are_repaired_in_one_go_and_each_is_told_of()
    {
        string[] serials = ["DMAC0B0B0001", "DMAC0B0B0002", "DMAC0B0B0003", "DMAC0B0B0004"];
        foreach (var serial in serials)
        {
            (
                await fixture.Browser.Admin.PutAsync(
                    $"/api/v1/pon/simulator/onus/{serial}",
                    new
                    {
                        olt_id = fixture.Olt,
                        port = 1,
                        distance_m = 700,
                    }
                )
            ).ShouldHave(HttpStatusCode.OK);
            await fixture.StrayAsync(serial);
        }

        (await fixture.Browser.Admin.PostAsync("/api/v1/reconciliation/runs")).ShouldHave(HttpStatusCode.OK);

        // Who may steer, and not the OLT, is told what is lacking, and can tick nothing.
        var role = new
        {
            name = "onlooker",
            permissions = new[] { "dashboard.read", "isp.oss.read", "isp.oss.configure", "isp.radius.read" },
        };
        (await fixture.Browser.Admin.PostAsync("/api/v1/roles", role)).ShouldHave(HttpStatusCode.Created);
        var other = await Person.OpenAsync(fixture.Browser, "onlooker@example.net", "onlooker");
        await using (other.Context)
        {
            await other.GotoAsync("/reconciliation?q=DMAC0B0B");
            await Expect(other.GetByRole(AriaRole.Checkbox, new() { NameRegex = new Regex("DMAC0B0B0001") })).ToBeDisabledAsync();
            await other.GetByTestId("repair-these").ClickAsync();
            var told = other.GetByTestId("repair-many");
            await Expect(told).ToContainTextAsync("Nothing of this can be repaired from here.");
            await Expect(told.GetByTestId("not-repaired"))
                .ToContainTextAsync("4 × ONU without owner: you lack the permission isp.network.pon.write.");
            await Expect(other.GetByTestId("confirm")).ToHaveCountAsync(0);
            (await PagesTests.AxeAsync(other)).ShouldBeEmpty();
        }

        var page = await fixture.Browser.PageAsync(width: 390, scheme: ColorScheme.Dark);
        await using var _ = page.Context;
        await page.GotoAsync("/reconciliation?q=DMAC0B0B");
        await Expect(page.GetByTestId("repair-these")).ToHaveTextAsync("Repair these 4");
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new Regex("DMAC0B0B0004") }).CheckAsync();
        await Expect(page.GetByText("1 ticked")).ToBeVisibleAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await page.GetByTestId("repair-these").ClickAsync();
        var dialog = page.GetByTestId("repair-many");
        await Expect(dialog).ToContainTextAsync("One finding is repaired");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Untick" }).ClickAsync();
        await page.GetByTestId("repair-these").ClickAsync();
        await Expect(dialog).ToContainTextAsync("4 findings are repaired, each by a run of its own");
        await dialog.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("4 × ONU without owner") }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Take the service off DMAC0B0B0003; it is discovered again by its light.");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await fixture.FreeAsync("DMAC0B0B0002");
        await page.GetByTestId("confirm").ClickAsync();
        var progress = page.GetByTestId("repair-progress");
        await Expect(progress).ToContainTextAsync("4 of 4 have ended", new() { Timeout = 60_000 });
        await Expect(progress.GetByTestId("repair-sums")).ToHaveTextAsync("3 repaired · 1 gone by itself");
        await Expect(progress.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("DMAC0B0B0002") }))
            .ToContainTextAsync("Gone by itself");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();

        // It is found again by its address, and from each of its runs.
        await page.ReloadAsync();
        await Expect(progress.GetByTestId("repair-sums")).ToHaveTextAsync("3 repaired · 1 gone by itself");
        await progress.GetByRole(AriaRole.Link, new() { Name = "Its runs" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/provisioning/runs\\?parent="));
        await page.GotoAsync("/reconciliation?q=DMAC0B0B");
        await Expect(page.GetByText("Nothing matches these filters")).ToBeVisibleAsync();
    }

    [PeerFact("chromium")]
    public async Task How_often_it_compares_by_itself_is_seen_refused_and_changed()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/reconciliation?state=ignored");
        await Expect(page.GetByText("Nothing is ignored")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("rhythm")).ToContainTextAsync("min by itself");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.Locator("[name=every_minutes]").FillAsync("9999");
        await form.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(form.Locator("[name=every_minutes]")).ToHaveAttributeAsync("aria-invalid", "true");
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await form.Locator("[name=every_minutes]").FillAsync("45");
        await form.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByTestId("rhythm")).ToContainTextAsync("Compares every 45 min by itself.");
    }

    [PeerFact("chromium")]
    public async Task A_driver_is_chosen_and_taken_back()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/systems");
        var card = page.GetByTestId("system-acs");
        await Expect(card).ToContainTextAsync("default");
        await Expect(page.GetByTestId("system-pon").GetByTestId("simulated")).ToBeVisibleAsync();
    }

    /// <summary>An OLT with ONUs in every state, history, an alarm, and a finding.</summary>
    public sealed class Plant : IAsyncLifetime
    {
        public BrowserFixture Browser { get; } = new();

        public string Olt { get; private set; } = "";

        public string Finding { get; private set; } = "";

        public async Task InitializeAsync()
        {
            await Browser.InitializeAsync();
            var admin = Browser.Admin;
            var profile = (
                await admin.PostAsync(
                    "/api/v1/radius/bandwidth-profiles",
                    new
                    {
                        name = "fibre 100",
                        download_rate_kbps = 100_000,
                        upload_rate_kbps = 40_000,
                    }
                )
            ).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
            Olt = (await admin.PostAsync("/api/v1/pon/simulator/olts", new { name = "olt-harbour", site = "Harbour" }))
                .ShouldHave(HttpStatusCode.Created)["id"]
                .GetString()!;
            var homes = new List<Guid>();
            foreach (var name in new[] { "first@pon", "second@pon", "third@pon" })
            {
                var body = new
                {
                    username = name,
                    password = "a-good-password-1",
                    bandwidth_profile_id = profile,
                    vlan_id = 210,
                };
                homes.Add((await admin.PostAsync("/api/v1/subscribers", body)).ShouldHave(HttpStatusCode.Created)["id"].GetGuid());
            }

            for (var i = 1; i <= 5; i++)
            {
                var serial = $"DMAC0A0A000{i}";
                (
                    await admin.PutAsync(
                        $"/api/v1/pon/simulator/onus/{serial}",
                        new
                        {
                            olt_id = Olt,
                            port = i % 2,
                            distance_m = i * 900,
                        }
                    )
                ).ShouldHave(HttpStatusCode.OK);
            }

            await AttachAsync("DMAC0A0A0001", homes[0]);
            await AttachAsync("DMAC0A0A0003", homes[2]);
            (await admin.PostAsync("/api/v1/pon/simulator/onus/DMAC0A0A0003/cut-fibre")).ShouldHave(HttpStatusCode.OK);
            await Browser.Database.ExecuteAsync(
                """
                INSERT INTO pon_optics (tenant_id, serial, at, rx_power_dbm, tx_power_dbm, olt_rx_dbm, temperature_c)
                SELECT tenant_id, 'DMAC0A0A0001', now() - n * interval '10 minutes', -17.5 + sin(n / 9.0) * 0.6, 2.3, -18.9 + cos(n / 7.0) * 0.4, 44
                FROM pon_olts, generate_series(1, 140) n
                """
            );
            await StrayAsync("DMAC0A0A0005");
            (await admin.PostAsync("/api/v1/reconciliation/runs")).ShouldHave(HttpStatusCode.OK);
            Finding = (await admin.GetAsync("/api/v1/reconciliation/findings?kind=onu_without_owner"))["items"]
                [0]
                .GetProperty("id")
                .GetString()!;
        }

        /// <summary>An ONU whose owner nobody knows.</summary>
        public Task StrayAsync(string serial) =>
            Browser.Database.ExecuteAsync(
                "UPDATE pon_onus SET owner_id = gen_random_uuid(), admin = 1, oper = 2, label = 'S-000999', service_vlan = 310 WHERE serial = @serial",
                new { serial }
            );

        /// <summary>It is put right by hand: nobody's again.</summary>
        public Task FreeAsync(string serial) =>
            Browser.Database.ExecuteAsync(
                "UPDATE pon_onus SET owner_id = NULL, admin = 0, oper = 0, label = NULL, service_vlan = NULL WHERE serial = @serial",
                new { serial }
            );

        /// <summary>Many more ONUs on the first port, all dark.</summary>
        public Task CrowdAsync(int many) =>
            Browser.Database.ExecuteAsync(
                """
                INSERT INTO pon_onus (tenant_id, serial, olt_id, port, device_id, onu_number, admin, oper, owner_id, discovered_at, changed_at)
                SELECT tenant_id, 'CCCC' || lpad(upper(to_hex(n)), 8, '0'), id, 0, gen_random_uuid(), 60 + n, 2, 5, gen_random_uuid(), now(), now()
                FROM pon_olts, generate_series(1, @many) n
                """,
                new { many }
            );

        public Task DisposeAsync() => Browser.DisposeAsync();

        private async Task AttachAsync(string serial, Guid subscriber)
        {
            var begun = (
                await Browser.Admin.PostAsync($"/api/v1/pon/onus/{serial}/provision", new { subscriber_id = subscriber })
            ).ShouldHave(HttpStatusCode.Accepted);
            (await Browser.Admin.GetAsync(begun.Headers.Location!.ToString())).ShouldHave(HttpStatusCode.OK);
            await Eventually.IsTrueAsync(
                async () =>
                    await Browser.Database.ScalarAsync<long>(
                        "SELECT count(*) FROM pon_onus WHERE serial = @serial AND oper = 2 AND admin = 1",
                        new { serial }
                    ) == 1,
                "the ONU is online"
            );
        }
    }
}
