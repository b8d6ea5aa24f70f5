using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Console;

/// <summary>What a tenant has before it provisions its first line: a plan, a pool, and a simulated OLT that sees ONUs.</summary>
internal static class ProvisioningGround
{
    /// <summary>Answers the plan's id.</summary>
    public static async Task<Guid> PrepareAsync(ApiClient api)
    {
        var plan = await api.PostAsync(
            "/api/v1/radius/bandwidth-profiles",
            new
            {
                name = "Fibre 100",
                download_rate_kbps = 100_000,
                upload_rate_kbps = 20_000,
            }
        );
        plan.ShouldHave(HttpStatusCode.Created);
        (
            await api.PostAsync(
                "/api/v1/ipam/pools",
                new
                {
                    name = "home-v4",
                    type = "ipv4_private",
                    network = "100.64.9.0/24",
                    is_default = true,
                }
            )
        ).ShouldHave(HttpStatusCode.Created);
        var olt = await api.PostAsync("/api/v1/pon/simulator/olts", new { name = "olt-ikeja-1", ports = 2 });
        olt.ShouldHave(HttpStatusCode.Created);
        for (var n = 1; n <= 4; n++)
        {
            (
                await api.PutAsync(
                    $"/api/v1/pon/simulator/onus/ALCL0000000{n}",
                    new
                    {
                        olt_id = olt["id"].GetGuid(),
                        port = n % 2,
                        distance_m = 900 * n,
                        plugged = true,
                    }
                )
            ).ShouldHave(HttpStatusCode.OK);
        }

        return plan["id"].GetGuid();
    }

    /// <summary>Provisions a line over the API, to its end. Answers the run.</summary>
    public static async Task<Guid> ProvisionAsync(ApiClient api, Guid plan, string username, string? onu = null)
    {
        var answer = await api.PostAsync(
            "/api/v1/provisioning/subscribers?wait=30",
            new
            {
                username,
                plan_id = plan,
                onu_serial = onu,
            }
        );
        answer.ShouldHave(HttpStatusCode.Accepted);
        answer["status"].GetString().ShouldBe("completed");
        return answer["run_id"].GetGuid();
    }
}
