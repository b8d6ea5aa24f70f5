using System.Net;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.FreeRadius;

/// <summary>The tables that FreeRADIUS reads: off by default, compared, mended, and gone when they are switched off.</summary>
public sealed class ProjectionDriftTests(ProjectionDriftTests.Fixture host) : IClassFixture<ProjectionDriftTests.Fixture>
{
    public sealed class Fixture : RadiusFixture;

    [PeerFact("freeradius")]
    public async Task Nothing_is_projected_unasked_and_nothing_is_left_when_it_is_switched_off()
    {
        var user = await host.SubscriberAsync();
        if (!(await host.Admin.GetAsync("/api/v1/radius/freeradius"))["enabled"].GetBoolean())
        {
            (await CountAsync("radcheck")).ShouldBe(0);
            (await host.Admin.GetAsync("/api/v1/radius/freeradius/drift"))
                .ShouldHave(HttpStatusCode.Conflict)
                .Code.ShouldBe("freeradius.disabled");
            var (code, said) = await FreeRadiusServer.CliAsync(
                host,
                "freeradius",
                "config",
                "--tenant",
                "default",
                "--way",
                "sql",
                "--out",
                "/nonexistent"
            );
            code.ShouldBe(1, said);
            said.ShouldContain("PUT /api/v1/radius/freeradius");
        }

        await SwitchAsync(true);
        await Eventually.IsTrueAsync(async () => await CountAsync("radcheck") > 0, "the projection fills");
        (
            await host.Database.ScalarAsync<string>(
                "SELECT value FROM freeradius.radcheck WHERE subscriber_id = @Id AND attribute = 'Cleartext-Password'",
                new { user.Id }
            )
        ).ShouldBe(user.Password);
        await SwitchAsync(false);
        await Eventually.IsTrueAsync(
            async () => await CountAsync("radcheck") + await CountAsync("radreply") + await CountAsync("nas") == 0,
            "the projection is gone"
        );
    }

    [PeerFact("freeradius")]
    public async Task Of_a_line_is_projected_what_is_in_force()
    {
        await SwitchAsync(true);
        var user = await host.SubscriberAsync();
        var profile = $"/api/v1/network/subscribers/{user.Id}/profile";
        (
            await host.Admin.PutAsync(
                profile,
                new
                {
                    service_vlan = 41,
                    inner_vlan = 42,
                    qinq_enabled = false,
                }
            )
        ).ShouldHave(HttpStatusCode.OK);
        await VlansAsync("41");
        (await host.Admin.PatchAsync(profile, new { qinq_enabled = true })).ShouldHave(HttpStatusCode.OK);
        await VlansAsync("41 42");
        (await host.Admin.PutAsync("/api/v1/tenant/flags/ENABLE_QINQ_PROVISIONING", new { value = "off" })).ShouldHave(HttpStatusCode.OK);
        await VlansAsync("41");
        (await host.Admin.PutAsync("/api/v1/tenant/flags/ENABLE_QINQ_PROVISIONING", new { value = "on" })).ShouldHave(HttpStatusCode.OK);
        await VlansAsync("41 42");
        (await host.Admin.DeleteAsync(profile)).ShouldHave(HttpStatusCode.NoContent);
        await VlansAsync("");

        Task VlansAsync(string expected) =>
            Eventually.IsTrueAsync(
                async () =>
                    await host.Database.ScalarAsync<string>(
                        """
                        SELECT coalesce(string_agg(value, ' ' ORDER BY id), '') FROM freeradius.radreply
                        WHERE subscriber_id = @Id AND attribute LIKE 'Tunnel-Private-Group-I%'
                        """,
                        new { user.Id }
                    ) == expected,
                $"FreeRADIUS is told the VLANs '{expected}'"
            );
    }

