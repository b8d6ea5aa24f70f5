using System.Text.Json;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Loop;

/// <summary>802.1X at a switch port: EAP goes through our server to the server that ends it; accounting and disconnect are ours.</summary>
public sealed class WiredTests(LoopFixture host) : IClassFixture<LoopFixture>
{
    private const string Secret = "wired-secret-8fn3d0";

    [MachineFact("hostapd", "wpa_supplicant", "freeradius")]
    public async Task A_computer_is_let_in_through_the_eap_proxy_and_put_out_by_our_disconnect()
    {
        var who = await host.SubscriberAsync();
        await using var upstream = await EapServer.StartAsync((who.Username, who.Password));
        await upstream.RegisterAsync(host);
        await using var port = await WiredPort.CableAsync();
        await host.RegisterAsync(port.Address, Secret, "require", WiredPort.DisconnectPort);
        try
        {
            await port.StartAsync(new RadiusDoor(port.Here, host.Host.RadiusAuthPort, host.Host.RadiusAcctPort, Secret));

            (await port.PlugInAsync("TTLS", "auth=PAP", who.Username, "not-" + who.Password, upstream.Authority)).ShouldBeFalse();
            (await host.SessionsAsync(who)).ShouldBeEmpty();
            (await port.PlugInAsync("TTLS", "auth=PAP", who.Username, who.Password, upstream.Authority)).ShouldBeTrue();
            await OnlineAsync(who, port);
            await PutOutAsync(who);

            (await port.PlugInAsync("PEAP", "auth=MSCHAPV2", who.Username, who.Password, upstream.Authority)).ShouldBeTrue();
            await OnlineAsync(who, port);
            await PutOutAsync(who);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{port.Log()}\n{upstream.Log}\n{host.Host.Output}", e);
        }
    }

    /// <summary>The session that the port reports, kept up to date by its Interim-Updates.</summary>
    private async Task OnlineAsync(TestSubscriber who, WiredPort port)
    {
        await Eventually.IsTrueAsync(async () => (await host.OnlineAsync(who)).Count == 1, "the Start is seen over the API");
        var session = (await host.OnlineAsync(who))[0];
        session.GetProperty("subscriber_id").GetGuid().ShouldBe(who.Id);
        session.GetProperty("calling_station_id").GetString().ShouldBe(port.Computer);
        session.GetProperty("nas").GetProperty("nasname").GetString().ShouldBe(port.Address.ToString());
        var started = UpdatedAt(session);
        await Eventually.IsTrueAsync(
            async () => UpdatedAt((await host.OnlineAsync(who)).Single()) > started,
            "an Interim-Update is seen over the API"
        );
    }

    private async Task PutOutAsync(TestSubscriber who)
    {
        var before = (await host.SessionsAsync(who)).Count(IsOver);
        (await host.DisconnectAsync(who)).ShouldBe("ack");
        // The ACK is the port's word, its Stop proves it. hostapd gives no cause.
        await Eventually.IsTrueAsync(
            async () => (await host.SessionsAsync(who)).Count(IsOver) == before + 1,
            "the Stop is seen over the API"
        );
    }

    private static DateTimeOffset UpdatedAt(JsonElement session) => session.GetProperty("updated_at").GetDateTimeOffset();

    private static bool IsOver(JsonElement session) => session.GetProperty("stopped_at").ValueKind == JsonValueKind.String;
}
