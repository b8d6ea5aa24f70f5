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
    public async Task A_subscriber_dials_in_is_counted_and_is_dropped_by_our_disconnect()
    {
        await using var swan = await Swan.CableAsync();
        var door = new RadiusDoor(swan.Here, host.Host.RadiusAuthPort, host.Host.RadiusAcctPort, Secret);
        await host.RegisterAsync(swan.Address, Secret, "require", Swan.DisconnectPort);
        await swan.StartAsync(door);

        await SwanLoop.RunAsync(host, swan, SwanLogin.Pap);
    }
}