    [PeerFact("freeradius")]
    public async Task Drift_that_was_planted_is_told_and_mended()
    {
        await SwitchAsync(true);
        var user = await host.SubscriberAsync(new { vlan_id = 40 });
        var other = await host.SubscriberAsync();
        var nas = await host.NasAsync();
        await CleanAsync();

        await host.Database.ExecuteAsync(
            "UPDATE freeradius.radcheck SET value = 'known-to-me' WHERE subscriber_id = @Id AND attribute = 'Cleartext-Password'",
            new { user.Id }
        );
        await host.Database.ExecuteAsync("DELETE FROM freeradius.radreply WHERE subscriber_id = @Id", new { other.Id });
        await host.Database.ExecuteAsync("UPDATE freeradius.nas SET secret = 'known-to-me' WHERE nas_id = @Id", new { nas.Id });
        await host.Database.ExecuteAsync(
            "INSERT INTO freeradius.radcheck (tenant_id, subscriber_id, username, attribute, op, value) SELECT tenant_id, gen_random_uuid(), 'backdoor', 'Cleartext-Password', ':=', 'open' FROM tenants WHERE slug = 'default'"
        );

        var drift = (await host.Admin.GetAsync("/api/v1/radius/freeradius/drift")).ShouldHave(HttpStatusCode.OK);
        drift["total"].GetInt32().ShouldBe(4, drift.Text);
        drift["repaired"].GetBoolean().ShouldBeFalse();
        drift.Text.ShouldNotContain("known-to-me");
        drift["items"]
            .EnumerateArray()
            .Select(i => $"{i.GetProperty("table")} {i.GetProperty("problem")}")
            .Order(StringComparer.Ordinal)
            .ShouldBe(["nas different", "radcheck different", "radcheck surplus", "radreply missing"]);
        var (looked, said) = await FreeRadiusServer.CliAsync(host, "freeradius", "reconcile", "--check");
        looked.ShouldBe(1, said);

        var mended = (await host.Admin.PostAsync("/api/v1/radius/freeradius/repair")).ShouldHave(HttpStatusCode.OK);
        mended["total"].GetInt32().ShouldBe(4, mended.Text);
        mended["repaired"].GetBoolean().ShouldBeTrue();
        await CleanAsync();
        (
            await host.Database.ScalarAsync<string>(
                "SELECT value FROM freeradius.radcheck WHERE subscriber_id = @Id AND attribute = 'Cleartext-Password'",
                new { user.Id }
            )
        ).ShouldBe(user.Password);
        var (again, after) = await FreeRadiusServer.CliAsync(host, "freeradius", "reconcile", "--tenant", "default");
        again.ShouldBe(0, after);
        after.ShouldContain("0 differed, mended");
    }

    [PeerFact("freeradius")]
    public async Task What_changed_while_the_platform_was_dead_is_projected_when_it_is_back()
    {
        await SwitchAsync(true);
        var user = await host.SubscriberAsync();
        await CleanAsync();
        await host.Host.KillHardAsync();
        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET enabled = false, status = 3, version = version + 1 WHERE id = @Id",
            new { user.Id }
        );
        await host.Database.ExecuteAsync("DELETE FROM freeradius.radreply WHERE subscriber_id = @Id", new { user.Id });
        await host.Host.StartAgainAsync();
        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<string>(
                    "SELECT string_agg(attribute || value, ' ') FROM freeradius.radcheck WHERE subscriber_id = @Id",
                    new { user.Id }
                ) == "Auth-TypeReject",
            "the login is refused in radcheck"
        );
    }

    [PeerFact("freeradius")]
    public async Task The_role_of_a_tenants_FreeRADIUS_reaches_its_own_schema_alone()
    {
        await SwitchAsync(true);
        await CleanAsync();
        await FreeRadiusServer.WriteAsync(host, "sql", "default");
        var reach = await host.Database.QueryAsync<string>(
            """
            SELECT DISTINCT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
              AND has_schema_privilege('dotmac_fr_default', n.oid, 'USAGE')
              AND has_table_privilege('dotmac_fr_default', c.oid, 'SELECT, INSERT, UPDATE, DELETE')
            """
        );
        reach.ShouldBe(["fr_default"]);
        (
            await host.Database.QueryAsync<string>(
                """
                SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('freeradius', 'fr_default') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                """
            )
        ).ShouldBeEmpty();
        (
            await host.Database.ScalarAsync<bool>("SELECT has_table_privilege('dotmac_fr_default', 'fr_default.radpostauth', 'SELECT')")
        ).ShouldBeFalse();
    }

    private async Task SwitchAsync(bool enabled) =>
        (await host.Admin.SendAsync(HttpMethod.Put, "/api/v1/radius/freeradius", new { enabled })).ShouldHave(HttpStatusCode.OK);

    private Task CleanAsync() =>
        Eventually.IsTrueAsync(
            async () =>
                (await host.Admin.GetAsync("/api/v1/radius/freeradius/drift")).ShouldHave(HttpStatusCode.OK)["total"].GetInt32() == 0,
            "the projection is up to date"
        );

    private Task<long> CountAsync(string table) =>
        table switch
        {
            "radcheck" => host.Database.ScalarAsync<long>("SELECT count(*) FROM freeradius.radcheck"),
            "radreply" => host.Database.ScalarAsync<long>("SELECT count(*) FROM freeradius.radreply"),
            _ => host.Database.ScalarAsync<long>("SELECT count(*) FROM freeradius.nas"),
        };
}
