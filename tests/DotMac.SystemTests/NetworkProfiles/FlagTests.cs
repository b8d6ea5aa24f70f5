using System.Diagnostics;
using System.Net;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Access;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.NetworkProfiles;

/// <summary>Each flag of a tenant, switched through the API, seen in what RADIUS answers within a second.</summary>
[Collection(Alone.Name)]
public sealed class FlagTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    /// <summary>A second is promised; another one is for the machine that the tests run on.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_new_tenant_has_all_on_and_what_is_wrong_is_refused()
    {
        var list = (await host.Admin.GetAsync("/api/v1/tenant/flags")).ShouldHave(HttpStatusCode.OK)["items"].EnumerateArray().ToList();
        list.Select(f => f.GetProperty("name").GetString())
            .ShouldBe([
                "ENABLE_NETWORK_PROFILE_CONSUMPTION",
                "ENABLE_STATIC_IP_BYPASS",
                "ENABLE_QINQ_PROVISIONING",
                "ENABLE_OPTION82_ENFORCEMENT",
                "OPTION82_DEFAULT_POLICY",
                "ENABLE_IPV6_PD",
                "ENABLE_VLAN_COA_UPDATES",
            ]);
        list.ShouldAllBe(f => f.GetProperty("default").GetString() == f.GetProperty("choices")[0].GetString());
        (await host.Admin.PutAsync("/api/v1/tenant/flags/ENABLE_MAGIC", new { value = "on" })).Code.ShouldBe("flag.not_found");
        (await host.Admin.PutAsync("/api/v1/tenant/flags/ENABLE_IPV6_PD", new { value = "maybe" })).Code.ShouldBe("validation.failed");
    }

    [Fact]
    public async Task What_radius_answers_follows_the_flags()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        (
            await host.Admin.PutAsync(
                $"/api/v1/network/subscribers/{user.Id}/profile",
                new
                {
                    circuit_id = "olt7/1",
                    option82_policy = "enforce",
                    service_vlan = 700,
                    inner_vlan = 7,
                    static_ipv4 = "100.70.7.7",
                    ipv6_assignment_mode = "pd",
                    delegated_ipv6_prefix = "2001:db8:7777::/56",
                }
            )
        ).ShouldHave(HttpStatusCode.OK);
        const string All = "100.70.7.7 vlan 700.7 pd";
        await ExpectAsync(nas, user, All);
        (await AskAsync(nas, user, "elsewhere")).ShouldBe("reject");

        await SetAsync("ENABLE_QINQ_PROVISIONING", "off");
        await ExpectAsync(nas, user, "100.70.7.7 vlan 700 pd");
        var reply = (await host.Admin.GetAsync($"/api/v1/network/subscribers/{user.Id}/profile/reply?vendor=cisco")).ShouldHave(
            HttpStatusCode.OK
        );
        reply["not_sent"].EnumerateArray().Select(f => f.GetString()).ShouldBe(["inner_vlan"]);
        reply["attributes"].EnumerateArray().Select(a => a.GetProperty("hex").GetString()).ShouldContain("08066446" + "0707");
        await SetAsync("ENABLE_IPV6_PD", "off");
        await ExpectAsync(nas, user, "100.70.7.7 vlan 700");
        await SetAsync("ENABLE_OPTION82_ENFORCEMENT", "off");
        await ExpectAsync(nas, user, "100.70.7.7 vlan 700", from: "elsewhere");
        await SetAsync("ENABLE_NETWORK_PROFILE_CONSUMPTION", "off");
        await ExpectAsync(nas, user, "bare", from: "elsewhere");

        foreach (
            var flag in new[]
            {
                "ENABLE_NETWORK_PROFILE_CONSUMPTION",
                "ENABLE_QINQ_PROVISIONING",
                "ENABLE_IPV6_PD",
                "ENABLE_OPTION82_ENFORCEMENT",
            }
        )
        {
            await SetAsync(flag, "on");
        }

        await ExpectAsync(nas, user, All);
        await ExpectAsync(nas, user, "reject", from: "elsewhere");

        var audit = (await host.Admin.GetAsync("/api/v1/audit?entity=flag_setting&limit=50")).ShouldHave(HttpStatusCode.OK);
        audit["items"].GetArrayLength().ShouldBeGreaterThanOrEqualTo(8);
        var flags = (await host.Admin.GetAsync("/api/v1/tenant/flags"))["items"].EnumerateArray();
        flags.First().GetProperty("changed_by").GetString().ShouldBe(HostProcess.AdminEmail);
    }

    [Fact]
    public async Task The_default_policy_is_that_of_lines_for_which_nobody_names_one()
    {
        await SetAsync("OPTION82_DEFAULT_POLICY", "ignore");
        var user = await host.SubscriberAsync();
        (await host.Admin.GetAsync("/api/v1/subscribers/" + user.Id))["option82_policy"].GetString().ShouldBe("ignore");
        var profile = await host.Admin.PutAsync($"/api/v1/network/subscribers/{user.Id}/profile", new { circuit_id = "x" });
        profile["option82_policy"].GetString().ShouldBe("ignore");
        await SetAsync("OPTION82_DEFAULT_POLICY", "log");
        var named = await host.Admin.PutAsync($"/api/v1/network/subscribers/{user.Id}/profile", new { circuit_id = "x" });
        named["option82_policy"].GetString().ShouldBe("log");
    }

    [Fact]
    public async Task A_change_of_vlan_reaches_the_nas_of_a_live_session_unless_it_is_switched_off()
    {
        var address = RadiusFixture.NewAddress();
        using var peer = new NasDouble("a-secret-of-vlans", IPAddress.Parse(address)) { Says = PacketCode.CoaAck };
        var nas = await host.NasAsync(secret: "a-secret-of-vlans", address: address, coaPort: peer.Port);
        var user = await host.SubscriberAsync();
        var profile = $"/api/v1/network/subscribers/{user.Id}/profile";
        (await host.Admin.PutAsync(profile, new { service_vlan = 501 })).ShouldHave(HttpStatusCode.OK);
        await nas.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", "vlan-1"), ("NAS-IP-Address", address));
        await Eventually.IsTrueAsync(
            async () => await host.Database.ScalarAsync<long>("SELECT count(*) FROM radacct WHERE nas_id = @Id", new { nas.Id }) == 1,
            "the session is known"
        );

        await SetAsync("ENABLE_VLAN_COA_UPDATES", "off");
        (await host.Admin.PatchAsync(profile, new { service_vlan = 502 })).ShouldHave(HttpStatusCode.OK);
        var session = (await host.Admin.GetAsync("/api/v1/radius/sessions?username=" + user.Username))["items"]
            [0]
            .GetProperty("id")
            .GetString();
        (await host.Admin.PostAsync($"/api/v1/radius/sessions/{session}/coa/vlan", new { })).Code.ShouldBe("coa.vlan_updates_off");

        await SetAsync("ENABLE_VLAN_COA_UPDATES", "on");
        (await host.Admin.PatchAsync(profile, new { service_vlan = 503, inner_vlan = 3 })).ShouldHave(HttpStatusCode.OK);
        await Eventually.IsTrueAsync(() => Task.FromResult(peer.Asked > 0), "the NAS is told");
        peer.Asked.ShouldBe(1, "not of the change while it was off");
        peer.LastWasSigned.ShouldBeTrue();
        // The last Tunnel-Private-Group-ID is the inner VLAN's, under tag 2.
        Convert.ToHexStringLower(peer.Last[AttributeType.TunnelPrivateGroupId]).ShouldBe("02" + "33");

        (await host.Admin.PatchAsync(profile, new { vlan_pool = "metro" })).ShouldHave(HttpStatusCode.OK);
        (await host.Admin.PatchAsync(profile, new { qinq_enabled = false })).ShouldHave(HttpStatusCode.OK);
        await Eventually.IsTrueAsync(() => Task.FromResult(peer.Asked == 2), "of the VLAN it is told, of the pool it is not");
        Convert.ToHexStringLower(peer.Last[AttributeType.TunnelPrivateGroupId]).ShouldBe("01" + "353033");
    }

    private async Task SetAsync(string flag, string value) =>
        (await host.Admin.PutAsync("/api/v1/tenant/flags/" + flag, new { value })).ShouldHave(HttpStatusCode.OK);

    private static async Task ExpectAsync(TestNas nas, TestSubscriber user, string expected, string from = "olt7/1")
    {
        var start = Stopwatch.StartNew();
        var got = "";
        while (start.Elapsed < Promise)
        {
            got = await AskAsync(nas, user, from);
            if (got == expected)
            {
                return;
            }
        }

        got.ShouldBe(expected, "not in force after two seconds, where one is promised");
    }

    /// <summary>What the answer says of the line, in words.</summary>
    private static async Task<string> AskAsync(TestNas nas, TestSubscriber user, string from)
    {
        var request = new RequestBuilder(PacketCode.AccessRequest)
            .WithMessageAuthenticator()
            .Add("User-Name", user.Username)
            .UserPassword(user.Password)
            .AddVendor(3561, 1, System.Text.Encoding.ASCII.GetBytes(from));
        var answer = await nas.SendAsync(request);
        if (answer.Code != PacketCode.AccessAccept)
        {
            return "reject";
        }

        answer.TryRead(out var packet).ShouldBeTrue();
        var words = new List<string>();
        if (packet.TryGet(AttributeType.FramedIpAddress, out var v4))
        {
            words.Add(new IPAddress(v4).ToString());
        }

        var vlans = new List<string>();
        foreach (var attribute in packet)
        {
            if (attribute.Type == AttributeType.TunnelPrivateGroupId)
            {
                vlans.Add(System.Text.Encoding.ASCII.GetString(attribute.Value[1..]));
            }
        }

        if (vlans.Count > 0)
        {
            words.Add("vlan " + string.Join('.', vlans));
        }

        if (packet.TryGet(AttributeType.DelegatedIpv6Prefix, out _))
        {
            words.Add("pd");
        }

        return words.Count == 0 ? "bare" : string.Join(' ', words);
    }
}
