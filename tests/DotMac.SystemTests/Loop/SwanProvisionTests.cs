using System.Net;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Provisioning;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Loop;

/// <summary>A subscriber from an order, at a real NAS: it dials in with what a run allocated for it, and loses it when its service ends.</summary>
public sealed class SwanProvisionTests(SwanProvisionTests.Provider host) : IClassFixture<SwanProvisionTests.Provider>
{
    private const string Secret = "strongswan-order-71bd2";

    /// <summary>A host for NAS on machines of their own, with an address plan.</summary>
    public sealed class Provider : LoopFixture
    {
        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            await TestPools.AddAsync(Database);
        }
    }

    [MachineFact("charon", "swanctl")]
    public async Task An_ordered_subscriber_dials_in_and_is_dropped_when_its_service_ends()
    {
        await using var swan = await Swan.CableAsync();
        await host.RegisterAsync(swan.Address, Secret, "require", Swan.DisconnectPort);
        await swan.StartAsync(new RadiusDoor(swan.Here, host.Host.RadiusAuthPort, host.Host.RadiusAcctPort, Secret));
        var (who, address) = await host.ProvisionedAsync();
        try
        {
            var (isUp, log) = await swan.DialAsync(SwanLogin.Pap, who.Username, who.Password);
            isUp.ShouldBeTrue(log);
            (await swan.AddressesAsync()).ShouldBe([address + "/32"]);
            await Eventually.IsTrueAsync(async () => (await host.OnlineAsync(who)).Count == 1, "the Start is seen over the API");

            var path = $"/api/v1/provisioning/subscribers/{who.Id}/deprovision?wait=30";
            var ended = (await host.Admin.PostAsync(path, new { reason = "moved away" })).ShouldHave(HttpStatusCode.Accepted);
            ended["status"].GetString().ShouldBe("completed", ended.Text);
            (await host.OnlineAsync(who)).ShouldBeEmpty("the run waited for the end of the session");
            await Eventually.IsTrueAsync(async () => (await swan.AddressesAsync()).Length == 0, "the router has lost its address");
            (await Leftovers.OfAsync(host.Database, who.Id)).ShouldBeEmpty();
            (await Leftovers.OfRowAsync(host.Database, who.Id)).ShouldBeEmpty();

            (isUp, log) = await swan.DialAsync(SwanLogin.Pap, who.Username, who.Password);
            isUp.ShouldBeFalse(log);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{swan.Log()}\n{host.Host.Output}", e);
        }
    }
}

/// <summary>Subscribers from orders, for every test of the loop.</summary>
internal static class Ordered
{
    /// <summary>One who was ordered, with the address that was allocated for him, reported every two seconds. Needs pools (<see cref="TestPools"/>).</summary>
    public static async Task<(TestSubscriber Who, string Address)> ProvisionedAsync(this LoopFixture host)
    {
        var username = RadiusFixture.NewName("ordered");
        var order = new
        {
            username,
            password = RadiusFixture.Password,
            plan_id = await host.ProfileAsync(20_000, 5_000),
        };
        var made = (await host.Admin.PostAsync("/api/v1/provisioning/subscribers?wait=20", order)).ShouldHave(HttpStatusCode.Accepted);
        made["status"].GetString().ShouldBe("completed", made.Text);
        var id = made["subscriber_id"].GetGuid();
        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET acct_interim_interval = 2, version = version + 1, updated_at = now() WHERE id = @id",
            new { id }
        );
        await host.SettleAsync();
        var subscriber = (await host.Admin.GetAsync($"/api/v1/subscribers/{username}")).ShouldHave(HttpStatusCode.OK);
        return (new TestSubscriber(id, username, RadiusFixture.Password), subscriber["framed_ipv4_address"].GetString()!);
    }
}
