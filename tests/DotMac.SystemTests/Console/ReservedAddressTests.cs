using System.Net;
using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;
using Microsoft.Playwright;
using static DotMac.SystemTests.Console.ProvisioningTests;
using static Microsoft.Playwright.Assertions;

namespace DotMac.SystemTests.Console;

/// <summary>What the address plan keeps for somebody is chosen where his line is ordered, and where it is changed.</summary>
public sealed class ReservedAddressTests(ProvisioningTests.Network network) : IClassFixture<ProvisioningTests.Network>
{
    [PeerFact("chromium")]
    public async Task A_reserved_address_is_chosen_for_an_order_and_another_one_for_a_change()
    {
        await ReserveAsync("203.0.113.61", "Market hall");
        await ReserveAsync("203.0.113.62", "Town hall");
        await ReserveAsync("203.0.113.63", "Mill", owner: Guid.CreateVersion7());
        var page = await network.Browser.PageAsync(width: 390);
        await using var _ = page.Context;
        await page.GotoAsync("/provisioning/new");
        await ChooseAsync(page, "Plan", "Fibre 100");
        await Field(page, "Username").FillAsync("market@fibre.test");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Reserved" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Reserved for the link" })).ToHaveCountAsync(0);
        var pick = page.GetByRole(AriaRole.Combobox, new() { Name = "Reserved IPv4 address" });
        await pick.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(2);
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await pick.FillAsync("market");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Option, new() { NameRegex = new Regex("203.0.113.61") }).ClickAsync();
        // The draft knows the id alone; the form shows what it stands for.
        await page.WaitForTimeoutAsync(500);
        await page.ReloadAsync();
        await Expect(pick).ToHaveValueAsync("203.0.113.61 · Market hall");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.GetByTestId("preview")).ToContainTextAsync("203.0.113.61");
        await page.GetByTestId("provision").ClickAsync();
        await Expect(page.GetByTestId("run-status")).ToHaveTextAsync("Completed", new() { Timeout = 60_000 });

        await page.GotoAsync("/subscribers/market@fibre.test?order=network");
        var form = page.GetByRole(AriaRole.Dialog);
        var submit = form.GetByRole(AriaRole.Button, new() { Name = "Change the line" });
        await form.GetByRole(AriaRole.Radiogroup, new() { Name = "IPv4 address" })
            .GetByRole(AriaRole.Radio, new() { Name = "One that is reserved" })
            .ClickAsync();
        await submit.ClickAsync();
        pick = form.GetByRole(AriaRole.Combobox, new() { Name = "Reserved IPv4 address" });
        await Expect(pick).ToHaveAttributeAsync("aria-invalid", "true");
        await pick.ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { NameRegex = new Regex("Town hall") }).ClickAsync();
        (await PagesTests.AxeAsync(page)).ShouldBeEmpty();
        await submit.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/provisioning/runs/[0-9a-f-]{36}"));
        await Expect(page.GetByTestId("timeline")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("run-status").First).ToHaveTextAsync("Completed", new() { Timeout = 60_000 });
        (
            await network.Browser.Database.ScalarAsync<string>(
                "SELECT host(framed_ipv4_address) FROM subscribers WHERE username = 'market@fibre.test'"
            )
        ).ShouldBe("203.0.113.62");
    }

    private async Task ReserveAsync(string address, string label, Guid? owner = null) =>
        (
            await network.Browser.Admin.PostAsync(
                "/api/v1/ipam/reservations",
                new
                {
                    address,
                    label,
                    owner_id = owner,
                }
            )
        ).ShouldHave(HttpStatusCode.Created);
}
