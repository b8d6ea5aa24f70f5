namespace DotMac.SystemTests.Access;

/// <summary>The authentication test answers as the RADIUS server would.</summary>
public sealed class TestAuthenticationTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task It_decides_and_shows_the_reply_of_the_NASs_vendor()
    {
        var profile = await api.Client.MustAsync(
            201,
            "POST",
            "radius/bandwidth-profiles",
            new
            {
                name = "try",
                download_rate_kbps = 50000,
                upload_rate_kbps = 10000,
            }
        );
        var nas = await api.NasAsync();
        var subscriber = await api.SubscriberAsync(
            "try@isp",
            new
            {
                bandwidth_profile_id = profile.Text("id"),
                framed_ipv4_address = "100.64.5.5",
                vlan_id = 100,
                inner_vlan = 7,
            }
        );
        var accept = await api.Client.MustAsync(
            200,
            "POST",
            "radius/test/auth",
            new
            {
                username = "TRY@isp",
                password = "correct-horse",
                nas_id = nas.Text("id"),
            }
        );
        (accept.Text("outcome"), accept.Text("code")).ShouldBe(("accept", "accepted"));
        var reply = accept["reply"]!.AsArray().Select(a => $"{a!["name"]}={a["value"]}").ToList();
        reply.ShouldContain("Framed-IP-Address=100.64.5.5");
        reply.ShouldContain("Tunnel-Private-Group-Id:2=7");
        reply.ShouldContain(a => a.StartsWith("Mikrotik-Rate-Limit=", StringComparison.Ordinal));
        reply.ShouldNotContain(a => a.StartsWith("Message-Authenticator", StringComparison.Ordinal));

        (await CodeAsync("try@isp", "wrong")).ShouldBe("password.wrong");
        (await CodeAsync("nobody", "wrong")).ShouldBe("login.unknown");
        await api.SessionAsync(nas, subscriber, "T1");
        (await CodeAsync("try@isp", "correct-horse")).ShouldBe("sessions.too_many");
        await api.Client.MustAsync(200, "POST", "subscribers/try@isp/disable");
        (await CodeAsync("try@isp", "correct-horse")).ShouldBe("login.disabled");

        await api.SubscriberAsync("try-line@isp", new { circuit_id = "olt1/7", option82_policy = "enforce" });
        (await CodeAsync("try-line@isp", "correct-horse")).ShouldBe("option82.missing");
        var elsewhere = new
        {
            username = "try-line@isp",
            password = "correct-horse",
            circuit_id = "olt1/8",
        };
        var refused = await api.Client.MustAsync(200, "POST", "radius/test/auth", elsewhere);
        refused.Text("code").ShouldBe("option82.mismatch");
        refused.Text("detail").ShouldContain("expected_circuit_id=olt1/7 actual_circuit_id=olt1/8");
        var at = new
        {
            username = "try-line@isp",
            password = "correct-horse",
            circuit_id = "0x6f6c74312f37",
        };
        (await api.Client.MustAsync(200, "POST", "radius/test/auth", at)).Text("code").ShouldBe("accepted");

        using var other = api.As(AccessApi.OtherTenant, AccessApi.AllPermissions);
        (await other.MustAsync(200, "POST", "radius/test/auth", new { username = "try@isp", password = "correct-horse" }))
            .Text("code")
            .ShouldBe("login.unknown");
        var foreign = new
        {
            username = "try@isp",
            password = "x",
            nas_id = nas.Text("id"),
        };
        (await other.MustAsync(404, "POST", "radius/test/auth", foreign)).Code().ShouldBe("nas.not_found");
        (await api.Client.MustAsync(400, "POST", "radius/test/auth", new { method = "mschap" }))
            .Faults()
            .ShouldBe(["method:unknown", "password:required", "username:required"]);

        async Task<string> CodeAsync(string username, string password) =>
            (await api.Client.MustAsync(200, "POST", "radius/test/auth", new { username, password })).Text("code");
    }
}
