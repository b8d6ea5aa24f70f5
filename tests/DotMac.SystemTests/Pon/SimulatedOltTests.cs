using DotMac.Contracts.External;
using DotMac.SystemTests.Access;
using static DotMac.SystemTests.Pon.PonRoom;

namespace DotMac.SystemTests.Pon;

/// <summary>The built-in driver of the PON controller, as a workflow calls it: a machine of its own that keeps its keys.</summary>
public sealed class SimulatedOltTests(AccessApi api) : IClassFixture<AccessApi>
{
    private static int next = 0x100;
    private readonly Guid owner = Guid.CreateVersion7();
    private readonly string serial = $"ALCL{Interlocked.Increment(ref next):X8}";

    [Fact]
    public async Task A_plugged_in_box_is_discovered_activated_online_and_forgotten_when_removed()
    {
        var olt = await api.OltAsync("life");
        (await api.PonAsync(p => p.FindAsync(serial, default))).Value.ShouldBeNull();
        await api.PlugAsync(olt, serial, distance: 4000);
        var seen = (await api.PonAsync(p => p.DiscoveredAsync(default))).Value!.Single(o => o.Serial == serial);
        seen.Admin.ShouldBe(OnuAdmin.Discovered);
        seen.IsSimulated.ShouldBeTrue();
        seen.RxPowerDbm!.Value.ShouldBeInRange(-20, -14);

        var on = (await api.PonAsync(p => p.ActivateAsync(Order("a1", serial, owner, 200, 31), default))).Value!;
        (on.Admin, on.Oper, on.OwnerId, on.ServiceVlan, on.InnerVlan).ShouldBe((OnuAdmin.Enabled, OnuOper.Online, owner, 200, 31));
        (await FlowsAsync()).ShouldBe(["0 200.31 10000 1", "1 200.31 50000 1"]);

        (await api.PonAsync(p => p.SetEnabledAsync("d1", serial, false, default))).Value!.Admin.ShouldBe(OnuAdmin.Disabled);
        (await FlowsAsync()).ShouldBeEmpty();
        var back = (await api.PonAsync(p => p.SetEnabledAsync("e1", serial, true, default))).Value!;
        (back.Admin, back.Oper, back.ServiceVlan).ShouldBe((OnuAdmin.Enabled, OnuOper.Online, 200));
        (await FlowsAsync()).Length.ShouldBe(2);

        (await api.PonAsync(p => p.RemoveAsync("r1", serial, owner, default))).Fault.ShouldBeNull();
        var again = (await api.PonAsync(p => p.FindAsync(serial, default))).Value!;
        (again.Admin, again.OwnerId, again.ServiceVlan).ShouldBe((OnuAdmin.Discovered, (Guid?)null, (int?)null));
        again.Id.ShouldNotBe(on.Id);
        (await FlowsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Asked_twice_with_one_key_it_acts_once_and_what_was_undone_may_be_done_again()
    {
        var olt = await api.OltAsync("keys");
        await api.PlugAsync(olt, serial);
        await api.PonAsync(p => p.ActivateAsync(Order("k1", serial, owner, 300), default));
        await api.PonAsync(p => p.SetEnabledAsync("k2", serial, false, default));
        await api.PonAsync(p => p.SetEnabledAsync("k3", serial, true, default));
        // The late copy of k3 must not matter; a copy of k2 is its own undoing and was undone: it acts again.
        (await api.PonAsync(p => p.SetEnabledAsync("k3", serial, true, default))).Value!.Admin.ShouldBe(OnuAdmin.Enabled);
        (await CountAsync("onu_activated")).ShouldBe(2);

        await api.PonAsync(p => p.RemoveAsync("k4", serial, owner, default));
        await api.PonAsync(p => p.RemoveAsync("k4", serial, owner, default));
        (await CountAsync("onu_deleted")).ShouldBe(1);
        (await api.PonAsync(p => p.ActivateAsync(Order("k1", serial, owner, 300), default))).Value!.Oper.ShouldBe(OnuOper.Online);
    }

    [Fact]
    public async Task Strangers_unknown_boxes_and_taken_tags_are_refused_by_name()
    {
        var olt = await api.OltAsync("refusals");
        var other = $"ALCL{Interlocked.Increment(ref next):X8}";
        await api.PlugAsync(olt, serial);
        await api.PlugAsync(olt, other);
        await api.PonAsync(p => p.ActivateAsync(Order("f1", serial, owner, 400, 1), default));
        (await Fault(Order("f2", serial, Guid.CreateVersion7()))).ShouldBe("pon.onu_taken");
        (await Fault(Order("f3", other, Guid.CreateVersion7(), 400, 1))).ShouldBe("pon.vlan_taken");
        (await Fault(Order("f4", "ALCLFFFFFFFF", owner))).ShouldBe("pon.onu_unknown");
        (await Fault(Order("f5", "not a serial", owner))).ShouldBe("pon.onu_unknown");
        // Nothing of a refused call remains.
        (await api.PonAsync(p => p.FindAsync(other, default))).Value!.OwnerId.ShouldBeNull();
        // Removing what belongs to another, or to nobody, is done already.
        (await api.PonAsync(p => p.RemoveAsync("f6", serial, Guid.CreateVersion7(), default))).Fault.ShouldBeNull();
        (await api.PonAsync(p => p.FindAsync(serial, default))).Value!.OwnerId.ShouldBe(owner);

        async Task<string?> Fault(OnuOrder order) => (await api.PonAsync(p => p.ActivateAsync(order, default))).Fault?.Code;
    }

    [Fact]
    public async Task A_restart_gives_other_ids_and_the_services_come_back_under_their_serials()
    {
        var olt = await api.OltAsync("restart");
        await api.PlugAsync(olt, serial);
        var before = (await api.PonAsync(p => p.ActivateAsync(Order("s1", serial, owner, 500), default))).Value!;
        await api.Client.MustAsync(204, "POST", $"pon/simulator/olts/{olt}/restart");
        var during = (await api.PonAsync(p => p.FindAsync(serial, default))).Value!;
        during.Oper.ShouldBe(OnuOper.Offline);
        (await FlowsAsync()).ShouldBeEmpty();
        var busy = (await api.PonAsync(p => p.SetEnabledAsync("s2", serial, false, default))).Fault!;
        (busy.Code, busy.MayPass).ShouldBe(("pon.olt_unreachable", true));

        await api.RoundAsync();
        var after = (await api.PonAsync(p => p.FindAsync(serial, default))).Value!;
        (after.Oper, after.OwnerId, after.ServiceVlan).ShouldBe((OnuOper.Online, owner, 500));
        after.Id.ShouldNotBe(before.Id);
        (await FlowsAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Drills_make_it_slow_fail_lose_its_answer_and_drop_its_flows()
    {
        var olt = await api.OltAsync("drills");
        await api.PlugAsync(olt, serial);
        try
        {
            await DrillAsync("fail_percent", 100);
            (await api.PonAsync(p => p.ActivateAsync(Order("x1", serial, owner, 600), default))).Fault!.MayPass.ShouldBeTrue();
            (await api.PonAsync(p => p.FindAsync(serial, default))).Value!.OwnerId.ShouldBeNull();

            await DrillAsync("half_answer_percent", 100);
            (await api.PonAsync(p => p.ActivateAsync(Order("x1", serial, owner, 600), default))).Fault!.MayPass.ShouldBeTrue();
            (await api.PonAsync(p => p.FindAsync(serial, default))).Value!.OwnerId.ShouldBe(owner);

            await DrillAsync("flows_fail_later", 1);
            await api.PonAsync(p => p.SetEnabledAsync("x2", serial, false, default));
            await api.PonAsync(p => p.SetEnabledAsync("x3", serial, true, default));
            await api.RoundAsync();
            (await FlowsAsync()).ShouldBe(["0 600. 10000 2", "1 600. 50000 2"]);
            (
                await api.Database.ScalarAsync<long>("SELECT count(*) FROM pon_alarms WHERE serial = @serial AND kind = 3", new { serial })
            ).ShouldBe(1);
        }
        finally
        {
            await api.Database.ExecuteAsync("DELETE FROM pon_simulator_drills");
        }
    }

    [Fact]
    public async Task A_power_cut_is_told_from_a_cut_fibre()
    {
        var olt = await api.OltAsync("causes");
        await api.PlugAsync(olt, serial);
        await api.PonAsync(p => p.ActivateAsync(Order("c1", serial, owner, 700), default));
        await api.TouchAsync(serial, "power-off");
        (await api.PonAsync(p => p.FindAsync(serial, default))).Value!.Oper.ShouldBe(OnuOper.DyingGasp);
        (await OpenAlarmsAsync()).ShouldBe([1]);
        await api.RoundAsync();
        (await OpenAlarmsAsync()).ShouldBe([1]);
        await api.TouchAsync(serial, "power-on");
        (await api.PonAsync(p => p.FindAsync(serial, default))).Value!.Oper.ShouldBe(OnuOper.Online);
        (await OpenAlarmsAsync()).ShouldBeEmpty();
        await api.TouchAsync(serial, "cut-fibre");
        (await api.PonAsync(p => p.FindAsync(serial, default))).Value!.Oper.ShouldBe(OnuOper.LossOfSignal);
        (await OpenAlarmsAsync()).ShouldBe([0]);
        await api.TouchAsync(serial, "mend-fibre");
        await api.TouchAsync(serial, "bend-fibre");
        await api.TouchAsync(serial, "bend-fibre");
        await api.RoundAsync();
        (await OpenAlarmsAsync()).ShouldBe([2]);
    }

    [Fact]
    public async Task Sixty_four_callers_with_one_key_make_one_service()
    {
        var olt = await api.OltAsync("crowd");
        await api.PlugAsync(olt, serial);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(_ => api.PonAsync(p => p.ActivateAsync(Order("crowd", serial, owner, 800), default)))
        );
        answers.ShouldAllBe(a => a.Value!.Oper == OnuOper.Online);
        (await CountAsync("onu_activated")).ShouldBe(1);
        (await FlowsAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task All_that_light_up_on_one_port_at_one_time_are_seen_at_once_each_under_a_number_of_its_own()
    {
        var olt = await api.OltAsync("dawn");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => api.PlugAsync(olt, $"DAWN{i:X8}")));
        var numbers = await api.Database.QueryAsync<short>(
            "SELECT onu_number FROM pon_onus WHERE olt_id = @olt ORDER BY onu_number",
            new { olt }
        );
        numbers.ShouldBe(Enumerable.Range(0, 12).Select(n => (short)n));
    }

    private Task DrillAsync(string what, int value) =>
        api.Database.ExecuteAsync(
            "DELETE FROM pon_simulator_drills;"
                + $"INSERT INTO pon_simulator_drills (tenant_id, {what}) VALUES (@tenant, {(what == "flows_fail_later" ? "true" : value.ToString())})",
            new { tenant = AccessApi.Tenant }
        );

    private async Task<string[]> FlowsAsync() =>
        [
            .. await api.Database.QueryAsync<string>(
                "SELECT format('%s %s.%s %s %s', direction, service_vlan, inner_vlan, meter_kbps, state) FROM pon_flows WHERE serial = @serial ORDER BY direction",
                new { serial }
            ),
        ];

    private async Task<short[]> OpenAlarmsAsync() =>
        [
            .. await api.Database.QueryAsync<short>(
                "SELECT kind FROM pon_alarms WHERE serial = @serial AND cleared_at IS NULL ORDER BY kind",
                new { serial }
            ),
        ];

    private Task<long> CountAsync(string kind) =>
        api.Database.ScalarAsync<long>("SELECT count(*) FROM pon_events WHERE serial = @serial AND kind = @kind", new { serial, kind });
}
