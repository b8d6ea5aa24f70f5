using System.Text.Json.Nodes;

namespace DotMac.SystemTests.Access;

/// <summary>Bandwidth profiles and NAS through the API.</summary>
public sealed class RegistryTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task A_profile_is_made_read_changed_and_removed()
    {
        var made = await api.Client.MustAsync(
            201,
            "POST",
            "radius/bandwidth-profiles",
            new
            {
                name = "Gold",
                download_rate_kbps = 50000,
                upload_rate_kbps = 10000,
            }
        );
        var path = "radius/bandwidth-profiles/" + made.Text("id");
        (await api.Client.MustAsync(200, "GET", path)).ToJsonString().ShouldBe(made.ToJsonString());
        made["subscriber_count"]!.GetValue<int>().ShouldBe(0);

        var changed = await api.Client.MustAsync(200, "PATCH", path, new { download_rate_kbps = 60000, description = "fast" });
        changed["download_rate_kbps"]!.GetValue<int>().ShouldBe(60000);
        changed["upload_rate_kbps"]!.GetValue<int>().ShouldBe(10000);
        changed["version"]!.GetValue<int>().ShouldBe(2);
        (await api.Client.MustAsync(200, "PATCH", path, new { description = (string?)null }))["description"].ShouldBeNull();

        await api.Client.MustAsync(204, "DELETE", path);
        (await api.Client.MustAsync(404, "GET", path)).Code().ShouldBe("bandwidth_profile.not_found");
    }

    [Fact]
    public async Task A_nas_never_shows_its_secret_but_to_an_audited_reveal()
    {
        var made = await api.Client.MustAsync(
            201,
            "POST",
            "radius/nas",
            new
            {
                nasname = "192.0.2.1",
                shortname = "bng-1",
                type = "router",
                vendor = "mikrotik",
                secret = "s3cret-of-bng",
            }
        );
        made.ToJsonString().ShouldNotContain("s3cret");
        made["coa_port"]!.GetValue<int>().ShouldBe(3799);
        made.Text("message_authenticator_policy").ShouldBe("auto");
        made.Text("nasname").ShouldBe("192.0.2.1");

        var revealed = await api.Client.MustAsync(200, "POST", $"radius/nas/{made.Text("id")}/reveal-secret");
        revealed.Text("secret").ShouldBe("s3cret-of-bng");
        (
            await api.Database.QueryAsync<string>(
                "SELECT action FROM audit_log WHERE entity_id = @id ORDER BY seq",
                new { id = made.Text("id") }
            )
        ).ShouldBe(["nas.created", "nas.secret_revealed"]);
        (await api.Database.ScalarAsync<string>("SELECT string_agg(after::text, '') FROM audit_log"))
            .ShouldNotBeNull()
            .ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task A_subscriber_is_made_listed_and_read_under_both_bases()
    {
        var made = await api.Client.MustAsync(
            201,
            "POST",
            "radius/subscribers",
            new
            {
                username = " Alice@ISP.example ",
                password = "correct-horse",
                framed_ipv4_address = "100.64.0.7",
                delegated_ipv6_prefix = "2001:db8:7::/56",
                vlan_id = 100,
            }
        );
        made.Text("username").ShouldBe("alice@isp.example");
        made.Text("subscriber_number").ShouldStartWith("S-0000");
        made.ToJsonString().ShouldNotContain("password");
        foreach (var key in new[] { made.Text("id"), "alice@isp.example", "ALICE@isp.example" })
        {
            foreach (var routeBase in new[] { "subscribers/", "radius/subscribers/" })
            {
                JsonNode.DeepEquals(await api.Client.MustAsync(200, "GET", routeBase + key), made).ShouldBeTrue();
            }
        }

        foreach (var q in new[] { "ALICE", "isp.ex", "64.0.7", made.Text("subscriber_number") })
        {
            var page = await api.Client.MustAsync(200, "GET", $"subscribers?q={q}&count=true");
            page["items"]!.AsArray().Count.ShouldBe(1, q);
            page["total"]!.GetValue<int>().ShouldBe(1);
        }
    }
}
