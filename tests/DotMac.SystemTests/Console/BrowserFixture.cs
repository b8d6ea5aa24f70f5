using DotMac.SystemTests.Harness;
using Microsoft.Playwright;

namespace DotMac.SystemTests.Console;

/// <summary>A host with the built console, and headless Chromium looking at it.</summary>
public sealed class BrowserFixture : HostFixture
{
    /// <summary>Milliseconds that an element, or a page, may take to come: waiting longer costs nothing when it comes.</summary>
    private const float Patience = 30_000;

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

    private readonly Dictionary<int, IBrowserContext> shared = [];
    private IPlaywright? playwright;
    private IBrowser? browser;
    private bool isIn;

    public override async Task InitializeAsync()
    {
        await Interfaces.BrowseAsync();
        isIn = true;
        await base.InitializeAsync();
        // Two cores may be busy with other things.
        Assertions.SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Peer.Require("chromium"), Args = Arguments }
        );
    }

    /// <summary>A fresh browser profile; signed in over the API unless told otherwise.</summary>
    public async Task<IPage> PageAsync(bool signedIn = true, int width = 1440, ColorScheme scheme = ColorScheme.Light) =>
        await (await ContextAsync(signedIn, width, scheme)).NewPageAsync();

    /// <summary>
    /// Looks at something in a new page of a profile that all such looks at this width share: signed in once, its cache warm; for looks that
    /// change nothing. When the machine gets or loses a network interface, Chromium gives up whatever it is loading with this one error, on
    /// loopback too. That says nothing about the page, so on exactly this error it is looked at once more, in a new page; anything else fails.
    /// </summary>
    public async Task LookAsync(int width, ColorScheme scheme, Func<IPage, List<string>, Task> look)
    {
        if (await TryLookAsync(width, scheme, look) is { } given)
        {
            (await TryLookAsync(width, scheme, look)).ShouldBeNull(given);
        }
    }

    /// <summary>Null, or what was said when the network changed under it.</summary>
    private async Task<string?> TryLookAsync(int width, ColorScheme scheme, Func<IPage, List<string>, Task> look)
    {
        const string changed = "net::ERR_NETWORK_CHANGED";
        if (!shared.TryGetValue(width, out var context))
        {
            shared[width] = context = await ContextAsync(signedIn: true, width, scheme);
        }

        var page = await context.NewPageAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Add(error);
        try
        {
            await look(page, errors);
            return null;
        }
        catch (Exception e)
            when (e.Message.Contains(changed, StringComparison.Ordinal)
                || errors.Exists(error => error.Contains(changed, StringComparison.Ordinal))
            )
        {
            return e.Message;
        }
        finally
        {
            await page.CloseAsync();
        }
    }

    private async Task<IBrowserContext> ContextAsync(bool signedIn, int width, ColorScheme scheme)
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
        context.SetDefaultTimeout(Patience);
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

        return context;
    }

    public override async Task DisposeAsync()
    {
        try
        {
            if (browser is not null)
            {
                await browser.DisposeAsync();
            }

            playwright?.Dispose();
        }
        finally
        {
            if (isIn)
            {
                Interfaces.BrowsedEnough();
            }

            await base.DisposeAsync();
        }
    }
}
