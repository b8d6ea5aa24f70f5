using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Access;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Provisioning;

/// <summary>Changes of a line in service: forward to the end, or back to where it was.</summary>
public sealed class ChangeTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    private const string Secret = "xyzzy-plugh-42";

    [Fact]
    public async Task A_plan_change_rerates_what_is_online_the_onu_the_next_login_and_billing()
    {
        using var door = new NasDouble(Secret) { Says = PacketCode.CoaAck };
        var nas = await host.NasAsync(coaPort: door.Port, address: "127.0.0.1", secret: Secret);
        var onu = await host.OnuAsync();
        var home = await host.ProvisionAsync(onu: onu);
        await nas.AccountAsync("Start", ("User-Name", home.Username), ("Acct-Session-Id", "cp-1"), ("NAS-IP-Address", "127.0.0.1"));
        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>("SELECT count(*) FROM radacct WHERE subscriber_id = @Id", new { home.Id }) == 1,
            "online"
        );
        var faster = await host.ProfileAsync(50_000, 10_000);
        var path = $"/api/v1/subscribers/{home.Username}/change-plan";
        var dry = (await host.Admin.PostAsync(path, new { bandwidth_profile_id = faster, dry_run = true })).ShouldHave(HttpStatusCode.OK);
        (dry["sessions"].GetInt32(), dry["charged"].GetBoolean(), dry["from.download_rate_kbps"].GetInt32()).ShouldBe((1, true, 20_000));

        await DoneAsync(await host.Admin.PostAsync(path, new { bandwidth_profile_id = faster }), "completed");

        // In the octets of the CoA-Request: Vendor-Specific, MikroTik (14988), Rate-Limit (8).
        byte[] rate = [.. "10000k/50000k"u8];
        door.Last[26].ShouldBe([0, 0, 0x3a, 0x8c, 8, (byte)(rate.Length + 2), .. rate]);
        (await host.Database.ScalarAsync<int>("SELECT down_kbps FROM pon_onus WHERE serial = @onu", new { onu })).ShouldBe(50_000);
        await nas.AccountAsync("Stop", ("User-Name", home.Username), ("Acct-Session-Id", "cp-1"), ("NAS-IP-Address", "127.0.0.1"));
        await host.SettleAsync();
        var accept = await nas.AccessAsync(PacketCode.AccessAccept, home.Username, home.Password);
        accept.Code.ShouldBe(PacketCode.AccessAccept);
        var booked = await host.Database.QueryAsync<(short, Guid?)>(
            "SELECT kind, plan_id FROM service_charges WHERE service_id = @ServiceId AND voided_at IS NULL ORDER BY booked_at",
            new { home.ServiceId }
        );
        booked.ShouldBe([((short)0, (Guid?)host.Plan), ((short)3, (Guid?)faster)]);
        (
            await host.Database.ScalarAsync<Guid>("SELECT plan_id FROM service_instances WHERE id = @ServiceId", new { home.ServiceId })
        ).ShouldBe(faster);
    }

    [Fact]
    public async Task A_plan_change_whose_onu_fails_goes_back_to_the_old_plan()
    {
        var home = await host.ProvisionAsync(onu: await host.OnuAsync());
        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET onu_serial = 'DMACFFFFFFF1', version = version + 1 WHERE id = @Id",
            new { home.Id }
        );
        var faster = await host.ProfileAsync(70_000, 10_000);
        var before = await StandingAsync(home);
        await DoneAsync(
            await host.Admin.PostAsync($"/api/v1/subscribers/{home.Username}/change-plan", new { bandwidth_profile_id = faster }),
            "compensated"
        );
        (await StandingAsync(home)).ShouldBe(before);
    }

    [Fact]
    public async Task A_line_gets_another_vlan_and_address_and_gives_the_old_ones_back()
    {
        var onu = await host.OnuAsync();
        var home = await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool, ipv6_assignment_mode = "pd" }, onu);
        var before = await HeldAsync(home);
        before.Count.ShouldBe(3, string.Join(' ', before));
        var body = new
        {
            ipv4 = new { },
            delegated_prefix = new { length = 56 },
            vlan = new { pool = ProvisioningFixture.VlanPool },
            place = new { service_address = "Marina Road 7", circuit_id = "olt-7 1/1/3" },
        };
        await DoneAsync(await host.Admin.PostAsync($"/api/v1/subscribers/{home.Username}/change-network", body), "completed");
        var after = await HeldAsync(home);
        after.Count.ShouldBe(3);
        after.Intersect(before).ShouldBeEmpty();
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM ipam_allocations a WHERE ended_at IS NULL AND owner_id NOT IN (SELECT id FROM subscribers)"
            )
        ).ShouldBe(0, "nothing is left with the change");
        var line = (await host.Admin.GetAsync($"/api/v1/subscribers/{home.Username}")).ShouldHave(HttpStatusCode.OK);
        after.ShouldContain(line["framed_ipv4_address"].GetString() + "/32");
        after.ShouldContain(line["delegated_ipv6_prefix"].GetString());
        after.ShouldContain("vlan " + line["vlan_id"].GetInt32());
        (line["service_address"].GetString(), line["circuit_id"].GetString()).ShouldBe(("Marina Road 7", "olt-7 1/1/3"));
        (await OnuVlanAsync(onu)).ShouldBe((short)line["vlan_id"].GetInt32());
    }

    [Fact]
    public async Task An_onu_is_swapped_and_a_swap_to_one_that_nobody_sees_undoes_everything()
    {
        var (first, second) = (await host.OnuAsync(), await host.OnuAsync());
        var home = await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool }, first);
        var path = $"/api/v1/subscribers/{home.Username}/change-network";
        await DoneAsync(await host.Admin.PostAsync(path, new { onu_serial = second }), "completed");
        (await OnuOwnerAsync(second)).ShouldBe(home.Id);
        (await OnuOwnerAsync(first)).ShouldBeNull();

        var (standing, held) = (await StandingAsync(home), await HeldAsync(home));
        var wish = new
        {
            onu_serial = "DMACFFFFFFF2",
            ipv4 = new { },
            vlan = new { pool = ProvisioningFixture.VlanPool },
            place = new { service_address = "Nowhere" },
        };
        await DoneAsync(await host.Admin.PostAsync(path, wish), "compensated");
        (await StandingAsync(home)).ShouldBe(standing);
        (await HeldAsync(home)).ShouldBe(held);
        (await OnuOwnerAsync(second)).ShouldBe(home.Id);
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM ipam_vlan_allocations WHERE ended_at IS NULL AND owner_id NOT IN (SELECT id FROM subscribers)"
            )
        ).ShouldBe(0, "nothing leaks");
    }

    [Fact]
    public async Task Who_may_not_change_what_an_order_touches_may_not_order_it()
    {
        var home = await host.ProvisionAsync();
        var name = RadiusFixture.NewName("role");
        string[] permissions = ["isp.oss.configure", "isp.oss.read", "isp.radius.read", "isp.network.pon.write"];
        (await host.Admin.PostAsync("/api/v1/roles", new { name, permissions })).ShouldHave(HttpStatusCode.Created);
        using var person = await host.PersonAsync(name);
        var change = new { bandwidth_profile_id = host.Plan };
        var bulk = new
        {
            kind = "change_plan",
            parameters = change,
            filter = new { all = true },
        };
        foreach (
            var (path, body) in new (string, object)[]
            {
                ($"/api/v1/subscribers/{home.Username}/change-plan", change),
                ($"/api/v1/subscribers/{home.Username}/change-plan", new { bandwidth_profile_id = host.Plan, dry_run = true }),
                ($"/api/v1/subscribers/{home.Username}/change-network", new { vlan = new { pool = ProvisioningFixture.VlanPool } }),
                ("/api/v1/provisioning/bulk/preview", bulk),
            }
        )
        {
            var refused = (await person.PostAsync(path, body)).ShouldHave(HttpStatusCode.Forbidden);
            (refused.Code, refused["detail"].GetString()!.Contains("isp.radius.write", StringComparison.Ordinal)).ShouldBe(
                ("permission.missing", true),
                path
            );
        }
    }

    [Fact]
    public async Task Who_may_not_order_what_a_run_does_may_not_steer_it()
    {
        var home = await host.ProvisionAsync();
        var answer = await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/change-network", new { onu_serial = "DMACFFFFFFF3" });
        await DoneAsync(answer, "compensated");
        var run = $"/api/v1/provisioning/runs/{answer["run_id"].GetGuid()}";
        var name = RadiusFixture.NewName("role");
        string[] permissions = ["isp.oss.configure", "isp.oss.read", "isp.radius.read", "isp.radius.write"];
        (await host.Admin.PostAsync("/api/v1/roles", new { name, permissions })).ShouldHave(HttpStatusCode.Created);
        using var person = await host.PersonAsync(name);
        foreach (var (verb, body) in new (string, object)[] { ("retry", new { }), ("cancel", new { }), ("give-up", new { reason = "no" }) })
        {
            var refused = (await person.PostAsync($"{run}/{verb}", body)).ShouldHave(HttpStatusCode.Forbidden);
            refused.Code.ShouldBe("permission.missing", verb);
            refused["detail"].GetString()!.ShouldContain("isp.network.pon.write");
        }

        // One whose run touches no ONU he may send on.
        var plan = await host.Admin.PostAsync(
            $"/api/v1/subscribers/{home.Id}/change-plan",
            new { bandwidth_profile_id = await host.ProfileAsync(50_000, 10_000), at = DateTimeOffset.UtcNow.AddDays(1) }
        );
        var later = $"/api/v1/provisioning/runs/{plan.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid()}";
        (await person.PostAsync(later + "/cancel", new { })).ShouldHave(HttpStatusCode.OK);
        (await host.Admin.PostAsync(run + "/retry", new { })).ShouldHave(HttpStatusCode.OK);
    }

    private Task DoneAsync(ApiAnswer answer, string ends) =>
        host.EndedAsync(answer.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid(), ends);

    /// <summary>What the subscriber's row and the service's say, versions and times aside.</summary>
    private async Task<string?> StandingAsync(ProvisionedSubscriber home) =>
        await host.Database.ScalarAsync<string>(
            """
            SELECT concat_ws(' ', s.bandwidth_profile_id, s.framed_ipv4_address, s.delegated_ipv6_prefix, s.vlan_id, s.onu_serial, s.service_address, i.plan_id,
                i.service_metadata, (SELECT count(*) FROM service_charges c WHERE c.service_id = i.id AND voided_at IS NULL))
            FROM subscribers s JOIN service_instances i ON i.subscriber_id = s.id WHERE s.id = @Id
            """,
            new { home.Id }
        );

    private async Task<IReadOnlyList<string>> HeldAsync(ProvisionedSubscriber home) =>
        await host.Database.QueryAsync<string>(
            """
            SELECT network::text FROM ipam_allocations WHERE owner_id = @Id AND ended_at IS NULL
            UNION ALL SELECT 'vlan ' || service_vlan FROM ipam_vlan_allocations WHERE owner_id = @Id AND ended_at IS NULL ORDER BY 1
            """,
            new { home.Id }
        );

    private Task<short?> OnuVlanAsync(string serial) =>
        host.Database.ScalarAsync<short?>("SELECT service_vlan FROM pon_onus WHERE serial = @serial", new { serial });

    private Task<Guid?> OnuOwnerAsync(string serial) =>
        host.Database.ScalarAsync<Guid?>("SELECT owner_id FROM pon_onus WHERE serial = @serial", new { serial });
}
