using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Access;

/// <summary>The built executable, real packets: from an accounting record to the live screen, and from "disable" to the NAS.</summary>
public sealed class LiveLineTests(RadiusFixture fixture) : IClassFixture<RadiusFixture>
{
    [Fact]
    public async Task A_session_comes_to_the_screen_is_disconnected_by_disabling_and_leaves_with_its_stop()
    {
        const string secret = "a-secret-of-this-line";
        var address = RadiusFixture.NewAddress();
        using var peer = new NasDouble(secret, IPAddress.Parse(address));
        var nas = await fixture.NasAsync(secret: secret, address: address, coaPort: peer.Port);
        var subscriber = await fixture.SubscriberAsync();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var http = new HttpClient { BaseAddress = fixture.Host.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", fixture.Admin.Token);
        await using var stream = await http.GetStreamAsync("/api/v1/radius/sessions/stream", limit.Token);
        await using var events = SseParser.Create(stream).EnumerateAsync(limit.Token).GetAsyncEnumerator(limit.Token);

        await nas.AccountAsync("Start", ("User-Name", subscriber.Username), ("Acct-Session-Id", "LIVE-1"));
        var came = await NextAsync();
        (came["username"]!.GetValue<string>(), came["acct_session_id"]!.GetValue<string>()).ShouldBe((subscriber.Username, "LIVE-1"));
        came["subscriber_id"]!.GetValue<Guid>().ShouldBe(subscriber.Id);
        var list = (await fixture.Admin.GetAsync("/api/v1/radius/sessions?username=" + subscriber.Username)).ShouldHave(HttpStatusCode.OK);
        list["items"].GetArrayLength().ShouldBe(1);
        var shown = (await fixture.Admin.GetAsync("/api/v1/subscribers/" + subscriber.Username)).ShouldHave(HttpStatusCode.OK);
        shown["online"].GetBoolean().ShouldBeTrue();
        (await fixture.Admin.GetAsync("/api/v1/dashboard"))
            .ShouldHave(HttpStatusCode.OK)["sessions_online"]
            .GetInt64()
            .ShouldBeGreaterThan(0);

        (await fixture.Admin.PostAsync($"/api/v1/subscribers/{subscriber.Id}/disable")).ShouldHave(HttpStatusCode.OK);
        await Eventually.IsTrueAsync(() => Task.FromResult(peer.Asked > 0), "the NAS is asked to disconnect");
        peer.LastWasSigned.ShouldBeTrue();

        await nas.AccountAsync("Stop", ("User-Name", subscriber.Username), ("Acct-Session-Id", "LIVE-1"));
        JsonNode went;
        do
        {
            went = await NextAsync();
        } while (went["stopped_at"] is null);
        went["id"]!.GetValue<string>().ShouldBe(came["id"]!.GetValue<string>());

        // An open stream does not hold the stop up.
        (await fixture.Host.StopGentlyAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(15));

        async Task<JsonNode> NextAsync()
        {
            do
            {
                (await events.MoveNextAsync()).ShouldBeTrue();
            } while (events.Current.EventType != "session");

            return JsonNode.Parse(events.Current.Data)!;
        }
    }
}
