using System.Net;
using System.Text.Json;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Access;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Provisioning;

/// <summary>A change of network keeps to the line's mode, its pools, the tenant's flags and the life of its addresses, as an order does.</summary>
public sealed class NetworkChangeTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    [Fact]
    public async Task Another_link_leaves_nothing_of_the_old_one_on_the_line()
    {
        var home = await host.ProvisionAsync(new { ipv6_assignment_mode = "dual_stack" });
        (await LineAsync(home))["framed_ipv6_prefix"].GetString().ShouldNotBeNull();
        await ChangedAsync(home, new { ipv6 = new { pool = ProvisioningFixture.AddressPool6 } });
        var line = await LineAsync(home);
        line["framed_ipv6_prefix"].ValueKind.ShouldBe(JsonValueKind.Null);
        var address = line["framed_ipv6_address"].GetString()!;
        (await HeldAsync(home.Id)).ShouldContain($"{address}/128 active {ProvisioningFixture.AddressPool6}");
        (await ProfileAsync(home.Id))["ipv6_pool"].GetString().ShouldBe(ProvisioningFixture.AddressPool6);

        await ChangedAsync(home, new { ipv6 = new { pool = ProvisioningFixture.LinkPool } });
        line = await LineAsync(home);
        line["framed_ipv6_address"].ValueKind.ShouldBe(JsonValueKind.Null);
        (await HeldAsync(home.Id)).ShouldContain($"{line["framed_ipv6_prefix"].GetString()} active {ProvisioningFixture.LinkPool}");
    }

    [Fact]
    public async Task What_the_mode_cannot_use_is_refused_or_given_back()
    {
        var home = await host.ProvisionAsync(new { ipv6_assignment_mode = "stateful", ipv6_pool = ProvisioningFixture.AddressPool6 });
        var before = await HeldAsync(home.Id);
        (await AskAsync(home.Id, new { ipv6 = new { @static = "2001:db8:77::/64" } })).Code.ShouldBe("change.mode_unfit");
        (await AskAsync(home.Id, new { delegated_prefix = new { } })).Code.ShouldBe("change.mode_unfit");
        await ChangedAsync(home, new { ipv6 = new { pool = ProvisioningFixture.LinkPool } }, "compensated", "provision.pool_unfit");
        (await HeldAsync(home.Id)).ShouldBe(before);
        (
            await host.Database.QueryAsync<short>(
                "SELECT type FROM service_events WHERE service_id = @ServiceId AND type IN (5, 6)",
                new { home.ServiceId }
            )
        ).ShouldBe([(short)6], "the service's history says that it turned back");
    }

    [Fact]
    public async Task A_static_address_outside_every_pool_is_noted_or_refused_as_the_flag_says()
    {
        var home = await host.ProvisionAsync();
        var wish = new { ipv4 = new { @static = "203.0.113.201" } };
        await FlagAsync("ENABLE_STATIC_IP_BYPASS", "off");
        await ChangedAsync(home, wish, "compensated", "provision.address_outside_pools");
        await FlagAsync("ENABLE_STATIC_IP_BYPASS", "on");
        await ChangedAsync(home, wish);
        (
            await host.Database.ScalarAsync<string>(
                "SELECT after ->> 'address' FROM audit_log WHERE action = 'provision.static_ip_bypass' AND entity_id = @id",
                new { id = home.Id.ToString() }
            )
        ).ShouldBe("203.0.113.201/32");
        (await MetadataAsync(home)).GetProperty("static_ip_bypass").GetBoolean().ShouldBeTrue();
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM service_events WHERE service_id = @ServiceId AND type = 22",
                new { home.ServiceId }
            )
        ).ShouldBe(1);
        await ChangedAsync(home, new { ipv4 = new { } });
        (await MetadataAsync(home)).GetProperty("static_ip_bypass").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task With_prefixes_switched_off_none_is_delegated()
    {
        var home = await host.ProvisionAsync(new { ipv6_assignment_mode = "pd" });
        await FlagAsync("ENABLE_IPV6_PD", "off");
        var refusal = await AskAsync(home.Id, new { delegated_prefix = new { } });
        await FlagAsync("ENABLE_IPV6_PD", "on");
        refusal.Code.ShouldBe("address.pd_switched_off");
    }

    [Fact]
    public async Task A_qinq_line_stays_one_and_in_its_pool_and_has_single_tags_where_the_tenant_switched_it_off()
    {
        var onu = await host.OnuAsync();
        var home = await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.QinqPool, qinq_enabled = true }, onu);
        var before = await TagsAsync(home.Id);
        await ChangedAsync(home, new { vlan = new { } });
        var after = await TagsAsync(home.Id);
        after.Inner.ShouldNotBeNull();
        after.ShouldNotBe(before);
        (await OnuTagsAsync(onu)).ShouldBe(after);
        (await ProfileAsync(home.Id))["vlan_pool"].GetString().ShouldBe(ProvisioningFixture.QinqPool);

        await FlagAsync("ENABLE_QINQ_PROVISIONING", "off");
        var faster = await host.ProfileAsync(60_000, 10_000);
        await DoneAsync(
            await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/change-plan", new { bandwidth_profile_id = faster }),
            "completed"
        );
        (await OnuTagsAsync(onu)).ShouldBe((after.Service, null), "RADIUS sends one tag, so the ONU has one");
        (await FindingsOfAsync(home.Id)).ShouldBeEmpty();
        await ChangedAsync(home, new { vlan = new { pool = ProvisioningFixture.VlanPool, qinq = true } });
        (await OnuTagsAsync(onu)).ShouldBe(((await TagsAsync(home.Id)).Service, null));
        await FlagAsync("ENABLE_QINQ_PROVISIONING", "on");
    }

    [Fact]
    public async Task A_line_takes_its_next_address_from_its_own_pool()
    {
        (
            await host.Admin.PostAsync(
                "/api/v1/ipam/pools",
                new
                {
                    name = "own-v4",
                    type = "ipv4_private",
                    network = "10.71.0.0/24",
                    quarantine_seconds = 0,
                }
            )
        ).ShouldHave(HttpStatusCode.Created);
        var home = await host.ProvisionAsync(new { ipv4_pool = "own-v4" });
        await ChangedAsync(home, new { ipv4 = new { } });
        (await HeldAsync(home.Id)).Single().ShouldEndWith(" active own-v4");
        await ChangedAsync(home, new { ipv4 = new { pool = ProvisioningFixture.V4Pool } });
        (await ProfileAsync(home.Id))["ipv4_pool"].GetString().ShouldBe(ProvisioningFixture.V4Pool);
    }

    [Fact]
    public async Task A_first_address_is_active_in_profile_and_plan_and_pending_again_when_it_fails()
    {
        var user = await host.SubscriberAsync();
        (await host.Admin.PutAsync($"/api/v1/network/subscribers/{user.Id}/profile", new { })).ShouldHave(HttpStatusCode.OK);
        await DoneAsync(await AskAsync(user.Id, new { ipv4 = new { }, onu_serial = "DMACFFFFFFF5" }), "compensated");
        (await StateAsync(user.Id)).ShouldBe("pending");
        await DoneAsync(await AskAsync(user.Id, new { ipv4 = new { } }), "completed");
        (await StateAsync(user.Id)).ShouldBe("active");
        (await HeldAsync(user.Id)).Single().ShouldContain(" active ");
        (await host.Admin.DeleteAsync($"/api/v1/network/subscribers/{user.Id}/profile")).Code.ShouldBe("network_profile.holds_addresses");
    }

    [Fact]
    public async Task A_suspended_line_gets_a_suspended_address()
    {
        var home = await host.ProvisionAsync();
        (await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/suspensions", new { reason = "administrative" })).ShouldHave(
            HttpStatusCode.Created
        );
        await Eventually.IsTrueAsync(
            async () =>
                await StateAsync(home.Id) == "suspended"
                && await host.Database.ScalarAsync<long>(
                    "SELECT count(*) FROM saga_runs WHERE subject_id = @Id AND status IN (0, 1, 4)",
                    new { home.Id }
                ) == 0,
            "suspended"
        );
        await ChangedAsync(home, new { ipv4 = new { } });
        (await StateAsync(home.Id)).ShouldBe("suspended");
        (await HeldAsync(home.Id)).Single().ShouldContain(" suspended ");
    }

    [Fact]
    public async Task A_plan_whose_lines_are_on_another_pool_brings_its_vlan_or_nothing_of_itself()
    {
        const string Secret = "plan-vlan-secret";
        using var door = new NasDouble(Secret) { Says = PacketCode.CoaAck };
        var nas = await host.NasAsync(coaPort: door.Port, address: "127.0.0.1", secret: Secret);
        var (single, paired) = (await host.ProfileAsync(20_000, 5_000), await host.ProfileAsync(90_000, 9_000));
        await DefaultsAsync(new { bandwidth_profile_id = single, vlan_pool = ProvisioningFixture.VlanPool });
        await DefaultsAsync(
            new
            {
                bandwidth_profile_id = paired,
                vlan_pool = ProvisioningFixture.QinqPool,
                qinq_enabled = true,
            }
        );
        var onu = await host.OnuAsync();
        var home = await host.ProvisionAsync(new { }, onu, single);
        var before = await TagsAsync(home.Id);
        before.Inner.ShouldBeNull();
        await nas.AccountAsync("Start", ("User-Name", home.Username), ("Acct-Session-Id", "pv-1"), ("NAS-IP-Address", "127.0.0.1"));
        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>("SELECT count(*) FROM radacct WHERE subscriber_id = @Id", new { home.Id }) == 1,
            "online"
        );

        await PlanAsync(home, paired, "completed");
        var after = await TagsAsync(home.Id);
        (after.Service is >= 1000 and <= 1003, after.Inner is not null).ShouldBe((true, true));
        (await OnuTagsAsync(onu)).ShouldBe(after);
        (await VlansAsync(home.Id)).ShouldBe([$"{after.Service}.{after.Inner}"], "the old one is given back");
        (await ProfileAsync(home.Id))["vlan_pool"].GetString().ShouldBe(ProvisioningFixture.QinqPool);
        (await MetadataAsync(home)).GetProperty("vlan").GetProperty("inner_vlan").GetInt32().ShouldBe(after.Inner!.Value);
        door.Asked.ShouldBe(2, "the rate and the VLAN");

        await host.Database.ExecuteAsync("UPDATE subscribers SET onu_serial = 'DMACFFFFFFF7' WHERE id = @Id", new { home.Id });
        await PlanAsync(home, single, "compensated");
        (await TagsAsync(home.Id)).ShouldBe(after);
        (await VlansAsync(home.Id)).ShouldBe([$"{after.Service}.{after.Inner}"]);
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM ipam_vlan_allocations WHERE ended_at IS NULL AND owner_id NOT IN (SELECT id FROM subscribers)"
            )
        ).ShouldBe(0, "nothing leaks");
    }

    [Fact]
    public async Task An_exchanged_onu_is_known_by_the_id_that_its_controller_gave_it()
    {
        var (first, second) = (await host.OnuAsync(), await host.OnuAsync());
        var home = await host.ProvisionAsync(onu: first);
        await ChangedAsync(home, new { onu_serial = second });
        var onu = (await MetadataAsync(home)).GetProperty("onu");
        onu.GetProperty("serial").GetString().ShouldBe(second);
        var id = onu.GetProperty("id").GetString();
        id.ShouldNotBeNullOrEmpty();
        onu.GetProperty("pon_port").GetString().ShouldNotBeNullOrEmpty();
        (await host.Database.ScalarAsync<string>("SELECT voltha_onu_id FROM subscribers WHERE id = @Id", new { home.Id })).ShouldBe(id);
    }

    [Fact]
    public async Task An_onu_is_given_by_who_may_also_write_the_subscriber()
    {
        var user = await host.SubscriberAsync();
        var name = RadiusFixture.NewName("role");
        string[] permissions = ["isp.network.pon.write", "isp.radius.read"];
        (await host.Admin.PostAsync("/api/v1/roles", new { name, permissions })).ShouldHave(HttpStatusCode.Created);
        using var person = await host.PersonAsync(name);
        var path = $"/api/v1/pon/onus/{await host.OnuAsync()}/provision";
        var refused = (await person.PostAsync(path, new { subscriber_id = user.Id })).ShouldHave(HttpStatusCode.Forbidden);
        refused["detail"].GetString()!.ShouldContain("isp.radius.write");
    }

    private Task<ApiAnswer> AskAsync(Guid subscriber, object wish) =>
        host.Admin.PostAsync($"/api/v1/subscribers/{subscriber}/change-network", wish);

    private async Task ChangedAsync(ProvisionedSubscriber home, object wish, string ends = "completed", string? code = null)
    {
        var answer = await AskAsync(home.Id, wish);
        await DoneAsync(answer, ends);
        (
            await host.Database.ScalarAsync<string?>(
                "SELECT error_code FROM saga_runs WHERE id = @run",
                new { run = answer["run_id"].GetGuid() }
            )
        ).ShouldBe(code);
    }

    private Task DoneAsync(ApiAnswer answer, string ends) =>
        host.EndedAsync(answer.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid(), ends);

    private async Task DefaultsAsync(object defaults) =>
        (await host.Admin.PostAsync("/api/v1/network/profile-defaults", defaults)).ShouldHave(HttpStatusCode.Created);

    private async Task PlanAsync(ProvisionedSubscriber home, Guid plan, string ends) =>
        await DoneAsync(
            await host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/change-plan", new { bandwidth_profile_id = plan }),
            ends
        );

    private Task<IReadOnlyList<string>> VlansAsync(Guid id) =>
        host.Database.QueryAsync<string>(
            "SELECT concat_ws('.', service_vlan, inner_vlan) FROM ipam_vlan_allocations WHERE owner_id = @id AND ended_at IS NULL",
            new { id }
        );

    private async Task FlagAsync(string flag, string value) =>
        (await host.Admin.PutAsync("/api/v1/tenant/flags/" + flag, new { value })).ShouldHave(HttpStatusCode.OK);

    private async Task<ApiAnswer> LineAsync(ProvisionedSubscriber home) =>
        (await host.Admin.GetAsync($"/api/v1/subscribers/{home.Id}")).ShouldHave(HttpStatusCode.OK);

    private async Task<ApiAnswer> ProfileAsync(Guid id) =>
        (await host.Admin.GetAsync($"/api/v1/network/subscribers/{id}/profile")).ShouldHave(HttpStatusCode.OK);

    private async Task<string?> StateAsync(Guid id) => (await ProfileAsync(id))["ipv4.state"].GetString();

    private async Task<JsonElement> MetadataAsync(ProvisionedSubscriber home) =>
        (await host.ServiceAsync(home.ServiceId)).GetProperty("service_metadata");

    private Task<IReadOnlyList<string>> HeldAsync(Guid id) =>
        host.Database.QueryAsync<string>(
            """
            SELECT a.network::text || ' ' || (ARRAY['pending', 'allocated', 'active', 'suspended', 'revoking'])[a.state + 1] || ' ' || coalesce(p.name, 'none')
            FROM ipam_allocations a LEFT JOIN ipam_pools p ON p.id = a.pool_id WHERE a.owner_id = @id AND a.ended_at IS NULL ORDER BY 1
            """,
            new { id }
        );

    private async Task<(short? Service, short? Inner)> TagsAsync(Guid id) =>
        (
            await host.Database.QueryAsync<(short?, short?)>("SELECT vlan_id, inner_vlan FROM subscribers WHERE id = @id", new { id })
        ).Single();

    private async Task<(short? Service, short? Inner)> OnuTagsAsync(string serial) =>
        (
            await host.Database.QueryAsync<(short?, short?)>(
                "SELECT service_vlan, inner_vlan FROM pon_onus WHERE serial = @serial",
                new { serial }
            )
        ).Single();

    private async Task<IReadOnlyList<string>> FindingsOfAsync(Guid id)
    {
        (await host.Admin.PostAsync("/api/v1/reconciliation/runs")).ShouldHave(HttpStatusCode.OK);
        return await host.Database.QueryAsync<string>(
            "SELECT kind::text FROM reconciliation_findings WHERE subject_id = @id AND gone_at IS NULL",
            new { id }
        );
    }
}
