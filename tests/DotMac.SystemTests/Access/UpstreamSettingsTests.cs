using System.Text.Json.Nodes;

namespace DotMac.SystemTests.Access;

/// <summary>Whoever changes where an upstream is must know its secret: else a changed address would tell another machine what we trust.</summary>
public sealed class UpstreamSettingsTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task A_new_server_needs_the_secret_again_and_anything_else_does_not()
    {
        var made = await api.Client.MustAsync(
            201,
            "POST",
            "radius/upstreams",
            new
            {
                name = "partner",
                secret = "a-secret-of-ours",
                realms = new[] { "partner.example" },
                servers = new[] { new { address = "192.0.2.10" }, new { address = "192.0.2.11" } },
            }
        );
        Task<JsonNode> PatchAsync(int status, object change) =>
            api.Client.MustAsync(status, "PATCH", "radius/upstreams/" + made.Text("id"), change);
        object[] elsewhere =
        [
            new { servers = new[] { new { address = "203.0.113.66" } } },
            new { servers = new[] { new { address = "192.0.2.10" }, new { address = "203.0.113.66" } } },
            new { servers = new[] { new { address = "192.0.2.10", auth_port = 11812 } } },
            new { servers = new[] { new { address = "192.0.2.10", acct_port = 11813 } } },
        ];
        foreach (var change in elsewhere)
        {
            (await PatchAsync(400, change)).Faults().ShouldBe(["secret:required"]);
        }

        await PatchAsync(200, new { servers = new[] { new { address = "192.0.2.11" }, new { address = "192.0.2.10" } } });
        await PatchAsync(200, new { servers = new[] { new { address = "192.0.2.11" } } });
        await PatchAsync(200, new { priority = 7 });
        await PatchAsync(200, new { servers = new[] { new { address = "203.0.113.66" } }, secret = "a-secret-of-ours" });
    }
}
