using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Loop;

/// <summary>
/// A suspension against a real NAS: it drops a live strongSwan session, the next login is refused and the reason is on record, the
/// resumption lets the customer dial in again, and the run has proved it before.
/// </summary>
public sealed class SwanSuspensionTests(LoopFixture host) : IClassFixture<LoopFixture>
{
    private const string Secret = "strongswan-secret-77pq2";

    [MachineFact("charon", "swanctl")]
    public async Task A_suspension_drops_a_live_session_refuses_the_next_login_and_a_resumption_restores_it()
    {
        await using var swan = await Swan.CableAsync();
        await host.RegisterAsync(swan.Address, Secret, "require", Swan.DisconnectPort);
        await swan.StartAsync(new RadiusDoor(swan.Here, host.Host.RadiusAuthPort, host.Host.RadiusAcctPort, Secret));
        var (who, address) = await host.CustomerAsync();
        try
        {
            var (isUp, log) = await swan.DialAsync(SwanLogin.Pap, who.Username, who.Password);
            isUp.ShouldBeTrue(log);
            await Eventually.IsTrueAsync(async () => (await host.OnlineAsync(who)).Count == 1, "online");
            (await swan.AddressesAsync()).ShouldBe([address + "/32"]);

            var order = new { reason = "non_payment", evidence = "invoice 2026-104" };
            (await host.Admin.PostAsync($"/api/v1/subscribers/{who.Username}/suspensions", order)).ShouldHave(HttpStatusCode.Created);
            await Eventually.IsTrueAsync(async () => (await swan.AddressesAsync()).Length == 0, "the router has lost its address");
            await Eventually.IsTrueAsync(async () => (await host.OnlineAsync(who)).Count == 0, "nobody is online");
            await CarriedOutAsync(who, "rejected");

            (isUp, log) = await swan.DialAsync(SwanLogin.Pap, who.Username, who.Password);
            isUp.ShouldBeFalse(log);
            log.ShouldMatch("XAuth authentication.* failed", "it was refused, not lost");
            await Eventually.IsTrueAsync(async () => await WhyAsync(who) == "login.suspended", "the why page names the decision");
            var line = (await host.Admin.GetAsync($"/api/v1/subscribers/{who.Username}")).ShouldHave(HttpStatusCode.OK);
            line["suspension_reason"].GetString().ShouldBe("non payment: invoice 2026-104");

            var reason = (await ViewAsync(who)).GetProperty("reasons")[0].GetProperty("id").GetGuid();
            var end = $"/api/v1/subscribers/{who.Username}/suspensions/{reason}/end";
            (await host.Admin.PostAsync(end, new { note = "paid" })).ShouldHave(HttpStatusCode.OK);
            await CarriedOutAsync(who, "open");
            (await ViewAsync(who)).GetProperty("proof").GetString().ShouldBe("accepted");
            (isUp, log) = await swan.DialAsync(SwanLogin.Pap, who.Username, who.Password);
            isUp.ShouldBeTrue(log);
            (await swan.AddressesAsync()).ShouldBe([address + "/32"]);
            await Eventually.IsTrueAsync(
                async () => (await ViewAsync(who)).GetProperty("first_login_at").ValueKind == JsonValueKind.String,
                "the first login is noted",
                TimeSpan.FromSeconds(90)
            );
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{swan.Log()}\n{host.Host.Output}", e);
        }
    }

    [MachineFact("charon", "swanctl")]
    public async Task A_plan_change_drops_a_session_whose_nas_takes_no_rates_and_the_next_one_has_them()
    {
        await using var swan = await Swan.CableAsync();
        await host.RegisterAsync(swan.Address, Secret, "require", Swan.DisconnectPort);
        await swan.StartAsync(new RadiusDoor(swan.Here, host.Host.RadiusAuthPort, host.Host.RadiusAcctPort, Secret));
        var (who, address) = await host.CustomerAsync();
        var faster = await host.ProfileAsync(50_000, 10_000);
        try
        {
            var (isUp, log) = await swan.DialAsync(SwanLogin.Pap, who.Username, who.Password);
            isUp.ShouldBeTrue(log);
            await Eventually.IsTrueAsync(async () => (await host.OnlineAsync(who)).Count == 1, "online");

            var order = new { bandwidth_profile_id = faster };
            (await host.Admin.PostAsync($"/api/v1/subscribers/{who.Username}/change-plan", order)).ShouldHave(HttpStatusCode.Accepted);
            await Eventually.IsTrueAsync(async () => (await swan.AddressesAsync()).Length == 0, "dropped: it takes no rates");
            await Eventually.IsTrueAsync(async () => (await host.OnlineAsync(who)).Count == 0, "nobody is online");
            (isUp, log) = await swan.DialAsync(SwanLogin.Pap, who.Username, who.Password);
            isUp.ShouldBeTrue(log);
            (await swan.AddressesAsync()).ShouldBe([address + "/32"]);
            var why = await host.Admin.GetAsync($"/api/v1/subscribers/{who.Username}/why");
            why.ShouldHave(HttpStatusCode.OK).Text.ShouldContain("50000000", Case.Insensitive, "WISPr-Bandwidth-Max-Down of the new plan");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{swan.Log()}\n{host.Host.Output}", e);
        }
    }

    private Task CarriedOutAsync(TestSubscriber who, string access) =>
        Eventually.IsTrueAsync(
            async () => (await ViewAsync(who)).GetProperty("carried_out").GetString() == access,
            $"carried out: {access}",
            TimeSpan.FromSeconds(90)
        );

    private async Task<JsonElement> ViewAsync(TestSubscriber who) =>
        (await host.Admin.GetAsync($"/api/v1/subscribers/{who.Username}/suspensions")).ShouldHave(HttpStatusCode.OK).Body;

    private async Task<string?> WhyAsync(TestSubscriber who) =>
        (await host.Admin.GetAsync($"/api/v1/subscribers/{who.Username}/why"))["decision.code"].GetString();
}
