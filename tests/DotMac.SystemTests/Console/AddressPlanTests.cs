using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>The address plan's pages in Chromium: clean in every view, and what they are for.</summary>
public sealed class AddressPlanTests(AddressPlanTests.Planned fixture) : IClassFixture<AddressPlanTests.Planned>
{
    private static readonly string[] Paths =
    [
        "/ipam",
        "/ipam?tab=pools",
        "/ipam?tab=addresses&ended=true",
        "/ipam?tab=vlans",
        "/ipam?tab=vlans&part=held",
        "/ipam?tab=vlans&part=list",
        "/ipam?tab=vlans&part=groups",
        "/ipam?tab=vrfs",
        "/ipam?tab=sites",
        "/ipam?tab=import",
        "/ipam?create=true",
        "/ipam?who=100.64.0.2",
        "/ipam/prefixes/{prefix}",
        "/ipam/prefixes/{prefix}?network=100.64.0.0/24",
    ];

    public static TheoryData<string, int> Views => PagesTests.ViewsOf(Paths);

    [PeerTheory("chromium")]
    [MemberData(nameof(Views))]
    public Task Renders_cleanly(string path, int width) =>
        PagesTests.CleanAsync(fixture.Browser, path.Replace("{prefix}", fixture.Prefix, StringComparison.Ordinal), path, width);

    [PeerFact("chromium")]
    public async Task A_prefix_is_opened_in_the_tree_and_its_map_looked_into_by_keys_alone()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/ipam");
        var tree = page.GetByRole(AriaRole.List, new() { Name = "Prefixes" });
        await tree.GetByRole(AriaRole.Link, new() { Name = "100.64.0.0/16" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("100.64.0.0/16");
        var map = page.GetByTestId("space-map");
        await Expect(map.GetByRole(AriaRole.Button)).ToHaveCountAsync(256);
        await Expect(map.GetByRole(AriaRole.Button).First).ToHaveAttributeAsync("aria-label", "100.64.0.0/24: 2 held, 1 kept, 1 set aside");
        await map.GetByRole(AriaRole.Button).First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(map.Locator(":focus")).ToHaveAttributeAsync("aria-label", "100.64.1.0/24: free");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("network="));
        await Expect(map.Locator("[data-index='1']")).ToHaveAttributeAsync("aria-label", "100.64.0.1/32: Set aside, gateway");
        await Expect(map.Locator("[data-index='2']")).ToHaveAttributeAsync("aria-label", "100.64.0.2/32: Held, SUB-2");
        await Expect(map.Locator("[data-index='4']")).ToHaveAttributeAsync("data-state", "reserved");
    }

    [PeerFact("chromium")]
    public async Task An_address_is_allocated_found_again_and_given_back()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/ipam?tab=addresses");
        await page.GetByRole(AriaRole.Button, new() { Name = "Allocate" }).First.ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByLabel("This address").FillAsync("100.64.9.9");
        await form.GetByLabel("For whom").FillAsync("probe-9");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        var list = page.GetByRole(AriaRole.Table, new() { Name = "Held addresses" });
        await Expect(list).ToContainTextAsync("100.64.9.9");

