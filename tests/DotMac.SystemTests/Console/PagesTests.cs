using System.Text.Json;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>
/// Every page, wide and on a phone, light and dark: it renders without an error in the browser's console, has one main heading, does not
/// scroll sideways, and axe (WCAG 2.2 AA) finds nothing. A screenshot of each goes to the artifacts for people to look at.
/// </summary>
public sealed class PagesTests(PagesTests.Filled fixture) : IClassFixture<PagesTests.Filled>
{
    private static readonly string[] Paths =
    [
        "/",
        "/subscribers",
        "/subscribers/dotted.name@test",
        "/sessions",
        "/sessions/{session}",
        "/auth-test",
        "/decisions",
        "/decisions/{decision}",
        "/usage?days=7",
        "/profiles/{profile}",
        "/upstreams",
        "/freeradius",
        "/nas/{nas}",
        "/nas/groups",
        "/nas-safety",
        "/coa",
        "/coa?create=true",
        "/provisioning/new",
        "/provisioning/runs",
        "/provisioning/runs/{run}",
        "/provisioning/repairs",
        "/provisioning/defaults",
        "/provisioning/defaults?create=true",
        "/provisioning/jobs",
        "/provisioning/jobs?create=true",
        "/bulk",
        "/bulk?create=true",
        "/dictionary?kind=vendor&q=mikrotik",
        "/nas",
        "/profiles",
        "/users",
        "/roles",
        "/audit",
        "/settings",
        "/settings?tab=radius",
        "/settings?tab=flags",
        "/account",
        "/platform/tenants",
    ];

    public static TheoryData<string, int> Views => ViewsOf(Paths);

    /// <summary>Each path, wide and on a phone.</summary>
    internal static TheoryData<string, int> ViewsOf(IEnumerable<string> paths)
    {
        var views = new TheoryData<string, int>();
        foreach (var path in paths)
        {
            views.Add(path, 1440);
            views.Add(path, 390);
        }

        return views;
    }

    [PeerTheory("chromium")]
    [MemberData(nameof(Views))]
    public async Task Renders_cleanly(string path, int width) =>
        await CleanAsync(fixture.Browser, await fixture.FillAsync(path), path, width);

