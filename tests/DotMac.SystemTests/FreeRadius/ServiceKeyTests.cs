using System.Net;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.FreeRadius;

/// <summary>What FreeRADIUS is told in clear, no person reads past the audited way.</summary>
public sealed class ServiceKeyTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    [Fact]
    public async Task Passwords_and_secrets_are_told_to_an_api_key_and_to_nobody_who_is_signed_in()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var request = new Dictionary<string, object>
        {
            ["User-Name"] = new { type = "string", value = new[] { user.Username } },
            ["CHAP-Password"] = new { type = "octets", value = new[] { "0x01" + new string('0', 32) } },
        };
        var authorize = $"/api/v1/radius/authorize?source={nas.Address}";
        var client = $"/api/v1/radius/freeradius/client?source={nas.Address}";
        foreach (var path in new[] { authorize, client })
        {
            var refused = (await host.Admin.PostAsync(path, request)).ShouldHave(HttpStatusCode.Forbidden);
            refused.Code.ShouldBe("radius.service_key_required");
            refused.Text.ShouldNotContain(user.Password);
            refused.Text.ShouldNotContain(nas.Secret);
        }

        var body = new { name = RadiusFixture.NewName("key"), permissions = new[] { "isp.radius.write" } };
        var key = (await host.Admin.PostAsync("/api/v1/api-keys", body)).ShouldHave(HttpStatusCode.Created)["key"].GetString()!;
        using var service = new ApiClient(host.Host.Address) { Token = key };
        (await service.PostAsync(authorize, request)).ShouldHave(HttpStatusCode.OK).Text.ShouldContain(user.Password);
        (await service.PostAsync(client)).ShouldHave(HttpStatusCode.OK).Text.ShouldContain(nas.Secret);
    }
}
