using System.Net;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>Option 82, suspension and the reply by mode through the running host: from the API to octets, metrics and alerts.</summary>
public sealed class LineCheckTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    private const uint AdslForum = 3561;

    [Fact]
    public async Task A_login_on_anothers_line_is_rejected_and_shown_with_what_was_expected()
    {
        var nas = await host.NasAsync();
        var user = await LineAsync(
            new
            {
                circuit_id = "olt1/1/2:100",
                remote_id = "0x0006aabbcc",
                option82_policy = "enforce",
            },
            "olt1/1/2:100"
        );
        var path = "/api/v1/radius/subscribers/" + user.Username;

        (await AskAsync(nas, user, "olt1/1/2:100"u8.ToArray(), [0, 6, 0xaa, 0xbb, 0xcc])).ShouldBe(PacketCode.AccessAccept);
        (await AskAsync(nas, user, "olt9/9/9:999"u8.ToArray(), [0, 6, 0xaa, 0xbb, 0xcc])).ShouldBe(PacketCode.AccessReject);
        (await AskAsync(nas, user, "olt9/9/9:999"u8.ToArray(), [0, 6, 0xaa, 0xbb, 0xcc])).ShouldBe(PacketCode.AccessReject);
        (await AskAsync(nas, user, null, null)).ShouldBe(PacketCode.AccessReject);
        (await host.DecisionsAsync(nas, 4)).ShouldBe(["accepted", "option82.mismatch", "option82.mismatch", "option82.missing"]);

        ApiAnswer alerts = null!;
        await Eventually.IsTrueAsync(
            async () => (alerts = await host.Admin.GetAsync(path + "/alerts")).ShouldHave(HttpStatusCode.OK)["items"].GetArrayLength() == 3,
            "the probe's place without a remote id, the wrong one, and the missing one are shown"
        );
        alerts["line"].GetProperty("last_result").GetString().ShouldBe("missing");
        alerts["line"].GetProperty("mismatch_count").GetInt64().ShouldBeGreaterThanOrEqualTo(3);
        var wrong = alerts["items"].EnumerateArray().Single(a => a.GetProperty("actual_circuit_id").GetString() == "olt9/9/9:999");
        wrong.GetProperty("code").GetString().ShouldBe("option82.mismatch");
        wrong.GetProperty("count").GetInt64().ShouldBe(2);
        wrong.GetProperty("outcome").GetString().ShouldBe("reject");
        wrong.GetProperty("policy").GetString().ShouldBe("enforce");
        wrong.GetProperty("expected_circuit_id").GetString().ShouldBe("olt1/1/2:100");
        wrong.GetProperty("actual_circuit_id").GetString().ShouldBe("olt9/9/9:999");
        wrong.GetProperty("actual_remote_id").GetString().ShouldBe("0006aabbcc");
        wrong.GetProperty("nas").GetProperty("id").GetGuid().ShouldBe(nas.Id);
    }

    [Fact]
    public async Task With_the_policy_log_it_comes_in_and_is_noted()
    {
        var nas = await host.NasAsync();
        var user = await LineAsync(new { circuit_id = "olt2/1" }, "olt2/1");
        var before = await host.MetricAsync("radius_option82_mismatches_total", ("policy", "log"), ("field", "circuit_id"));
        (await AskAsync(nas, user, "elsewhere"u8.ToArray(), null)).ShouldBe(PacketCode.AccessAccept);
        (await host.MetricAsync("radius_option82_mismatches_total", ("policy", "log"), ("field", "circuit_id"))).ShouldBe(before + 1);
        await Eventually.IsTrueAsync(
            async () =>
                (await host.Admin.GetAsync($"/api/v1/radius/subscribers/{user.Username}/alerts"))["items"]
                    .EnumerateArray()
                    .Any(a =>
                        a.GetProperty("outcome").GetString() == "accept" && a.GetProperty("actual_circuit_id").GetString() == "elsewhere"
                    ),
            "the alert is shown"
        );
    }

    [Fact]
    public async Task Validate_access_request_answers_with_result_vlan_and_details()
    {
        var user = await LineAsync(
            new
            {
                circuit_id = "olt3/1",
                option82_policy = "enforce",
                vlan_id = 100,
                inner_vlan = 7,
            },
            "olt3/1"
        );
        var right = await ValidateAsync(
            200,
            new
            {
                username = user.Username,
                nas_ip_address = "10.0.0.1",
                nas_port_id = "ge-0/0/1",
                circuit_id = "0x6f6c74332f31",
            }
        );
        right["accept"].GetBoolean().ShouldBeTrue();
        right["reason"].GetString().ShouldBe("accepted");
        right["validation_result"].GetString().ShouldBe("match");
        right["vlan_attributes"].GetProperty("Tunnel-Private-Group-Id:1").GetString().ShouldBe("100");
        right["vlan_attributes"].GetProperty("Tunnel-Private-Group-Id:2").GetString().ShouldBe("7");
        right["vlan_attributes"].GetProperty("Tunnel-Type:2").GetString().ShouldBe("VLAN");

        var wrong = await ValidateAsync(
            200,
            new
            {
                username = user.Username,
                circuit_id = "olt3/2",
                remote_id = "",
            }
        );
        wrong["accept"].GetBoolean().ShouldBeFalse();
        wrong["reason"].GetString().ShouldBe("option82.mismatch");
        wrong["validation_result"].GetString().ShouldBe("mismatch");
        wrong["vlan_attributes"].EnumerateObject().ShouldBeEmpty();
        var details = wrong["details"];
        details.GetProperty("policy").GetString().ShouldBe("enforce");
        details.GetProperty("expected_circuit_id").GetString().ShouldBe("olt3/1");
        details.GetProperty("actual_circuit_id").GetString().ShouldBe("olt3/2");
        details.GetProperty("mismatch_fields").EnumerateArray().Select(f => f.GetString()).ShouldBe(["circuit_id"]);

        (await ValidateAsync(200, new { username = user.Username }))["validation_result"].GetString().ShouldBe("missing");
        (await ValidateAsync(200, new { username = "nobody-here" }))["reason"].GetString().ShouldBe("login.unknown");
        var plain = await host.SubscriberAsync();
        var open = await ValidateAsync(200, new { username = plain.Username, circuit_id = "anywhere" });
        (open["accept"].GetBoolean(), open["validation_result"].GetString()).ShouldBe((true, "no_profile"));
        (await host.Admin.PostAsync("/api/v1/radius/validate-access-request", new { nas_ip_address = "x" })).ShouldHave(
            HttpStatusCode.BadRequest
        );
    }

    [Fact]
    public async Task A_suspended_login_is_rejected_or_led_into_the_garden_and_comes_back()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { filter_id = "own", framed_ipv4_address = "100.99.0.7" });
        var path = "/api/v1/radius/subscribers/" + user.Username;
        await host.Admin.PatchAsync(path, new { suspended = true, suspension_reason = "unpaid" }).ShouldAsync(200);
        await Eventually.IsTrueAsync(async () => await OutcomeAsync(nas, user) == "AccessReject", "rejected");
        await host.Admin.PatchAsync(path, new { walled_garden_filter_id = "garden" }).ShouldAsync(200);
        await Eventually.IsTrueAsync(async () => await OutcomeAsync(nas, user) == "AccessAccept 100.99.0.7 garden", "in the garden");
        await host.Admin.PatchAsync(path, new { suspended = false }).ShouldAsync(200);
        await Eventually.IsTrueAsync(async () => await OutcomeAsync(nas, user) == "AccessAccept 100.99.0.7 own", "back");
        // Decisions are written behind the answers.
        string[] expected = ["accepted", "accepted.walled_garden", "login.suspended"];
        await Eventually.IsTrueAsync(
            async () => (await host.DecisionsAsync(nas, 3)).Distinct().Order(StringComparer.Ordinal).SequenceEqual(expected),
            "each answer has its reason"
        );
    }

    [Fact]
    public async Task What_was_assigned_is_counted_by_tenant_under_the_agreed_names()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(
            new
            {
                vlan_id = 3210,
                framed_ipv4_address = "100.99.0.8",
                ipv6_mode = "pd",
                delegated_ipv6_prefix = "2001:db8:9900::/56",
            }
        );
        (await OutcomeAsync(nas, user)).ShouldStartWith("AccessAccept");
        foreach (
            var (name, label, value) in new[]
            {
                ("radius_vlan_assignments_total", "vlan_type", "single"),
                ("radius_ipv6_assignments_total", "mode", "pd"),
                ("radius_static_ip_assignments_total", "ip_version", "ipv4"),
                ("radius_static_ip_assignments_total", "ip_version", "ipv6"),
                ("radius_option82_validations_total", "result", "no_profile"),
                ("radius_access_request_validation_duration_seconds_count", "result", "accept"),
            }
        )
        {
            (await host.MetricAsync(name, ("tenant_id", ""), (label, value))).ShouldBe(0, "the tenant is never empty");
            (await host.MetricAsync(name, (label, value))).ShouldBeGreaterThan(0, name);
        }
    }

    private async Task<TestSubscriber> LineAsync(object line, string circuit)
    {
        var body = line.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(line), StringComparer.Ordinal);
        var name = RadiusFixture.NewName("line");
        body["username"] = name;
        body["password"] = RadiusFixture.Password;
        var made = (await host.Admin.PostAsync("/api/v1/radius/subscribers", body)).ShouldHave(HttpStatusCode.Created);
        await Eventually.IsTrueAsync(
            async () => (await ValidateAsync(200, new { username = name, circuit_id = circuit }))["reason"].GetString() != "login.unknown",
            "the line is in force"
        );
        return new TestSubscriber(made["id"].GetGuid(), name, RadiusFixture.Password);
    }

    private async Task<ApiAnswer> ValidateAsync(int status, object body) =>
        (await host.Admin.PostAsync("/api/v1/radius/validate-access-request", body)).ShouldHave((HttpStatusCode)status);

    private static async Task<PacketCode?> AskAsync(TestNas nas, TestSubscriber user, byte[]? circuit, byte[]? remote)
    {
        var request = new RequestBuilder(PacketCode.AccessRequest)
            .WithMessageAuthenticator()
            .Add("User-Name", user.Username)
            .UserPassword(user.Password);
        if (circuit is not null)
        {
            request.AddVendor(AdslForum, 1, circuit);
        }

        if (remote is not null)
        {
            request.AddVendor(AdslForum, 2, remote);
        }

        return (await nas.SendAsync(request)).Code;
    }

    private static async Task<string> OutcomeAsync(TestNas nas, TestSubscriber user)
    {
        var exchange = await nas.AccessAsync(user.Username, user.Password);
        if (!exchange.TryRead(out var reply))
        {
            return "silence";
        }

        var address = reply.TryGetIpv4(AttributeType.FramedIpAddress, out IPAddress ip) ? " " + ip : "";
        var filter = reply.TryGetText(AttributeType.FilterId, out var text) ? " " + text : "";
        return reply.Code + address + filter;
    }
}
