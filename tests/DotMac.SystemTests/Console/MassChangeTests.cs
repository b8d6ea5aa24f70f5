using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Access;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>Running sessions are changed from the browser, one and many, and a NAS hears it.</summary>
public sealed class MassChangeTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string Secret = "xyzzy-plugh-42";

    [PeerFact("chromium")]
    public async Task One_session_is_changed_and_then_all_of_a_NAS_with_a_preview()
    {
        using var nas = new NasDouble(Secret) { Says = PacketCode.CoaAck };
        var api = fixture.Admin;
        (
            await api.PostAsync(
                "/api/v1/radius/nas",
                new
                {
                    nasname = "127.0.0.1",
                    shortname = "change-nas",
                    type = "other",
                    vendor = "mikrotik",
                    secret = Secret,
                    coa_port = nas.Port,
                }
            )
        ).ShouldHave(HttpStatusCode.Created);
        (await api.PostAsync("/api/v1/subscribers", new { username = "change@test", password = "change-test-1" })).ShouldHave(
            HttpStatusCode.Created
        );
        var client = new SimpleNas(fixture.Host.RadiusAuthPort, fixture.Host.RadiusAcctPort, Secret);
        await Eventually.IsTrueAsync(
            async () => await client.AuthenticateAsync("change@test", "change-test-1") == PacketCode.AccessAccept,
            "the login is accepted"
        );
        await client.AccountAsync("Start", "change@test", "change-1");

        var page = await fixture.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/sessions");
        await page.GetByTitle("Open the session of change@test").ClickAsync();
        await page.GetByTestId("change").ClickAsync();
        // All faults come from the server, each at its field.
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("problem")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Or download (kbit/s)" }).FillAsync("20000");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "and upload (kbit/s)" }).FillAsync("5000");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("coa-answer")).ToContainTextAsync("Mikrotik-Rate-Limit", new() { Timeout = 60_000 });
        await Expect(page.GetByTestId("coa-answer")).ToHaveAttributeAsync("data-outcome", "ack");
        await Expect(page.GetByTestId("verification")).ToHaveAttributeAsync("data-state", "pending");
        await client.AccountAsync("Interim-Update", "change@test", "change-1");
        await Expect(page.GetByTestId("verification")).ToHaveAttributeAsync("data-state", "verified", new() { Timeout = 60_000 });

        await page.GotoAsync("/coa");
        await page.GetByRole(AriaRole.Button, new() { Name = "New mass change" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Or download (kbit/s)" }).FillAsync("30000");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "and upload (kbit/s)" }).FillAsync("6000");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Username holds" }).FillAsync("change@");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.GetByTestId("coa-preview")).ToContainTextAsync("1 session would be changed");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("change@test");
        await Expect(page.GetByRole(AriaRole.Dialog).GetByTestId("run-state")).ToHaveTextAsync("Done", new() { Timeout = 60_000 });
    }
}
