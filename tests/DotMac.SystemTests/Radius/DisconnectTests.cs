using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>The platform asks a real FreeRADIUS, standing for the NAS, to drop a session, and tells what it answered.</summary>
public sealed partial class DisconnectTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    private const string Disconnect = "/api/v1/radius/sessions/disconnect";

    [PeerFact("freeradius")]
    public async Task An_acknowledged_disconnect_names_the_session_and_is_signed()
    {
        var port = Ports.Udp();
        var nas = await host.NasAsync(coaPort: port);
        await using var peer = await FreeRadiusNas.StartAsync(nas.Address, port, nas.Secret);
        var user = await OnlineAsync(nas, "user", "s%lX-7", ("Framed-IP-Address", "100.64.7.7"), ("NAS-IP-Address", "192.0.2.9"));

        var result = Result((await host.Admin.PostAsync(Disconnect, new { username = user.Username })).ShouldHave(HttpStatusCode.OK));

        result.GetProperty("outcome").GetString().ShouldBe("ack", result.ToString());
        result.GetProperty("username").GetString().ShouldBe(user.Username);
        result.GetProperty("nas").GetProperty("id").GetGuid().ShouldBe(nas.Id);
        result.GetProperty("attempts").GetInt32().ShouldBe(1);
        var seen = peer.Output;
        seen.ShouldContain("Received Disconnect-Request");
        seen.ShouldContain($"User-Name = \"{user.Username}\"");
        seen.ShouldContain("Acct-Session-Id = \"s%lX-7\"");
        seen.ShouldContain("Framed-IP-Address = 100.64.7.7");
        seen.ShouldContain("NAS-IP-Address = 192.0.2.9");
        seen.ShouldContain("Event-Timestamp = ");
        FirstAttribute().Match(seen).Groups[1].Value.ShouldBe("Message-Authenticator", seen);
        seen.ShouldContain("Sent Disconnect-ACK");
        (await StoredAsync(user)).ShouldBe(["ack"]);

        // An ack is the NAS's word; the session is over when its Stop comes.
        (await SessionsAsync(user)).ShouldBe(1);
        await nas.AccountAsync("Stop", ("User-Name", user.Username), ("Acct-Session-Id", "s%lX-7"), ("NAS-IP-Address", "192.0.2.9"));
        await Eventually.IsTrueAsync(async () => await SessionsAsync(user) == 0, "the session has ended");
        (await host.Admin.PostAsync(Disconnect, new { username = user.Username }))
            .ShouldHave(HttpStatusCode.NotFound)
            .Code.ShouldBe("session.not_found");
    }

    [PeerTheory("freeradius")]
    [InlineData("refuse", 503, "Session-Context-Not-Found")]
    [InlineData("stubborn", null, null)]
    public async Task A_refusal_is_told_with_the_reason_of_the_nas(string stem, int? cause, string? name)
    {
        var port = Ports.Udp();
        var nas = await host.NasAsync(coaPort: port);
        await using var peer = await FreeRadiusNas.StartAsync(nas.Address, port, nas.Secret);
        var user = await OnlineAsync(nas, stem, "s-8");

        var answer = (await host.Admin.PostAsync(Disconnect, new { session_id = "s-8" })).ShouldHave(HttpStatusCode.OK);

        var result = Result(answer);
        result.GetProperty("outcome").GetString().ShouldBe("nak");
        if (cause is null)
        {
            (!result.TryGetProperty("error_cause", out var none) || none.ValueKind == JsonValueKind.Null).ShouldBeTrue(answer.Text);
        }
        else
        {
            answer["results"][0].GetProperty("error_cause").GetProperty("value").GetInt32().ShouldBe(cause.Value);
            result.GetProperty("error_cause").GetProperty("name").GetString().ShouldBe(name);
            result.GetProperty("message").GetString()!.ShouldContain(name!);
        }

        (await StoredAsync(user)).ShouldBe(["nak"]);
        await nas.AccountAsync("Stop", ("User-Name", user.Username), ("Acct-Session-Id", "s-8"));
        await Eventually.IsTrueAsync(async () => await SessionsAsync(user) == 0, "the session has ended");
    }

    [PeerFact("freeradius")]
    public async Task A_nas_with_another_secret_is_a_timeout_and_one_that_is_not_there_is_unreachable()
    {
        var port = Ports.Udp();
        var deaf = await host.NasAsync(coaPort: port);
        var gone = await host.NasAsync(coaPort: Ports.Udp());
        await using var peer = await FreeRadiusNas.StartAsync(deaf.Address, port, "another-secret");
        var unheard = await OnlineAsync(deaf, "unheard", "s-9");
        var lost = await OnlineAsync(gone, "lost", "s-10");

        var timeout = host.Admin.PostAsync(Disconnect, new { username = unheard.Username });
        var unreachable = host.Admin.PostAsync(Disconnect, new { username = lost.Username });

        var result = Result((await timeout).ShouldHave(HttpStatusCode.OK));
        result.GetProperty("outcome").GetString().ShouldBe("timeout", result.ToString());
        result.GetProperty("attempts").GetInt32().ShouldBe(3);
        result = Result((await unreachable).ShouldHave(HttpStatusCode.OK));
        result.GetProperty("outcome").GetString().ShouldBe("unreachable", result.ToString());
        // The three tries were one packet: the same identifier each time.
        var identifiers = RequestIdentifier().Matches(peer.Output).Select(m => m.Groups[1].Value).ToList();
        identifiers.Distinct().Count().ShouldBeLessThanOrEqualTo(1, peer.Output);
        // Nothing is claimed to be over.
        (await SessionsAsync(unheard)).ShouldBe(1);
        (await SessionsAsync(lost)).ShouldBe(1);
    }

    [PeerFact("freeradius")]
    public async Task Disabling_a_subscriber_disconnects_what_is_online_and_asks_again_while_the_nas_is_away()
    {
        var port = Ports.Udp();
        var nas = await host.NasAsync(coaPort: port);
        var user = await OnlineAsync(nas, "disabled", "s-11");

        (await host.Admin.PostAsync($"/api/v1/subscribers/{user.Username}/disable")).ShouldHave(HttpStatusCode.OK);
        await Eventually.IsTrueAsync(async () => (await StoredAsync(user)).Contains("unreachable"), "the first try is noted");
        (await nas.AccessAsync(user.Username, user.Password)).Code.ShouldBe(PacketCode.AccessReject);

        await using var peer = await FreeRadiusNas.StartAsync(nas.Address, port, nas.Secret);
        await Eventually.IsTrueAsync(
            async () => (await StoredAsync(user)).LastOrDefault() == "ack",
            "the NAS is asked again and acknowledges",
            TimeSpan.FromSeconds(90)
        );
        peer.Output.ShouldContain("Acct-Session-Id = \"s-11\"");
        var asked = (await StoredAsync(user)).Count;
        await Task.Delay(1_500);
        (await StoredAsync(user)).Count.ShouldBe(asked, "acknowledged is done");
    }

    [PeerFact("freeradius")]
    public async Task Suspending_and_resuming_make_what_is_online_sign_on_anew()
    {
        var port = Ports.Udp();
        var nas = await host.NasAsync(coaPort: port);
        await using var peer = await FreeRadiusNas.StartAsync(nas.Address, port, nas.Secret);
        var user = await OnlineAsync(nas, "user", "s-13");
        var path = "/api/v1/subscribers/" + user.Username;

        (await host.Admin.PatchAsync(path, new { suspended = true, walled_garden_filter_id = "garden" })).ShouldHave(HttpStatusCode.OK);
        await Eventually.IsTrueAsync(async () => (await StoredAsync(user)).Count == 1, "asked when suspended", TimeSpan.FromSeconds(90));
        (await host.Admin.PatchAsync(path, new { suspended = false })).ShouldHave(HttpStatusCode.OK);
        await Eventually.IsTrueAsync(async () => (await StoredAsync(user)).Count == 2, "asked when resumed", TimeSpan.FromSeconds(90));
        (await StoredAsync(user)).ShouldBe(["ack", "ack"]);
    }

    [Fact]
    public async Task Who_may_not_disconnect_is_told_which_permission_is_missing()
    {
        var nas = await host.NasAsync();
        var user = await OnlineAsync(nas, "kept", "s-12");
        using var billing = await BillingManagerAsync();

        var answer = (await billing.PostAsync(Disconnect, new { username = user.Username })).ShouldHave(HttpStatusCode.Forbidden);

        answer.Code.ShouldBe("permission.missing");
        answer["detail"].GetString()!.ShouldContain("isp.radius.sessions.manage");
        (await StoredAsync(user)).ShouldBeEmpty();
        // Disabling would do the same by another door.
        (await billing.PostAsync($"/api/v1/subscribers/{user.Username}/disable")).ShouldHave(HttpStatusCode.Forbidden);
        (await nas.AccessAsync(user.Username, user.Password, ("Calling-Station-Id", "kept"))).Code.ShouldBe(PacketCode.AccessAccept);
    }

    private async Task<ApiClient> BillingManagerAsync()
    {
        const string password = "Billing-Horse-7-Battery";
        var roles = (await host.Admin.GetAsync("/api/v1/roles?limit=200")).ShouldHave(HttpStatusCode.OK);
        var role = roles["items"].EnumerateArray().Single(r => r.GetProperty("name").GetString() == "billing_manager");
        var email = RadiusFixture.NewName("billing") + "@example.net";
        var body = new
        {
            email,
            full_name = "Billing",
            password,
            role_ids = new[] { role.GetProperty("id").GetGuid() },
        };
        (await host.Admin.PostAsync("/api/v1/users", body)).ShouldHave(HttpStatusCode.Created);
        var client = host.Host.Api();
        await client.LoginAsync(email, password);
        return client;
    }

    /// <summary>A subscriber with a session that the API shows.</summary>
    private async Task<TestSubscriber> OnlineAsync(TestNas nas, string stem, string session, params (string, string)[] more)
    {
        var user = await host.SubscriberAsync(username: RadiusFixture.NewName(stem));
        await nas.AccountAsync(
            "Start",
            [("User-Name", user.Username), ("Acct-Session-Id", session), ("Calling-Station-Id", stem), .. more]
        );
        await Eventually.IsTrueAsync(async () => await SessionsAsync(user) == 1, "the session is seen over the API");
        return user;
    }

    private async Task<int> SessionsAsync(TestSubscriber user)
    {
        var page = (await host.Admin.GetAsync("/api/v1/radius/sessions?username=" + user.Username)).ShouldHave(HttpStatusCode.OK);
        return page["items"].GetArrayLength();
    }

    private Task<IReadOnlyList<string>> StoredAsync(TestSubscriber user) =>
        host.Database.QueryAsync<string>("SELECT outcome FROM coa_requests WHERE username = @Username ORDER BY at, id", user);

    private static JsonElement Result(ApiAnswer answer)
    {
        var results = answer["results"];
        results.GetArrayLength().ShouldBe(1, answer.Text);
        return results[0];
    }

    [GeneratedRegex(@"Received Disconnect-Request Id (\d+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RequestIdentifier();

    [GeneratedRegex(@"Received Disconnect-Request [^\n]*\n\(\d+\)\s+([A-Za-z-]+) = ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FirstAttribute();
}