    /// <summary>
    /// Opens the page and insists on all of it, light and dark: wide it is loaded light and turns dark while it is open, as it does when the
    /// system's evening comes; on the phone it is loaded dark and turns light.
    /// </summary>
    internal static Task CleanAsync(BrowserFixture browser, string address, string path, int width, Func<IPage, Task>? more = null)
    {
        var (first, second) = width < 500 ? (ColorScheme.Dark, ColorScheme.Light) : (ColorScheme.Light, ColorScheme.Dark);
        return browser.LookAsync(
            width,
            first,
            async (page, errors) =>
            {
                await page.GotoAsync(address);
                await CleanAsync(page, errors, path, width, first);
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = second });
                await CleanAsync(page, errors, path, width, second);
                if (more is not null)
                {
                    await more(page);
                }
            }
        );
    }

    private static async Task CleanAsync(IPage page, List<string> errors, string path, int width, ColorScheme scheme)
    {
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
        await Expect(page.Locator(".mantine-Loader-root, .mantine-Skeleton-root")).ToHaveCountAsync(0);
        var name = scheme.ToString().ToLowerInvariant();
        await Expect(page.Locator($"html[data-mantine-color-scheme={name}]")).ToHaveCountAsync(1);
        await ScreenshotAsync(page, path, width, scheme);

        errors.ShouldBeEmpty();
        var sideways = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        sideways.ShouldBe(0, $"{path} scrolls sideways at {width} px, {name}");
        (await AxeAsync(page)).ShouldBeEmpty($"{path} at {width} px, {name}");
    }

    [PeerFact("chromium")]
    public async Task The_sign_in_page_is_clean_and_says_what_is_wrong()
    {
        var page = await fixture.Browser.PageAsync(signedIn: false, width: 390);
        await using var _ = page.Context;
        await page.GotoAsync("/login");
        await page.GetByLabel("E-mail").FillAsync("nobody@example.net");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Expect(page.GetByTestId("problem")).ToContainTextAsync("wrong");
        (await AxeAsync(page)).ShouldBeEmpty();
    }

    /// <summary>What axe calls violations of WCAG 2.0 to 2.2, levels A and AA: rule, and the elements.</summary>
    internal static async Task<List<string>> AxeAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
        {
            await page.EvaluateAsync(Axe.Value);
        }

        // What is half faded in has the contrast of neither its beginning nor its end.
        await page.EvaluateAsync(
            "Promise.all(document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < 2000).map(a => a.finished.catch(() => {})))"
        );
        var found = await page.EvaluateAsync<JsonElement>(
            "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }).then(r => r.violations)"
        );
        return
        [
            .. found
                .EnumerateArray()
                .Select(v =>
                    $"{v.GetProperty("id")}: {string.Join(" | ", v.GetProperty("nodes").EnumerateArray().Take(3).Select(n => n.GetProperty("html").GetString()))}"
                ),
        ];
    }

    private static readonly Lazy<string> Axe = new(() =>
        File.ReadAllText(Path.Combine(Workspace.Repository, "web", "node_modules", "axe-core", "axe.min.js"))
    );

    private static async Task ScreenshotAsync(IPage page, string path, int width, ColorScheme scheme)
    {
        var name =
            path == "/"
                ? "home"
                : path.Trim('/')
                    .Replace('/', '-')
                    .Replace('@', '-')
                    .Replace("{", "", StringComparison.Ordinal)
                    .Replace("}", "", StringComparison.Ordinal);
        var folder = Path.Combine(Workspace.Repository, ".artifacts", "screenshots");
        await page.ScreenshotAsync(
            new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png") }
        );
    }

    /// <summary>A host with something to show on each page.</summary>
    public sealed class Filled : IAsyncLifetime
    {
        public BrowserFixture Browser { get; } = new();

        /// <summary>Where a placeholder's first thing is found.</summary>
        private static readonly (string Name, string List)[] Lists =
        [
            ("{session}", "/api/v1/radius/sessions?active=true"),
            ("{decision}", "/api/v1/radius/decisions?outcome=reject"),
            ("{nas}", "/api/v1/radius/nas"),
            ("{profile}", "/api/v1/radius/bandwidth-profiles"),
            ("{run}", "/api/v1/provisioning/runs"),
        ];

        internal SimpleNas Nas { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await Browser.InitializeAsync();
            var api = Browser.Admin;
            (
                await api.PostAsync(
                    "/api/v1/radius/bandwidth-profiles",
                    new
                    {
                        name = "Home 50",
                        download_rate_kbps = 50_000,
                        upload_rate_kbps = 10_000,
                    }
                )
            ).ShouldHave(System.Net.HttpStatusCode.Created);
            (
                await api.PostAsync(
                    "/api/v1/radius/nas",
                    new
                    {
                        nasname = "127.0.0.1",
                        shortname = "page-nas",
                        type = "other",
                        vendor = "mikrotik",
                        secret = "xyzzy-plugh-42",
                    }
                )
            ).ShouldHave(System.Net.HttpStatusCode.Created);
            // Its NAS reports once and then no more: a session is ended after three intervals of silence, and looking at every page takes
            // longer than three of the default five minutes.
            (
                await api.PostAsync(
                    "/api/v1/subscribers",
                    new
                    {
                        username = "dotted.name@test",
                        password = "page-test-1",
                        acct_interim_interval = 86_400,
                    }
                )
            ).ShouldHave(System.Net.HttpStatusCode.Created);
            Nas = new SimpleNas(Browser.Host.RadiusAuthPort, Browser.Host.RadiusAcctPort, "xyzzy-plugh-42");
            await Eventually.IsTrueAsync(
                async () => await Nas.AuthenticateAsync("dotted.name@test", "page-test-1") == DotMac.Radius.Wire.PacketCode.AccessAccept,
                "the login is accepted"
            );
            await Nas.AuthenticateAsync("dotted.name@test", "wrong");
            await Eventually.IsTrueAsync(
                async () => (await Browser.Admin.GetAsync("/api/v1/radius/decisions?outcome=reject"))["items"].GetArrayLength() > 0,
                "the reject is on record"
            );
            await Nas.AccountAsync("Start", "dotted.name@test", "page-1");
            await Nas.AccountAsync("Interim-Update", "dotted.name@test", "page-1", 60, 1_000_000, 9_000_000);
            await ProvisioningGround.ProvisionAsync(api, await ProvisioningGround.PrepareAsync(api), "run@test", "ALCL00000001");
        }

        /// <summary>The path with its placeholder replaced by the id of one such thing.</summary>
        public async Task<string> FillAsync(string path)
        {
            foreach (var (name, list) in Lists)
            {
                if (path.Contains(name, StringComparison.Ordinal))
                {
                    var id = (await Browser.Admin.GetAsync(list))["items"][0].GetProperty("id").GetString()!;
                    path = path.Replace(name, Uri.EscapeDataString(id), StringComparison.Ordinal);
                }
            }

            return path;
        }

        public Task DisposeAsync() => Browser.DisposeAsync();
    }
}
