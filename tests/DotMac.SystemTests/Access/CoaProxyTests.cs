using System.Text.Json.Nodes;
using DotMac.Access.Coa;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Access;

/// <summary>The third way to a NAS: an HTTP proxy of the tenant's. The proxy is a real HTTP server that speaks RADIUS to a real NAS.</summary>
public sealed class CoaProxyTests(AccessApi api) : IClassFixture<AccessApi>
{
    private const string NasSecret = "known-to-the-proxy";
    private static readonly object Rates = new { download_rate_kbps = 30000, upload_rate_kbps = 3000 };

    [PeerFact("freeradius")]
    public async Task A_tenants_proxy_carries_its_requests_to_a_real_nas()
    {
        await using var peer = await FreeRadiusNas.StartAsync(NasSecret);
        await using var proxy = await CoaProxyPeer.StartAsync(NasSecret);
        await UseAsync(proxy);
        var nas = await api.NasAsync("127.0.0.1", peer.Port, secret: "never-told-to-the-proxy");
        var subscriber = await api.SubscriberAsync("ack-by-proxy@isp");
        var answer = await AskAsync(await api.SessionAsync(nas, subscriber, "by-proxy", username: "ack-by-proxy@isp"));
        answer["result"]!.Text("outcome").ShouldBe("ack", answer.ToJsonString());

        var said = proxy.Last;
        (said.Text("operation"), said.Text("kind"), said["nas"]!["port"]!.GetValue<int>()).ShouldBe(("coa", "rate", peer.Port));
        (said["session"]!.Text("username"), said["session"]!.Text("acct_session_id")).ShouldBe(("ack-by-proxy@isp", "by-proxy"));
        var rate = said["attributes"]!.AsArray().Single(a => a!.Text("name") == "Mikrotik-Rate-Limit")!;
        (rate.Text("number"), rate.Text("value"), rate.Text("octets")).ShouldBe(
            ("26.14988.8", "3000k/30000k", "1a1400003a8c080e" + Convert.ToHexStringLower("3000k/30000k"u8))
        );
        proxy.Http.Asked[^1].Headers["Idempotency-Key"].ShouldBe(said.Text("id"));
        proxy.Http.Asked.ShouldAllBe(a => !a.Body.Contains("never-told", StringComparison.Ordinal));

        await api.SessionAsync(nas, null, "refused-by-proxy", username: "other");
        var refused = (await api.Client.MustAsync(200, "POST", "radius/sessions/disconnect", new { session_id = "refused-by-proxy" }))[
            "results"
        ]!.AsArray()[0]!;
        (refused.Text("outcome"), refused["error_cause"]!.Text("name")).ShouldBe(("nak", "Session-Context-Not-Found"));
        (await peer.StopAsync()).ShouldContain("Mikrotik-Rate-Limit = \"3000k/30000k\"");
    }

    [Theory]
    [InlineData(500, "", "unreachable")]
    [InlineData(401, "{\"id\":\"ID\",\"result\":\"ack\"}", "unreachable")]
    [InlineData(302, "{\"id\":\"ID\",\"result\":\"ack\"}", "unreachable")]
    [InlineData(200, "", "unreachable")]
    [InlineData(200, "OK", "unreachable")]
    [InlineData(200, "[]", "unreachable")]
    [InlineData(200, "{\"result\":\"ack\"}", "unreachable")]
    [InlineData(200, "{\"id\":\"another\",\"result\":\"ack\"}", "unreachable")]
    [InlineData(200, "{\"id\":\"ID\"}", "unreachable")]
    [InlineData(200, "{\"id\":\"ID\",\"result\":\"ACK\"}", "unreachable")]
    [InlineData(200, "{\"id\":\"ID\",\"result\":true}", "unreachable")]
    [InlineData(200, "{\"id\":\"ID\",\"result\":\"ok\"}", "unreachable")]
    [InlineData(200, "{\"id\":\"ID\",\"result\":\"timeout\",\"message\":\"line\\r\\nbreak\"}", "timeout")]
    [InlineData(200, "{\"id\":\"ID\",\"result\":\"unreachable\"}", "unreachable")]
    public async Task Nothing_but_a_clear_ack_is_a_success(int status, string body, string outcome)
    {
        await using var proxy = await CoaProxyPeer.StartAsync(NasSecret);
        await UseAsync(proxy);
        proxy.Says = (status, body);
        var id = Guid.NewGuid().ToString("N");
        var subscriber = await api.SubscriberAsync($"{id}@isp");
        var answer = await AskAsync(await api.SessionAsync(await api.NasAsync(), subscriber, id, nasIpAddress: "198.51.100.9"));
        answer["result"]!.Text("outcome").ShouldBe(outcome, answer.ToJsonString());
        answer["result"]!["asked_again_at"].ShouldNotBeNull();
        answer["result"]!.Text("message").ShouldNotContain("\r");
        (await TaskAsync(subscriber)).Text("state").ShouldBe("retrying");
    }

