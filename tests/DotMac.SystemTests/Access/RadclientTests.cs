using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Access;

/// <summary>The other way to a NAS: FreeRADIUS's radclient.</summary>
public sealed class RadclientTests(AccessApi api) : IClassFixture<AccessApi>
{
    [PeerFact("freeradius")]
    public async Task A_tenant_may_have_radclient_carry_its_requests()
    {
        var client = api.Client;
        using var other = api.As(AccessApi.OtherTenant, AccessApi.AllPermissions);
        (await client.MustAsync(200, "GET", "radius/coa/settings")).Text("transport").ShouldBe("direct");
        await client.MustAsync(200, "PUT", "radius/coa/settings", new { transport = "radclient" });
        (await client.MustAsync(400, "PUT", "radius/coa/settings", new { transport = "pigeon" })).Faults().ShouldBe(["transport:unknown"]);
        (await other.MustAsync(200, "GET", "radius/coa/settings")).Text("transport").ShouldBe("direct", "the other tenant's is its own");

        await using var peer = await FreeRadiusNas.StartAsync("a-secret-of-theirs");
        var nas = await client.MustAsync(
            201,
            "POST",
            "radius/nas",
            new
            {
                nasname = "127.0.0.1",
                nas_identifier = "theirs",
                shortname = "theirs",
                vendor = "mikrotik",
                secret = "a-secret-of-theirs",
                coa_port = peer.Port,
            }
        );
        var acked = await api.SessionAsync(nas, null, "by-radclient", username: "ack-radclient");
        var answer = await client.MustAsync(
            200,
            "POST",
            $"radius/sessions/{acked}/coa/rate",
            new { download_rate_kbps = 30000, upload_rate_kbps = 3000 }
        );
        answer["result"]!.Text("outcome").ShouldBe("ack", answer.ToJsonString());
        await api.SessionAsync(nas, null, "refused", username: "refused-radclient");
        var refused = (await client.MustAsync(200, "POST", "radius/sessions/disconnect", new { session_id = "refused" }))[
            "results"
        ]!.AsArray()[0]!;
        (refused.Text("outcome"), refused["error_cause"]!.Text("name")).ShouldBe(("nak", "Session-Context-Not-Found"));
        var log = await peer.StopAsync();
        log.ShouldContain("Mikrotik-Rate-Limit = \"3000k/30000k\"");
        log.ShouldContain("Acct-Session-Id = \"by-radclient\"");
    }
}
