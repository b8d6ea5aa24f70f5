using DotMac.SystemTests.Access;
using static DotMac.SystemTests.Pon.PonRoom;

namespace DotMac.SystemTests.Pon;

/// <summary>What the PON pages read and do, over HTTP.</summary>
public sealed class PonApiTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task An_onu_is_listed_shown_operated_and_removed_and_all_of_it_says_simulated()
    {
        var olt = await api.OltAsync("api", ports: 2, capacity: 4);
        await api.PlugAsync(olt, "HWTC00000001", port: 1, distance: 3200);
        await api.PlugAsync(olt, "HWTC00000002", port: 1);
        var seen = await api.Client.MustAsync(200, "GET", "pon/discovered");
        seen.Text("driver").ShouldBe("simulated");
        seen["items"]!.AsArray().Select(i => i!.Text("serial")).ShouldBe(["HWTC00000001", "HWTC00000002"], ignoreOrder: true);
        seen["items"]!.AsArray().ShouldAllBe(i => i!["simulated"]!.GetValue<bool>() && i.Text("vendor_id") == "HWTC");
        (await api.Client.MustAsync(200, "GET", "voltha/discover-onus"))["items"]!.AsArray().Count.ShouldBe(2);

        await api.PonAsync(p => p.ActivateAsync(Order("api1", "HWTC00000001", Guid.CreateVersion7(), 100, 7), default));
        var one = await api.Client.MustAsync(200, "GET", "pon/onus/hwtc00000001");
        one["onu"]!.Text("oper").ShouldBe("online");
        one["onu"]!["distance_m"]!.GetValue<int>().ShouldBe(3200);
        one["onu"]!["simulated"]!.GetValue<bool>().ShouldBeTrue();
        one["flows"]!.AsArray().Select(f => f!.Text("direction")).ShouldBe(["up", "down"]);
        (await api.Client.MustAsync(200, "GET", "pon/onus?admin=enabled&count=true"))["total"]!.GetValue<int>().ShouldBe(1);
        (await api.Client.MustAsync(200, "GET", $"pon/onus?olt_id={Guid.NewGuid()}"))["items"]!.AsArray().ShouldBeEmpty();
        var page = await api.Client.MustAsync(200, "GET", "pon/onus?limit=1");
        (await api.Client.MustAsync(200, "GET", $"pon/onus?limit=1&cursor={page.Text("next_cursor")}"))["items"]![0]!
            .Text("serial")
            .ShouldBe("HWTC00000002");

        await api.Client.MustAsync(204, "POST", "pon/onus/HWTC00000001/disable");
        (await OnuAsync("admin")).ShouldBe("disabled");
        (await api.Client.MustAsync(409, "POST", "pon/onus/HWTC00000001/reboot")).Code().ShouldBe("pon.onu_not_reachable");
        await api.Client.MustAsync(204, "POST", "pon/onus/HWTC00000001/enable");
        await api.Client.MustAsync(204, "POST", "pon/onus/HWTC00000001/reboot");
        (await OnuAsync("oper")).ShouldBe("activating");
        await api.RoundAsync();
        (await OnuAsync("oper")).ShouldBe("online");

        (await api.Client.MustAsync(409, "DELETE", "pon/onus/HWTC00000002")).Code().ShouldBe("pon.onu_not_owned");
        await api.Client.MustAsync(204, "DELETE", "pon/onus/HWTC00000001");
        (await OnuAsync("admin")).ShouldBe("discovered");
        await api.TouchAsync("HWTC00000001", "unplug");
        (await api.Client.MustAsync(404, "GET", "pon/onus/HWTC00000001")).Code().ShouldBe("pon.onu_not_found");
        (await api.Database.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action LIKE 'pon_onu.%'")).ShouldBe(4);

        async Task<string> OnuAsync(string what) => (await api.Client.MustAsync(200, "GET", "pon/onus/HWTC00000001"))["onu"]!.Text(what);
    }

    [Fact]
    public async Task Levels_have_a_history_alarms_are_acknowledged_and_cleared_and_events_tell_the_story()
    {
        var olt = await api.OltAsync("watch");
        await api.PlugAsync(olt, "ZTEG00000001");
        await api.PonAsync(p => p.ActivateAsync(Order("w1", "ZTEG00000001", Guid.CreateVersion7()), default));
        await api.RoundAsync();
        await api.Database.ExecuteAsync("UPDATE pon_optics SET at = at - interval '10 minutes'");
        await api.RoundAsync();
        var optics = await api.Client.MustAsync(200, "GET", "pon/onus/ZTEG00000001/optics");
        optics["points"]!.AsArray().Count.ShouldBe(2);
        optics["points"]![0]!["rx_power_dbm"]!.GetValue<double>().ShouldBeInRange(-20, -14);
        (await api.Client.MustAsync(400, "GET", "pon/onus/ZTEG00000001/optics?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z"))
            .Code()
            .ShouldBe("validation.failed");

        await api.TouchAsync("ZTEG00000001", "cut-fibre");
        var alarm = (await api.Client.MustAsync(200, "GET", "pon/alarms?serial=ZTEG00000001"))["items"]!.AsArray().Single()!;
        (alarm.Text("kind"), alarm.Text("severity"), alarm.Text("label")).ShouldBe(("loss_of_signal", "major", "S-1"));
        var id = alarm.Text("id");
        (await api.Client.MustAsync(200, "POST", $"pon/alarms/{id}/acknowledge", new { note = "a digger" }))
            .Text("acknowledged_by")
            .ShouldBe("tester");
        (await api.Client.MustAsync(200, "POST", $"voltha/alarms/{id}/clear", new { })).Text("cleared_by").ShouldBe("tester");
        (await api.Client.MustAsync(409, "POST", $"pon/alarms/{id}/acknowledge", new { })).Code().ShouldBe("pon.alarm_over");
        (await api.Client.MustAsync(404, "POST", $"pon/alarms/{Guid.NewGuid()}/clear", new { })).Code().ShouldBe("pon.alarm_not_found");
        (await api.Client.MustAsync(200, "GET", "pon/alarms?all=true&serial=ZTEG00000001"))["items"]!.AsArray().Count.ShouldBe(1);

        var kinds = (await api.Client.MustAsync(200, "GET", "pon/events?serial=ZTEG00000001"))["items"]!
            .AsArray()
            .Select(e => e!.Text("kind"))
            .ToArray();
        kinds.ShouldBe(["onu_los", "onu_online", "onu_activated", "onu_discovered"]);
        var figures = await api.Client.MustAsync(200, "GET", "pon/statistics");
        (figures.Text("driver"), figures["loss_of_signal"]!.GetValue<int>()).ShouldBe(("simulated", 1));
        (await api.Client.MustAsync(200, "GET", $"pon/olts/{olt}"))["ports"]![0]!["down"]!.GetValue<int>().ShouldBe(1);
        (await api.Client.MustAsync(200, "GET", "pon/olts"))["items"]!.AsArray().ShouldAllBe(o => o!["simulated"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Settings_are_checked_as_a_whole_and_other_tenants_see_nothing()
    {
        var olt = await api.OltAsync("mine");
        (await api.Client.MustAsync(200, "PATCH", "pon/settings", new { auto_provision = true, rx_warning_dbm = -24.0 }))["auto_provision"]!
            .GetValue<bool>()
            .ShouldBeTrue();
        (await api.Client.MustAsync(400, "PATCH", "pon/settings", new { rx_critical_dbm = -20 }))
            .Faults()
            .ShouldBe(["rx_critical_dbm:above_warning"]);
        (await api.Client.MustAsync(200, "GET", "pon/settings"))["rx_warning_dbm"]!.GetValue<double>().ShouldBe(-24);
        await api.Client.MustAsync(200, "PATCH", "pon/settings", new { auto_provision = false, rx_warning_dbm = -25.0 });

        var other = api.As(AccessApi.OtherTenant, AccessApi.AllPermissions);
        (await other.MustAsync(404, "GET", $"pon/olts/{olt}")).Code().ShouldBe("pon.olt_not_found");
        (await other.MustAsync(404, "POST", $"pon/simulator/olts/{olt}/restart")).Code().ShouldBe("pon.olt_not_found");
        (await other.MustAsync(404, "PUT", "pon/simulator/onus/ZTEG0000000A", new { olt_id = olt })).Code().ShouldBe("pon.port_not_found");
        (await api.As(AccessApi.Tenant, "isp.network.pon.read").MustAsync(403, "POST", "pon/onus/ZTEG00000001/enable"))
            .Code()
            .ShouldBe("permission.missing");
        (await api.Client.MustAsync(409, "POST", "pon/simulator/olts", new { name = "MINE" })).Code().ShouldBe("pon.olt_name_taken");
        (await api.Client.MustAsync(400, "PUT", "pon/simulator/onus/short", new { olt_id = olt, port = 300 }))
            .Faults()
            .ShouldBe(["port:out_of_range", "serial:bad_format"]);
    }

    [Fact]
    public async Task A_tenant_without_a_controller_is_told_so()
    {
        await api.Client.MustAsync(200, "PATCH", "tenant/oss/pon", new { driver = "none" });
        try
        {
            (await api.Client.MustAsync(409, "GET", "pon/discovered")).Code().ShouldBe("pon.not_configured");
            (await api.Client.MustAsync(409, "POST", "pon/onus/ZTEG00000001/enable")).Code().ShouldBe("pon.not_configured");
        }
        finally
        {
            await api.Client.MustAsync(204, "DELETE", "tenant/oss/pon");
        }
    }
}
