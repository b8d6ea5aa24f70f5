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

    public static TheoryData<string, int, ColorScheme> Views
    {
        get
        {
            var views = new TheoryData<string, int, ColorScheme>();
            foreach (var path in Paths)
            {
                views.Add(path, 1440, ColorScheme.Light);
                views.Add(path, 1440, ColorScheme.Dark);
                views.Add(path, 390, ColorScheme.Light);
                views.Add(path, 390, ColorScheme.Dark);
            }

            return views;
        }
    }

    [PeerTheory("chromium")]
    [MemberData(nameof(Views))]
    public async Task Renders_cleanly(string path, int width, ColorScheme scheme)
    {
        var page = await fixture.Browser.PageAsync(width: width, scheme: scheme);
        await using var _ = page.Context;
        await CleanAsync(page, await fixture.FillAsync(path), path, width, scheme);
    }

    /// <summary>Opens the page and insists on all of it.</summary>
    internal static async Task CleanAsync(IPage page, string address, string path, int width, ColorScheme scheme)
    {
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Add(error);

        await page.GotoAsync(address);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
        await Expect(page.Locator(".mantine-Loader-root, .mantine-Skeleton-root")).ToHaveCountAsync(0);
        await ScreenshotAsync(page, path, width, scheme);

        errors.ShouldBeEmpty();
        var sideways = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        sideways.ShouldBe(0, $"{path} scrolls sideways at {width} px");
        (await AxeAsync(page)).ShouldBeEmpty();
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
        await page.EvaluateAsync(await File.ReadAllTextAsync(AxeScript()));
        var found = await page.EvaluateAsync<JsonElement>(
            "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(r => r.violations)"
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

    private static string AxeScript() => Path.Combine(Workspace.Repository, "web", "node_modules", "axe-core", "axe.min.js");

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
            (await api.PostAsync("/api/v1/subscribers", new { username = "dotted.name@test", password = "page-test-1" })).ShouldHave(
                System.Net.HttpStatusCode.Created
            );
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
