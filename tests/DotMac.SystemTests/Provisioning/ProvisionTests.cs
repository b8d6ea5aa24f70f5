using System.Net;
using DotMac.Radius.Wire;

namespace DotMac.SystemTests.Provisioning;

/// <summary>One order, and what it comes to.</summary>
public sealed class ProvisionTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    [Fact]
    public async Task One_order_makes_a_subscriber_who_signs_on_with_what_was_allocated()
    {
        var onu = await host.OnuAsync();
        var nas = await host.NasAsync();
        var line = new
        {
            ipv6_assignment_mode = "dual_stack",
            vlan_pool = ProvisioningFixture.QinqPool,
            qinq_enabled = true,
        };
        var home = await host.ProvisionAsync(line, onu);

        var service = await host.ServiceAsync(home.ServiceId);
        service.GetProperty("status").GetString().ShouldBe("active");
        var kept = service.GetProperty("service_metadata");
        var address = kept.GetProperty("ipv4").GetProperty("network").GetString()!.Split('/')[0];
        var subscriber = (await host.Admin.GetAsync($"/api/v1/subscribers/{home.Username}")).ShouldHave(HttpStatusCode.OK);
        subscriber["status"].GetString().ShouldBe("active");
        subscriber["framed_ipv4_address"].GetString().ShouldBe(address);
        subscriber["onu_serial"].GetString().ShouldBe(onu);

        var accept = await nas.AccessAsync(PacketCode.AccessAccept, home.Username, home.Password);
        accept.Code.ShouldBe(PacketCode.AccessAccept);
    }
}