    [Fact]
    public async Task A_proxy_that_is_away_is_asked_again_and_then_it_is_done()
    {
        using var nasDouble = new NasDouble(NasSecret) { Says = PacketCode.CoaAck };
        await using var proxy = await CoaProxyPeer.StartAsync(NasSecret);
        await UseAsync(proxy);
        proxy.Says = (503, "");
        var subscriber = await api.SubscriberAsync("away-proxy@isp");
        var id = await api.SessionAsync(await api.NasAsync("127.0.0.1", nasDouble.Port), subscriber, "away-proxy");
        (await AskAsync(id))["result"]!.Text("outcome").ShouldBe("unreachable");
        nasDouble.Asked.ShouldBe(0);
        proxy.Says = null;
        await api.Database.ExecuteAsync("UPDATE coa_tasks SET due_at = now() WHERE acctsessionid = 'away-proxy'");
        await ActivatorUtilities.CreateInstance<CoaWorker>(api.Services).RunOnceAsync(default);
        var task = await TaskAsync(subscriber);
        (task.Text("state"), task.Text("outcome"), task["attempts"]!.GetValue<int>()).ShouldBe(("done", "ack", 2));
        (nasDouble.Asked, nasDouble.LastWasSigned).ShouldBe((1, true));
    }

    [Fact]
    public async Task A_proxy_is_tried_before_it_is_kept_and_its_token_is_never_told()
    {
        await using var proxy = await CoaProxyPeer.StartAsync(NasSecret);
        using var client = api.As(AccessApi.OtherTenant, AccessApi.AllPermissions);
        const string Path = "radius/coa/settings";
        (await client.MustAsync(400, "PUT", Path, new { transport = "http" }))
            .Faults()
            .ShouldBe(["proxy_token:required", "proxy_url:required"]);
        (
            await client.MustAsync(
                400,
                "PUT",
                Path,
                new
                {
                    transport = "http",
                    proxy_url = "http://x/\r\nA: b",
                    proxy_token = "line\r\nbreak",
                }
            )
        ).Faults().ShouldBe(["proxy_token:bad_character", "proxy_url:bad_format"]);
        var wrong = await client.MustAsync(
            422,
            "PUT",
            Path,
            new
            {
                transport = "http",
                proxy_url = proxy.Url,
                proxy_token = "wrong-token",
            }
        );
        (wrong.Code(), wrong.Text("detail")).ShouldSatisfyAllConditions(
            w => w.Item1.ShouldBe("coa.proxy_failed"),
            w => w.Item2.ShouldContain("check the credentials")
        );
        var inside = await client.MustAsync(
            422,
            "PUT",
            Path,
            new
            {
                transport = "http",
                proxy_url = "http://169.254.169.254/latest",
                proxy_token = CoaProxyPeer.Token,
            }
        );
        inside.Text("detail").ShouldContain("DOTMAC_OUTGOING_ALLOW");
        (await client.MustAsync(200, "GET", Path)).Text("transport").ShouldBe("direct", "a failed test changes nothing");

        var kept = await client.MustAsync(
            200,
            "PUT",
            Path,
            new
            {
                transport = "http",
                proxy_url = proxy.Url,
                proxy_token = CoaProxyPeer.Token,
            }
        );
        (kept.Text("transport"), kept.Text("proxy_url"), kept["has_proxy_token"]!.GetValue<bool>()).ShouldBe(("http", proxy.Url, true));
        kept["tested_at"].ShouldNotBeNull();
        kept.ToJsonString().ShouldNotContain(CoaProxyPeer.Token);
        (await client.MustAsync(400, "PUT", Path, new { transport = "http", proxy_url = proxy.Url + "/other" }))
            .Faults()
            .ShouldBe(["proxy_token:required"]);
        (await client.MustAsync(200, "PUT", Path, new { transport = "direct" })).Text("proxy_url").ShouldBe(proxy.Url);
        (await client.MustAsync(200, "PUT", Path, new { transport = "http" })).Text("transport").ShouldBe("http", "the kept token is used");
        (
            await api.Database.ScalarAsync<string>("SELECT string_agg(a::text, '') FROM audit_log a WHERE entity = 'coa_settings'")
        )!.ShouldNotContain(CoaProxyPeer.Token);
        (
            await api.Database.ScalarAsync<bool>(
                "SELECT bool_and(position('token-of' in encode(proxy_token, 'escape')) = 0) FROM coa_settings"
            )
        ).ShouldBeTrue();
    }

    private Task UseAsync(CoaProxyPeer proxy) =>
        api.Client.MustAsync(
            200,
            "PUT",
            "radius/coa/settings",
            new
            {
                transport = "http",
                proxy_url = proxy.Url,
                proxy_token = CoaProxyPeer.Token,
            }
        );

    private Task<JsonNode> AskAsync(string session) => api.Client.MustAsync(200, "POST", $"radius/sessions/{session}/coa/rate", Rates);

    private async Task<JsonNode> TaskAsync(JsonNode subscriber) =>
        (await api.Client.MustAsync(200, "GET", $"radius/coa/tasks?subscriber_id={subscriber.Text("id")}"))["items"]!.AsArray().Single()!;
}