        await page.GetByLabel("Address or prefix").FillAsync("100.64.9.9");
        await page.GetByRole(AriaRole.Button, new() { Name = "Look up" }).ClickAsync();
        await Expect(page.GetByText("100.64.9.9 belongs to probe-9")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Release 100.64.9.9/32" }).ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByText("Nobody has 100.64.9.9")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Everybody who had it" })).ToContainTextAsync("probe-9");
    }

    [PeerFact("chromium")]
    public async Task Who_had_it_is_asked_in_the_tenants_zone_whatever_the_browsers_is()
    {
        // The browser is in UTC, the tenant's clock 13 h ahead of it.
        (await fixture.Browser.Admin.PatchAsync("/api/v1/tenant", new { time_zone = "Pacific/Tongatapu" })).ShouldHave(
            System.Net.HttpStatusCode.OK
        );
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/ipam?who=100.64.0.2");
        await page.GetByLabel("At the time (Pacific/Tongatapu)").FillAsync("2026-11-21T03:12");
        var asked = page.WaitForRequestAsync(new Regex("who-has"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Look up" }).ClickAsync();
        Uri.UnescapeDataString((await asked).Url).ShouldContain("at=2026-11-20T14:12:00.000Z");
        await Expect(page.GetByText("Nobody had 100.64.0.2 then")).ToBeVisibleAsync();

        // What is no moment is not asked for, and breaks nothing.
        await page.GotoAsync("/ipam?who=100.64.0.2&at=2026-13-99T77:00");
        await Expect(page.GetByText("100.64.0.2 belongs to SUB-2")).ToBeVisibleAsync();
    }

    [PeerFact("chromium")]
    public async Task A_prefix_shows_and_takes_of_its_own_table_alone()
    {
        var api = fixture.Browser.Admin;
        var vrf = (await api.PostAsync("/api/v1/ipam/vrfs", new { name = "Doubled" }).ShouldAsync(201))["id"].GetString();
        var ids = new Dictionary<string, string>();
        foreach (var (of, label) in new[] { (vrf, "inner"), (null, "outer") })
        {
            ids[label] = (await api.PostAsync("/api/v1/ipam/prefixes", new { prefix = "10.50.0.0/24", vrf_id = of }).ShouldAsync(201))["id"]
                .GetString()!;
            await api.PostAsync(
                    "/api/v1/ipam/allocate",
                    new
                    {
                        address = "10.50.0.1",
                        vrf_id = of,
                        label,
                    }
                )
                .ShouldAsync(201);
        }

        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        var list = page.GetByRole(AriaRole.Table, new() { Name = "Held addresses" });
        await page.GotoAsync($"/ipam/prefixes/{ids["outer"]}");
        await Expect(list).ToContainTextAsync("outer");
        await Expect(list).Not.ToContainTextAsync("inner");
        await page.GotoAsync($"/ipam/prefixes/{ids["inner"]}");
        await Expect(list).ToContainTextAsync("inner");
        await Expect(list).Not.ToContainTextAsync("outer");

        // The next free one of this prefix, in this table; the answer stays until it is put away.
        await page.GetByRole(AriaRole.Button, new() { Name = "Allocate", Exact = true }).First.ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByLabel("For whom").FillAsync("gateway-2");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(page.GetByTestId("taken")).ToContainTextAsync("10.50.0.2 is allocated");
        await Expect(page.GetByTestId("taken").GetByRole(AriaRole.Button, new() { Name = "Copy 10.50.0.2" })).ToBeVisibleAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        (await api.GetAsync("/api/v1/ipam/ip-addresses?q=gateway-2"))["items"][0].GetProperty("vrf").GetString().ShouldBe("Doubled");

        // A cell of the map tells who has it, or begins taking it.
        var map = page.GetByTestId("space-map");
        await map.Locator("[data-index='1']").ClickAsync();
        await Expect(form).ToContainTextAsync("inner");
        await page.Keyboard.PressAsync("Escape");
        await map.Locator("[data-index='7']").ClickAsync();
        await Expect(form.GetByLabel("This address")).ToHaveValueAsync("10.50.0.7");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(page.GetByTestId("taken")).ToContainTextAsync("10.50.0.7 is allocated");
    }

    [PeerFact("chromium")]
    public async Task A_level_of_the_tree_is_fetched_to_its_end_and_a_list_is_taken_away_as_a_file()
    {
        var api = fixture.Browser.Admin;
        await api.PostAsync("/api/v1/ipam/prefixes", new { prefix = "10.200.0.0/16", status = "container" }).ShouldAsync(201);
        await fixture.Browser.Database.ExecuteAsync(
            """
            INSERT INTO ipam_prefixes (tenant_id, id, network, status, created_at, updated_at)
            SELECT tenant_id, gen_random_uuid(), format('10.200.%s.0/24', n)::cidr, 1, now(), now()
            FROM ipam_prefixes, generate_series(0, 219) n WHERE network = '10.200.0.0/16'
            """
        );
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/ipam");
        var inside = page.GetByRole(AriaRole.List, new() { Name = "10.200.0.0/16" }).GetByRole(AriaRole.Link);
        await Expect(inside).ToHaveCountAsync(200);
        await page.GetByRole(AriaRole.Button, new() { Name = "More of 10.200.0.0/16" }).ClickAsync();
        await Expect(inside).ToHaveCountAsync(220);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "More of 10.200.0.0/16" })).ToBeHiddenAsync();

        await page.GotoAsync("/ipam?tab=pools&q=homes");
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Export CSV" }).ClickAsync());
        var lines = (await File.ReadAllTextAsync(await file.PathAsync())).Trim().Split("\r\n");
        lines.Length.ShouldBe(3);
        lines[0].ShouldContain("Name,Network,Utilisation");
        lines[1].ShouldContain("100.64.0.0/16");
    }

    [PeerFact("chromium")]
    public async Task A_file_is_tried_before_it_can_be_imported()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/ipam?tab=import");
        var import = page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true });
        await Expect(import).ToBeDisabledAsync();
        var text = page.GetByLabel("Or paste it here");
        await text.FillAsync("prefix,description\n10.77.0.0/16,Tried\n100.64.5.0/24,Overlaps\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        await Expect(page.GetByText("It overlaps 100.64.0.0/16")).ToBeVisibleAsync();
        await Expect(import).ToBeDisabledAsync();
        await text.FillAsync("prefix,description\n10.77.0.0/16,Tried\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        await Expect(page.GetByText("Nothing was written yet: 1 would be added")).ToBeVisibleAsync();
        await import.ClickAsync();
        await Expect(page.GetByText("1 were added")).ToBeVisibleAsync();
    }

    /// <summary>A host with a plan in it.</summary>
    public sealed class Planned : IAsyncLifetime
    {
        private const string Base = "/api/v1/ipam";

        public BrowserFixture Browser { get; } = new();

        public string Prefix { get; private set; } = "";

        public async Task InitializeAsync()
        {
            await Browser.InitializeAsync();
            var api = Browser.Admin;
            Task<ApiAnswer> AddAsync(string what, object body) => api.PostAsync($"{Base}/{what}", body).ShouldAsync(201);
            var site = (
                await AddAsync(
                    "sites",
                    new
                    {
                        name = "Ikeja POP",
                        latitude = 6.6,
                        longitude = 3.35,
                    }
                )
            )["id"].GetString();
            await AddAsync(
                "vrfs",
                new
                {
                    name = "Business",
                    rd = "64500:20",
                    description = "Customers' own networks",
                }
            );
            await AddAsync(
                "prefixes",
                new
                {
                    prefix = "100.64.0.0/10",
                    status = "container",
                    description = "Behind carrier-grade NAT",
                }
            );
            var pool = await AddAsync(
                "pools",
                new
                {
                    name = "homes",
                    type = "ipv4_private",
                    network = "100.64.0.0/16",
                    gateway = "100.64.0.1",
                    is_default = true,
                    site_id = site,
                }
            );
            Prefix = pool["prefix_id"].GetString()!;
            await AddAsync(
                "pools",
                new
                {
                    name = "homes-pd",
                    type = "ipv6_pd",
                    network = "2001:db8::/32",
                    is_default = true,
                }
            );
            await AddAsync(
                "pools",
                new
                {
                    name = "full",
                    type = "ipv4_public",
                    network = "203.0.113.0/30",
                }
            );
            await AddAsync(
                "vlan-pools",
                new
                {
                    name = "access",
                    is_qinq = true,
                    service_first = 100,
                    service_last = 119,
                }
            );
            await AddAsync(
                "vlans",
                new
                {
                    vid = 100,
                    name = "Homes north",
                    site_id = site,
                }
            );
            var first = await AddAsync(
                "allocate",
                new
                {
                    kind = "ipv4",
                    pool = "homes",
                    owner_id = Guid.NewGuid(),
                    label = "SUB-1",
                }
            );
            await api.DeleteAsync($"{Base}/ip-addresses/{first["id"].GetString()}").ShouldAsync(204);
            await AddAsync(
                "allocate",
                new
                {
                    kind = "ipv4",
                    pool = "homes",
                    owner_id = Guid.NewGuid(),
                    label = "SUB-2",
                }
            );
            await AddAsync(
                "allocate",
                new
                {
                    kind = "ipv4",
                    pool = "homes",
                    owner_id = Guid.NewGuid(),
                    label = "SUB-3",
                }
            );
            await AddAsync(
                "reservations",
                new
                {
                    kind = "ipv4",
                    pool = "homes",
                    label = "kept for SUB-4",
                }
            );
            await AddAsync(
                "allocate",
                new
                {
                    kind = "delegated_prefix",
                    owner_id = Guid.NewGuid(),
                    label = "SUB-2",
                }
            );
            await AddAsync("allocate", new { address = "203.0.113.1", label = "mail" });
            await AddAsync(
                "allocate",
                new
                {
                    address = "203.0.113.2",
                    label = "web",
                    dns_name = "www.example.net",
                }
            );
        }

        public Task DisposeAsync() => Browser.DisposeAsync();
    }
}
