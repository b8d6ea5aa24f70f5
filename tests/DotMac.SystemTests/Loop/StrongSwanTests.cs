using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Loop;

/// <summary>
/// The whole way with a real NAS: a subscriber made over the API dials in at strongSwan, gets the platform's address, has traffic that is
/// counted to the octet, and is dropped by the platform.
/// </summary>
public sealed class StrongSwanTests(LoopFixture host) : IClassFixture<LoopFixture>
{
    private const string Secret = "strongswan-secret-93hf7";

    [MachineFact("charon", "swanctl")]
    public async Task A_subscriber_dials_in_with_pap_is_counted_and_is_dropped_by_our_disconnect()
    {
        await using var swan = await SwanAsync();
        await SwanLoop.RunAsync(host, swan, SwanLogin.Pap, await host.CustomerAsync());
    }

    /// <summary>The server that ends EAP knows the password alone; the address and the limits are ours.</summary>
    [MachineTheory("charon", "swanctl", "freeradius")]
    [InlineData(SwanLogin.EapMd5)]
    [InlineData(SwanLogin.EapMschapv2)]
    public async Task A_subscriber_dials_in_with_eap_through_the_proxy_and_gets_its_own_line(SwanLogin login)
    {
        var customer = await host.CustomerAsync();
        await using var upstream = await EapServer.StartAsync((customer.Who.Username, customer.Who.Password));
        var registered = await upstream.RegisterAsync(host);
        try
        {
            await using var swan = await SwanAsync();
            await SwanLoop.RunAsync(host, swan, login, customer);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{upstream.Log}", e);
        }
        finally
        {
            (await host.Admin.DeleteAsync(registered)).ShouldHave(HttpStatusCode.NoContent);
        }
    }

    private async Task<Swan> SwanAsync()
    {
        var swan = await Swan.CableAsync();
        await host.RegisterAsync(swan.Address, Secret, "require", Swan.DisconnectPort);
        await swan.StartAsync(new RadiusDoor(swan.Here, host.Host.RadiusAuthPort, host.Host.RadiusAcctPort, Secret));
        return swan;
    }
}
