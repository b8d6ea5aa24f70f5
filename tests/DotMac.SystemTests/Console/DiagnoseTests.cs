using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>What a support agent does with a caller waiting: look at the session, ask why a login is refused.</summary>
public sealed class DiagnoseTests(PagesTests.Filled fixture) : IClassFixture<PagesTests.Filled>
{
    private const string Username = "dotted.name@test";
    private const string Password = "page-test-1";

    [PeerFact("chromium")]
    public async Task A_session_is_opened_from_the_list_and_follows_the_reports_of_the_nas()
    {
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/sessions");
        await page.GetByTitle($"Open the session of {Username}").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = Username })).ToBeVisibleAsync();
        await Expect(page.GetByTestId("session-state")).ToHaveTextAsync("Online");
        await Expect(page.GetByTestId("observed")).ToContainTextAsync("100.64.7.7");
        await Expect(page.GetByTestId("observed")).ToContainTextAsync("page-nas");
        await Expect(page.GetByTestId("traffic")).ToContainTextAsync("9.0 MB");
        // The accept that came before the start.
        await Expect(page.GetByTestId("let-in")).ToContainTextAsync("PAP");

        // Not loaded again: the report comes by the stream, the end too.
        await Expect(page.GetByTestId("live-mark")).ToHaveAttributeAsync("data-state", "live");
        (await fixture.Nas.AccountAsync("Interim-Update", Username, "page-1", 120, 2_000_000, 27_000_000)).ShouldBe(
            PacketCode.AccountingResponse
        );
        await Expect(page.GetByTestId("traffic")).ToContainTextAsync("27.0 MB");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Disconnect" })).ToBeVisibleAsync();
        await fixture.Nas.AccountAsync("Stop", Username, "page-1", 180, 2_000_000, 27_000_000);
        await Expect(page.GetByTestId("session-state")).ToHaveTextAsync("Ended");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Disconnect" })).ToHaveCountAsync(0);
        await fixture.Nas.AccountAsync("Start", Username, "page-2");
    }

    [PeerFact("chromium")]
    public async Task The_auth_test_gives_the_verdict_its_reason_and_the_attributes()
    {
        await fixture.Browser.Admin.PostAsync(
            "/api/v1/subscribers",
            new
            {
                username = "asked@test",
                password = Password,
                framed_ipv4_address = "100.64.9.9",
            }
        );
        var page = await fixture.Browser.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/auth-test?username=asked@test");
        await page.GetByLabel("Password").First.FillAsync("not-the-password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
        await Expect(page.GetByTestId("outcome")).ToHaveTextAsync("Reject");
        await Expect(page.GetByTestId("verdict")).ToContainTextAsync("password.wrong");

        await page.GetByLabel("Password").First.FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
        await Expect(page.GetByTestId("outcome")).ToHaveTextAsync("Accept");
        var attributes = page.GetByRole(AriaRole.Table, new() { Name = "Attributes of the Access-Accept" });
        await Expect(attributes).ToContainTextAsync("Framed-IP-Address");
        await Expect(attributes).ToContainTextAsync("100.64.9.9");
        // The password is never part of the link.
        page.Url.ShouldNotContain(Password);

        // An empty question is refused at its fields, all at once.
        await page.GotoAsync("/auth-test");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Username" })).ToHaveAttributeAsync("aria-invalid", "true");
    }
}
