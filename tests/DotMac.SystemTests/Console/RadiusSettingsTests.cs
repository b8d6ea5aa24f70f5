using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>What a tenant sets about RADIUS in the browser: who asks its NAS, how long accounting is kept, and what a changed profile offers.</summary>
public sealed class RadiusSettingsTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [PeerFact("chromium")]
    public async Task The_transport_is_tried_before_it_is_kept_and_less_accounting_is_asked_first()
    {
        var page = await fixture.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync("/settings?tab=radius");
        await page.GetByRole(AriaRole.Radio, new() { Name = "By an HTTP proxy of your own" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Address of the proxy" }).FillAsync("http://169.254.169.254/coa");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try and save" }).ClickAsync();
        await Expect(page.GetByText("The token must be given for a new address")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Its token" }).FillAsync("token-of-ours");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try and save" }).ClickAsync();
        await Expect(page.GetByTestId("problem")).ToContainTextAsync("DOTMAC_OUTGOING_ALLOW");
        (await fixture.Admin.GetAsync("/api/v1/radius/coa/settings"))["transport"].GetString().ShouldBe("direct");

        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "By radclient" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).First.ClickAsync();
        await Eventually.IsTrueAsync(
            async () => (await fixture.Admin.GetAsync("/api/v1/radius/coa/settings"))["transport"].GetString() == "radclient",
            "the transport is kept"
        );

        await page.GetByRole(AriaRole.Textbox, new() { Name = "Sessions (months)" }).FillAsync("6");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).Last.ClickAsync();
        (await fixture.Admin.GetAsync("/api/v1/radius/accounting/retention"))["sessions_months"]
            .GetInt32()
            .ShouldBe(24, "it is asked first");
        await page.GetByTestId("confirm").ClickAsync();
        await Eventually.IsTrueAsync(
            async () => (await fixture.Admin.GetAsync("/api/v1/radius/accounting/retention"))["sessions_months"].GetInt32() == 6,
            "the retention is kept"
        );
    }

    [PeerFact("chromium")]
    public async Task A_changed_profile_offers_to_tell_running_sessions()
    {
        const string Secret = "xyzzy-plugh-42";
        var api = fixture.Admin;
        var profile = (
            await api.PostAsync(
                "/api/v1/radius/bandwidth-profiles",
                new
                {
                    name = "Offered",
                    download_rate_kbps = 20000,
                    upload_rate_kbps = 2000,
                }
            )
        ).ShouldHave(HttpStatusCode.Created)["id"];
        await api.PostAsync(
            "/api/v1/radius/nas",
            new
            {
                nasname = "127.0.0.1",
                shortname = "offer-nas",
                vendor = "mikrotik",
                secret = Secret,
            }
        );
        var subscriber = new
        {
            username = "offer@test",
            password = "offer-test-1",
            bandwidth_profile_id = profile.GetString(),
        };
        (await api.PostAsync("/api/v1/subscribers", subscriber)).ShouldHave(HttpStatusCode.Created);
        var client = new SimpleNas(fixture.Host.RadiusAuthPort, fixture.Host.RadiusAcctPort, Secret);
        await Eventually.IsTrueAsync(
            async () => await client.AuthenticateAsync("offer@test", "offer-test-1") == PacketCode.AccessAccept,
            "the login is accepted"
        );
        await client.AccountAsync("Start", "offer@test", "offer-1");
        await Eventually.IsTrueAsync(
            async () => (await api.GetAsync("/api/v1/radius/sessions?q=offer@test"))["items"].GetArrayLength() == 1,
            "the session is listed"
        );

        var page = await fixture.PageAsync();
        await using var _ = page.Context;
        await page.GotoAsync($"/profiles?edit={profile.GetString()}");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Download (kbit/s)" }).First.FillAsync("30000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("1 session of this profile runs with the old rates");
        await page.GetByTestId("offer-run").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.GetByTestId("coa-preview")).ToContainTextAsync("1 session would be changed");
    }
}
