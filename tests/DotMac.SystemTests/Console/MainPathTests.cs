using System.Text.RegularExpressions;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Access;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>The main job, as a person does it: sign in, create a subscriber, see it come online by real packets, disconnect it.</summary>
public sealed class MainPathTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string Secret = "xyzzy-plugh-42";
    private const string Username = "walk@through";
    private const string Password = "a-walk-through-1";

    [PeerFact("chromium")]
    public async Task From_sign_in_to_a_disconnected_session()
    {
        using var nas = new NasDouble(Secret);
        var page = await fixture.PageAsync(signedIn: false);

        await page.GotoAsync("/subscribers");
        await Expect(page).ToHaveURLAsync(new Regex("/login\\?next="));
        await page.GetByLabel("E-mail").FillAsync(HostProcess.AdminEmail);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(HostProcess.AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Subscribers" })).ToBeVisibleAsync();

        await CreateProfileAsync(page);
        await RegisterNasAsync(page, nas.Port);
        await CreateSubscriberAsync(page);
        await ComeOnlineAsync(page);
        await DisconnectAsync(page, nas);
    }

    private static async Task CreateProfileAsync(IPage page)
    {
        await page.GotoAsync("/profiles");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create profile" }).First.ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await Field(form, "Name").FillAsync("Walk 50");
        await Field(form, "Download (kbit/s)").FillAsync("50000");
        await Field(form, "Upload (kbit/s)").FillAsync("10000");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Walk 50").First).ToBeVisibleAsync();
    }

    private static async Task RegisterNasAsync(IPage page, int coaPort)
    {
        await page.GotoAsync("/nas");
        await page.GetByRole(AriaRole.Button, new() { Name = "Register NAS" }).First.ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await Field(form, "Address").FillAsync("127.0.0.1");
        await Field(form, "Name").FillAsync("walk-nas");
        await form.GetByLabel(new Regex("^Secret")).First.FillAsync(Secret);
        await Field(form, "CoA port").FillAsync(coaPort.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await form.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(page.GetByText("walk-nas").First).ToBeVisibleAsync();
    }

    private static async Task CreateSubscriberAsync(IPage page)
    {
        await page.GotoAsync("/subscribers");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create subscriber" }).First.ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        // All faults at once, each at its field.
        await form.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(Field(form, "Username")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(form.GetByLabel(new Regex("^Password")).First).ToHaveAttributeAsync("aria-invalid", "true");
        await Field(form, "Username").FillAsync(Username);
        await form.GetByLabel(new Regex("^Password")).First.FillAsync(Password);
        await form.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(page.GetByText(Username).First).ToBeVisibleAsync();
    }

    private async Task ComeOnlineAsync(IPage page)
    {
        await page.GotoAsync("/sessions");
        await Expect(page.GetByTestId("live-mark")).ToContainTextAsync("Live", new() { IgnoreCase = true });
        var client = new SimpleNas(fixture.Host.RadiusAuthPort, fixture.Host.RadiusAcctPort, Secret);
        (await client.AuthenticateAsync(Username, "not-the-password")).ShouldBe(PacketCode.AccessReject);
        (await client.AuthenticateAsync(Username, Password)).ShouldBe(PacketCode.AccessAccept);
        (await client.AccountAsync("Start", Username, "walk-1")).ShouldBe(PacketCode.AccountingResponse);

        // The page is not loaded again: the row comes by the live stream.
        var row = page.GetByTestId("session-row").Filter(new() { HasText = Username });
        await Expect(row).ToBeVisibleAsync();
        await Expect(row).ToContainTextAsync("100.64.7.7");
    }

    private async Task DisconnectAsync(IPage page, NasDouble nas)
    {
        await page.GotoAsync($"/subscribers/{Uri.EscapeDataString(Username)}");
        await Expect(page.GetByTestId("session-now")).ToContainTextAsync("walk-nas");
        // Why it was refused a moment ago stands on the page.
        await Expect(page.GetByTestId("decisions")).ToContainTextAsync("Reject");
        await page.GetByRole(AriaRole.Button, new() { Name = "Disconnect", Exact = false }).First.ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("disconnect-answer")).ToHaveAttributeAsync("data-outcome", "ack");
        nas.LastWasSigned.ShouldBeTrue();
        Encoding(nas.Last[AttributeType.UserName]).ShouldBe(Username);
        Encoding(nas.Last[AttributeType.AcctSessionId]).ShouldBe("walk-1");

        var client = new SimpleNas(fixture.Host.RadiusAuthPort, fixture.Host.RadiusAcctPort, Secret);
        await client.AccountAsync("Stop", Username, "walk-1", 60, 1_000, 2_000);
        await page.GotoAsync("/sessions");
        await Expect(page.GetByTestId("session-row").Filter(new() { HasText = Username })).ToHaveCountAsync(0);
    }

    /// <summary>A text field by its accessible name: the star of a required one is not part of it.</summary>
    private static ILocator Field(ILocator form, string name) => form.GetByRole(AriaRole.Textbox, new() { Name = name, Exact = true });

    private static string Encoding(byte[] text) => System.Text.Encoding.UTF8.GetString(text);
}
