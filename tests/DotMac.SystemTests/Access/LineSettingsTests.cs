namespace DotMac.SystemTests.Access;

/// <summary>What the API takes, shows and refuses of a line: where it is, how it gets IPv6, pools, routes, MAC, suspension.</summary>
public sealed class LineSettingsTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task A_line_is_kept_as_given_and_shown_in_one_spelling()
    {
        var made = await api.SubscriberAsync(
            "line@isp",
            new
            {
                circuit_id = "0x6f6c7431",
                remote_id = "0x0006aabb",
                option82_policy = "enforce",
                ipv6_mode = "dual_stack",
                framed_ipv4_pool = "residential",
                framed_ipv6_pool = "wan6",
                delegated_ipv6_pool = "pd56",
                framed_routes = new[] { "203.0.113.0/29  0.0.0.0 1", "203.0.113.8/29 0.0.0.0 1" },
                mac_address = "0200.5E10.0001",
                walled_garden_filter_id = "garden",
            }
        );
        var shown = await api.Client.MustAsync(200, "GET", "subscribers/line@isp");
        foreach (var view in new[] { made, shown })
        {
            view.Text("circuit_id").ShouldBe("olt1");
            view.Text("remote_id").ShouldBe("0006aabb");
            view.Text("option82_policy").ShouldBe("enforce");
            view.Text("ipv6_mode").ShouldBe("dual_stack");
            view.Text("framed_ipv4_pool").ShouldBe("residential");
            view.Text("framed_ipv6_pool").ShouldBe("wan6");
            view.Text("delegated_ipv6_pool").ShouldBe("pd56");
            view["framed_routes"]!.ToJsonString().ShouldBe("""["203.0.113.0/29 0.0.0.0 1","203.0.113.8/29 0.0.0.0 1"]""");
            view.Text("mac_address").ShouldBe("02:00:5e:10:00:01");
            view.Text("walled_garden_filter_id").ShouldBe("garden");
            view["suspended"]!.GetValue<bool>().ShouldBeFalse();
        }

        // A patch of something else keeps all of it, and is one version.
        var patched = await api.Client.MustAsync(200, "PATCH", "subscribers/line@isp", new { notes = "x" });
        patched.Text("mac_address").ShouldBe("02:00:5e:10:00:01");
        patched["framed_routes"]!.AsArray().Count.ShouldBe(2);
        patched["version"]!.GetValue<int>().ShouldBe(2);
        (await api.Client.MustAsync(200, "PATCH", "subscribers/line@isp", new { mac_address = "02-00-5E-10-00-01" }))["version"]!
            .GetValue<int>()
            .ShouldBe(2, "the same address in another spelling is no change");
    }

    [Fact]
    public async Task A_plain_subscriber_has_the_defaults()
    {
        var made = await api.SubscriberAsync("plain-line@isp");
        made.Text("option82_policy").ShouldBe("log");
        made["ipv6_mode"].ShouldBeNull();
        made["framed_routes"]!.AsArray().ShouldBeEmpty();
        made["suspended_at"].ShouldBeNull();
    }

    [Fact]
    public async Task What_a_line_cannot_have_is_refused_field_by_field()
    {
        var problem = await api.Client.MustAsync(
            400,
            "POST",
            "subscribers",
            new
            {
                username = "bad-line@isp",
                password = "correct-horse",
                circuit_id = "smörgås",
                remote_id = "0x0g",
                option82_policy = "sometimes",
                ipv6_mode = "dual-stack",
                framed_ipv4_pool = new string('p', 254),
                framed_routes = new[] { "203.0.113.0/29 0.0.0.0 1", "203.0.113.1/29 0.0.0.0 1", "203.0.113.0/29", "x 0.0.0.0 1" },
                mac_address = "02:00:5e:10:00",
                suspension_reason = "why",
            }
        );
        problem
            .Faults()
            .ShouldBe([
                "circuit_id:bad_format",
                "framed_ipv4_pool:too_long",
                "framed_routes[1]:bad_format",
                "framed_routes[2]:bad_format",
                "framed_routes[3]:bad_format",
                "ipv6_mode:unknown",
                "mac_address:bad_format",
                "option82_policy:unknown",
                "remote_id:bad_format",
                "suspension_reason:without_suspension",
            ]);
    }

    [Fact]
    public async Task A_mac_address_belongs_to_one_subscriber_of_a_tenant()
    {
        await api.SubscriberAsync("mac-1@isp", new { mac_address = "02:00:5e:20:00:01" });
        var body = new
        {
            username = "mac-2@isp",
            password = "correct-horse",
            mac_address = "02005E200001",
        };
        (await api.Client.MustAsync(409, "POST", "subscribers", body)).Code().ShouldBe("subscriber.mac_taken");
        await api.As(AccessApi.OtherTenant, AccessApi.AllPermissions).MustAsync(201, "POST", "subscribers", body);
        await api.Client.MustAsync(204, "DELETE", "subscribers/mac-1@isp");
        await api.Client.MustAsync(201, "POST", "subscribers", body);
    }

    [Fact]
    public async Task A_suspension_keeps_its_time_and_ends_with_its_reason()
    {
        await api.SubscriberAsync("pause@isp");
        const string path = "subscribers/pause@isp";
        var suspended = await api.Client.MustAsync(200, "PATCH", path, new { suspended = true, suspension_reason = "unpaid" });
        suspended["suspended"]!.GetValue<bool>().ShouldBeTrue();
        suspended.Text("suspension_reason").ShouldBe("unpaid");
        var since = suspended.Text("suspended_at");
        var again = await api.Client.MustAsync(200, "PATCH", path, new { suspension_reason = "unpaid since May" });
        (again.Text("suspended_at"), again.Text("suspension_reason")).ShouldBe((since, "unpaid since May"));
        var resumed = await api.Client.MustAsync(200, "PATCH", path, new { suspended = false });
        (resumed["suspended_at"], resumed["suspension_reason"]).ShouldBe((null, null));

        var types = await api.Database.QueryAsync<string>(
            "SELECT type FROM outbox WHERE payload::text LIKE '%pause@isp%' ORDER BY created_at, id"
        );
        types.ShouldBe(["login.suspended", "login.resumed"]);
    }

    [Fact]
    public async Task The_export_has_the_line_too()
    {
        await api.SubscriberAsync(
            "csvline@isp",
            new
            {
                circuit_id = "olt-1/2",
                ipv6_mode = "pd",
                framed_routes = new[] { "192.0.2.0/28 0.0.0.0 1" },
            }
        );
        var lines = (await api.Client.GetStringAsync("subscribers/export.csv?q=csvline")).Split("\r\n");
        lines[0].ShouldEndWith(",suspended,suspension_reason,suspended_at,walled_garden_filter_id");
        lines[1].ShouldEndWith(",olt-1/2,,log,pd,,,,192.0.2.0/28 0.0.0.0 1,,false,,,");
        lines[1].Count(c => c == ',').ShouldBe(lines[0].Count(c => c == ','));
    }
}
