using DotMac.SystemTests.Harness;
using Microsoft.Playwright;

namespace DotMac.SystemTests.Console;

/// <summary>A host with the built console, and headless Chromium looking at it.</summary>
public sealed class BrowserFixture : HostFixture
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    /// <summary>Every page signs in anew.</summary>
    protected override IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["DOTMAC_AUTH_RATE_FACTOR"] = "100" };

    private IPlaywright? playwright;
    private IBrowser? browser;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        // Two cores may be busy with other things.
        Assertions.SetDefaultExpectTimeout(15_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Peer.Require("chromium"), Args = Arguments }
        );
    }

    /// <summary>A fresh browser profile; signed in over the API unless told otherwise.</summary>
    public async Task<IPage> PageAsync(bool signedIn = true, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = Host.Address.ToString(),
                ViewportSize = new ViewportSize { Width = width, Height = width < 500 ? 844 : 900 },
                ColorScheme = scheme,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        context.SetDefaultTimeout(15_000);
        if (signedIn)
        {
            var answer = await context.APIRequest.PostAsync(
                "/api/v1/auth/login",
                new APIRequestContextOptions
                {
                    DataObject = new
                    {
                        email = HostProcess.AdminEmail,
                        password = HostProcess.AdminPassword,
                        use_cookie = true,
                    },
                }
            );
            answer.Status.ShouldBe(200, await answer.TextAsync());
        }

        return await context.NewPageAsync();
    }

    public override async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        await base.DisposeAsync();
    }
}
