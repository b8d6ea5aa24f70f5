using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Loop;

/// <summary>What is the same whoever stands between strongSwan and the platform.</summary>
internal static class SwanLoop
{
    private const int Echo = 84;
    private const int Upload = 1_028;

    /// <summary>Refused with a wrong password; accepted, counted and dropped with the right one.</summary>
    public static async Task RunAsync(LoopFixture host, Swan swan, SwanLogin login, (TestSubscriber Who, string Address) customer)
    {
        var (who, address) = customer;
        try
        {
            var (isUp, log) = await swan.DialAsync(login, who.Username, "not-" + who.Password);
            isUp.ShouldBeFalse(log);
            log.ShouldMatch("(XAuth|EAP) authentication.* failed", "it was refused, not lost");
            (await host.SessionsAsync(who)).ShouldBeEmpty();

            (isUp, log) = await swan.DialAsync(login, who.Username, who.Password);
            isUp.ShouldBeTrue(log);
            await CountedAsync(host, swan, who, address);
            await DroppedAsync(host, swan, who);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{swan.Log()}\n{host.Host.Output}", e);
        }
    }

    private static async Task CountedAsync(LoopFixture host, Swan swan, TestSubscriber who, string address)
    {
        (await swan.AddressesAsync()).ShouldBe([address + "/32"]);
        await Eventually.IsTrueAsync(async () => (await host.OnlineAsync(who)).Count == 1, "the Start is seen over the API");
        var session = (await host.OnlineAsync(who))[0];
        session.GetProperty("framed_ipv4_address").GetString().ShouldBe(address);
        session.GetProperty("subscriber_id").GetGuid().ShouldBe(who.Id);
        session.GetProperty("nas").GetProperty("nasname").GetString().ShouldBe(swan.Address.ToString());
        session.GetProperty("calling_station_id").GetString().ShouldBe("10.98.0.2[4500]");
        session.GetProperty("uploaded_bytes").GetInt64().ShouldBe(0);

        // Both ways, and then one way: what the customer sent is the upload.
        (await swan.PingAsync(3, Echo, patienceSeconds: 8)).ShouldBe(3);
        await swan.MuteServiceAsync();
        (await swan.PingAsync(2, Upload)).ShouldBe(0);

        var counted = (Up: (3L * Echo) + (2 * Upload), Down: 3L * Echo);
        await Eventually.IsTrueAsync(
            async () => Octets((await host.OnlineAsync(who)).Single()) == counted,
            $"an Interim-Update brings {counted}"
        );
        await Eventually.IsTrueAsync(async () => await host.UsageAsync(who) == counted, $"the usage is {counted}");

        // Known to the Stop alone.
        (await swan.PingAsync(1, Upload)).ShouldBe(0);
    }

    private static async Task DroppedAsync(LoopFixture host, Swan swan, TestSubscriber who)
    {
        (await host.DisconnectAsync(who)).ShouldBe("ack");

        // The ACK is the NAS's word; its Stop, and the customer's router, prove it.
        await Eventually.IsTrueAsync(async () => (await host.OnlineAsync(who)).Count == 0, "nobody is online");
        var ended = (await host.SessionsAsync(who)).ShouldHaveSingleItem();
        ended.GetProperty("terminate_cause").GetString().ShouldBe("User-Request");
        ended.GetProperty("stopped_at").GetDateTimeOffset().ShouldBeGreaterThan(ended.GetProperty("started_at").GetDateTimeOffset());
        var counted = (Up: (3L * Echo) + (3 * Upload), Down: 3L * Echo);
        Octets(ended).ShouldBe(counted);
        await Eventually.IsTrueAsync(async () => await host.UsageAsync(who) == counted, $"the usage is {counted}");
        await Eventually.IsTrueAsync(async () => (await swan.AddressesAsync()).Length == 0, "the router has lost its address");
        (await swan.PingAsync(1, Echo)).ShouldBe(0);
    }

    private static (long Up, long Down) Octets(System.Text.Json.JsonElement session) =>
        (session.GetProperty("uploaded_bytes").GetInt64(), session.GetProperty("downloaded_bytes").GetInt64());
}
