using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Provisioning;

namespace DotMac.SystemTests.Reconciliation;

/// <summary>
/// Each kind of difference, planted behind the platform's back, found, and mended by its run; then nothing is left of it. The host is the
/// real one, with a worker; what is planted is planted in the database as a leak or a bug would leave it.
/// </summary>
public sealed class ReconciliationTests(ReconciliationTests.Room host) : IClassFixture<ReconciliationTests.Room>
{
    public sealed class Room : ProvisioningFixture;

    private static readonly object Line = new
    {
        vlan_pool = ProvisioningFixture.QinqPool,
        qinq_enabled = true,
        ipv6_assignment_mode = "dual_stack",
    };

    [Fact]
    public async Task What_was_provisioned_shows_no_difference()
    {
        var home = await host.ProvisionAsync(Line, await host.OnuAsync());
        await CompareAsync();
        (await OfAsync(home.Id)).ShouldBeEmpty();
        var last = (await host.Admin.GetAsync("/api/v1/reconciliation/runs")).ShouldHave(HttpStatusCode.OK)["items"][0];
        last.GetProperty("compared").GetInt32().ShouldBeGreaterThan(2);
        last.GetProperty("not_asked").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_leaked_address_and_a_leaked_vlan_are_given_back()
    {
        var home = await host.ProvisionAsync(Line);
        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET deleted_at = now() WHERE id = @Id; UPDATE service_instances SET status = 11 WHERE subscriber_id = @Id",
            new { home.Id }
        );
        await CompareAsync();
        (await OfAsync(home.Id))
            .Select(Kind)
            .Order(StringComparer.Ordinal)
            .ShouldBe(["leaked_address", "leaked_address", "leaked_address", "leaked_vlan"]);
        await MendAllAsync(home.Id);
        (await HeldAsync(home.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task An_address_that_the_plan_does_not_know_is_told_to_it()
    {
        var home = await host.ProvisionAsync(Line);
        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET framed_ipv4_address = '100.80.13.55' WHERE id = @Id; UPDATE ipam_allocations SET ended_at = now() WHERE owner_id = @Id AND kind = 0",
            new { home.Id }
        );
        await host.Database.ExecuteAsync(
            "UPDATE ipam_slots SET state = 0 WHERE (pool_id, ordinal) IN (SELECT pool_id, ordinal FROM ipam_allocations WHERE owner_id = @Id AND kind = 0)",
            new { home.Id }
        );
        await CompareAsync();
        await ShouldShowAsync(home.Id, "address_not_in_plan");
        await MendAllAsync(home.Id);
        (
            await host.Database.ScalarAsync<bool>(
                "SELECT a.network = s.framed_ipv4_address FROM ipam_allocations a JOIN subscribers s ON s.id = a.owner_id WHERE s.id = @Id AND a.kind = 0 AND a.ended_at IS NULL",
                new { home.Id }
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task An_address_and_a_vlan_that_the_line_does_not_have_are_changed_in_the_plan()
    {
        var home = await host.ProvisionAsync(Line);
        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET framed_ipv4_address = '100.80.14.77', vlan_id = 1001, inner_vlan = 3777 WHERE id = @Id",
            new { home.Id }
        );
        await CompareAsync();
        await ShouldShowAsync(home.Id, "address_differs", "wrong_vlan");
        await MendAllAsync(home.Id);
        (
            await host.Database.ScalarAsync<string>(
                "SELECT host(network) FROM ipam_allocations WHERE owner_id = @Id AND kind = 0 AND ended_at IS NULL",
                new { home.Id }
            )
        ).ShouldBe("100.80.14.77");
        (
            await host.Database.ScalarAsync<string>(
                "SELECT service_vlan || '.' || inner_vlan FROM ipam_vlan_allocations WHERE owner_id = @Id AND ended_at IS NULL",
                new { home.Id }
            )
        ).ShouldBe("1001.3777");
    }

    [Fact]
    public async Task Of_two_lines_with_one_address_the_one_that_the_plan_does_not_mean_loses_it()
    {
        var (one, two) = (await host.ProvisionAsync(), await host.ProvisionAsync());
        await host.Database.ExecuteAsync(
            """
            CREATE TEMP TABLE swap AS SELECT framed_ipv4_address AS a FROM subscribers WHERE id = @One;
            UPDATE subscribers SET framed_ipv4_address = NULL WHERE id = @One;
            UPDATE subscribers SET framed_ipv4_address = (SELECT a FROM swap) WHERE id = @Two;
            DROP TABLE swap;
            """,
            new { One = one.Id, Two = two.Id }
        );
        await CompareAsync();
        var finding = (await OfAsync(two.Id)).Single(f => Kind(f) == "address_held_twice");
        finding.GetProperty("fix").GetString()!.ShouldContain("off the line");
        await MendAsync(finding);
        (
            await host.Database.ScalarAsync<bool>("SELECT framed_ipv4_address IS NULL FROM subscribers WHERE id = @Id", new { two.Id })
        ).ShouldBeTrue();
        await CompareAsync();
        (await OfAsync(two.Id)).ShouldNotContain(f => Kind(f) == "address_held_twice");
    }

    [Fact]
    public async Task A_service_whose_account_is_missing_gets_it_and_one_whose_subscriber_is_gone_ends()
    {
        var (pending, gone) = (await host.ProvisionAsync(), await host.ProvisionAsync());
        await host.Database.ExecuteAsync("UPDATE subscribers SET status = 0, enabled = false WHERE id = @Id", new { pending.Id });
        await host.Database.ExecuteAsync("UPDATE subscribers SET deleted_at = now() WHERE id = @Id", new { gone.Id });
        await CompareAsync();
        await ShouldShowAsync(pending.Id, "aaa_account_missing");
        await MendAllAsync(pending.Id);
        (await host.Database.ScalarAsync<short>("SELECT status FROM subscribers WHERE id = @Id", new { pending.Id })).ShouldBe((short)1);

        await ShouldShowAsync(gone.Id, "leaked_address", "service_without_subscriber");
        await MendAllAsync(gone.Id);
        (await host.ServiceAsync(gone.ServiceId)).GetProperty("status").GetString().ShouldBe("terminated");
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM service_charges WHERE service_id = @ServiceId AND kind = 4",
                new { gone.ServiceId }
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task Onus_without_owner_owners_without_onu_and_wrong_tags_are_mended_on_the_olt()
    {
        var (tags, lost, stray) = (await host.OnuAsync(), await host.OnuAsync(), await host.OnuAsync());
        var home = await host.ProvisionAsync(Line, tags);
        var other = await host.ProvisionAsync(Line, lost);
        await host.Database.ExecuteAsync(
            """
            UPDATE pon_onus SET inner_vlan = 3999, admin = 2, oper = 5 WHERE serial = @tags;
            UPDATE pon_onus SET owner_id = NULL, admin = 0, oper = 0 WHERE serial = @lost;
            UPDATE pon_onus SET owner_id = gen_random_uuid(), admin = 1, oper = 2 WHERE serial = @stray
            """,
            new
            {
                tags,
                lost,
                stray,
            }
        );
        await CompareAsync();
        await ShouldShowAsync(home.Id, "onu_differs");
        await ShouldShowAsync(other.Id, "owner_without_onu");
        await MendAllAsync(home.Id);
        await MendAllAsync(other.Id);
        foreach (var (serial, owner) in new[] { (tags, home.Id), (lost, other.Id) })
        {
            var onu = (await host.Admin.GetAsync($"/api/v1/pon/onus/{serial}"))["onu"];
            onu.GetProperty("owner_id").GetGuid().ShouldBe(owner);
            (onu.GetProperty("admin").GetString(), onu.GetProperty("oper").GetString()).ShouldBe(("enabled", "online"));
            onu.GetProperty("inner_vlan").GetInt32().ShouldNotBe(3999);
        }

        var strange = (await FindingsAsync("?kind=onu_without_owner&limit=500")).Single(f =>
            f.GetProperty("what").GetString()!.Contains(stray, StringComparison.Ordinal)
        );
        await MendAsync(strange);
        (await host.Admin.GetAsync($"/api/v1/pon/onus/{stray}"))["onu.admin"].GetString().ShouldBe("discovered");
    }

    [Fact]
    public async Task Sessions_with_a_foreign_address_or_without_right_are_asked_to_end()
    {
        var (foreign, barred) = (await host.ProvisionAsync(), await host.ProvisionAsync());
        await SessionAsync(foreign, "100.80.15.200");
        await SessionAsync(barred, null);
        (await host.Admin.PostAsync($"/api/v1/subscribers/{barred.Username}/disable")).ShouldHave(HttpStatusCode.OK);
        await CompareAsync();
        var found = (await OfAsync(foreign.Id)).Single();
        Kind(found).ShouldBe("session_foreign_address");
        found.GetProperty("observed").GetString().ShouldBe("100.80.15.200/32");
        found.GetProperty("observed_at").ValueKind.ShouldBe(JsonValueKind.String);
        await ShouldShowAsync(barred.Id, "session_without_right");
        await MendAsync(found);
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM coa_tasks WHERE subscriber_id = @Id AND kind = 1",
                new { foreign.Id }
            )
        ).ShouldBeGreaterThan(0);
        await host.Database.ExecuteAsync(
            "UPDATE radacct SET acctstoptime = now() WHERE subscriber_id IN (@One, @Two)",
            new { One = foreign.Id, Two = barred.Id }
        );
        await CompareAsync();
        (await OfAsync(foreign.Id)).ShouldBeEmpty();
        (await OfAsync(barred.Id)).ShouldBeEmpty();
    }

    [PeerFact("freeradius")]
    public async Task Rows_that_freeradius_reads_are_written_anew()
    {
        var home = await host.ProvisionAsync();
        (await host.Admin.PutAsync("/api/v1/radius/freeradius", new { enabled = true })).ShouldHave(HttpStatusCode.OK);
        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>("SELECT count(*) FROM freeradius.radcheck WHERE subscriber_id = @Id", new { home.Id })
                > 0,
            "the projection fills"
        );
        await host.Database.ExecuteAsync("DELETE FROM freeradius.radcheck WHERE subscriber_id = @Id", new { home.Id });
        await CompareAsync();
        await ShouldShowAsync(home.Id, "free_radius_drift");
        await MendAllAsync(home.Id);
        (
            await host.Database.ScalarAsync<long>("SELECT count(*) FROM freeradius.radcheck WHERE subscriber_id = @Id", new { home.Id })
        ).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_repair_is_confirmed_as_shown_looks_once_more_and_may_be_refused_or_the_finding_ignored()
    {
        var home = await host.ProvisionAsync();
        await host.Database.ExecuteAsync("UPDATE subscribers SET framed_ipv4_address = '100.80.14.99' WHERE id = @Id", new { home.Id });
        await CompareAsync();
        var finding = (await OfAsync(home.Id)).Single();
        var number = finding.GetProperty("subject_label").GetString()!;
        var sought = (
            await host.Admin.GetAsync($"/api/v1/reconciliation/findings?q={number.ToLowerInvariant()}&kind=leaked_vlan&count=true")
        ).ShouldHave(HttpStatusCode.OK);
        (sought["items"].GetArrayLength(), sought["total"].GetInt64()).ShouldBe((0, 0));
        sought["kinds"].EnumerateObject().Select(k => (k.Name, k.Value.GetInt64())).ShouldBe([(Kind(finding), 1L)]);
        (await FindingsAsync($"?q={number}")).Select(Kind).ShouldBe([Kind(finding)]);
        (await FindingsAsync("?q=nobody-is-called-so")).ShouldBeEmpty();
        var path = $"/api/v1/reconciliation/findings/{finding.GetProperty("id").GetGuid()}";
        (await host.Admin.PostAsync($"{path}/repair", new { token = "old" }))
            .ShouldHave(HttpStatusCode.PreconditionFailed)
            .Code.ShouldBe("finding.changed");

        (await host.Admin.PostAsync($"{path}/ignore", new { reason = "" })).ShouldHave(HttpStatusCode.BadRequest);
        (await host.Admin.PostAsync($"{path}/ignore", new { reason = "moved by hand until Monday" })).ShouldHave(HttpStatusCode.OK);
        (await OfAsync(home.Id)).ShouldBeEmpty();
        (await FindingsAsync($"?state=ignored&subject_id={home.Id}")).Count.ShouldBe(1);
        (await host.Admin.DeleteAsync($"{path}/ignore")).ShouldHave(HttpStatusCode.OK);

        // It was put right by hand meanwhile: the run finds that, and does nothing.
        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET framed_ipv4_address = (SELECT host(network)::inet FROM ipam_allocations WHERE owner_id = @Id AND kind = 0 AND ended_at IS NULL) WHERE id = @Id",
            new { home.Id }
        );
        var before = await host.Database.ScalarAsync<Guid>(
            "SELECT id FROM ipam_allocations WHERE owner_id = @Id AND kind = 0 AND ended_at IS NULL",
            new { home.Id }
        );
        await MendAsync(finding);
        (
            await host.Database.ScalarAsync<Guid>(
                "SELECT id FROM ipam_allocations WHERE owner_id = @Id AND kind = 0 AND ended_at IS NULL",
                new { home.Id }
            )
        ).ShouldBe(before);
        (await host.Admin.PostAsync($"{path}/repair", new { token = "any" }))
            .ShouldHave(HttpStatusCode.Conflict)
            .Code.ShouldBe("finding.gone");
        (
            await host.Database.QueryAsync<string>(
                "SELECT action FROM audit_log WHERE entity = 'reconciliation_finding' AND entity_id = @id ORDER BY seq",
                new { id = path.Split('/')[^1] }
            )
        ).ShouldBe(["finding.ignored", "finding.heeded", "finding.repair_confirmed", "finding.gone"]);
        (await host.Admin.GetAsync($"/api/v1/reconciliation/findings/{Guid.NewGuid()}"))
            .ShouldHave(HttpStatusCode.NotFound)
            .Code.ShouldBe("finding.not_found");
        (await host.Admin.PatchAsync("/api/v1/reconciliation/settings", new { every_minutes = 0 })).ShouldHave(HttpStatusCode.BadRequest);
        (await host.Admin.PatchAsync("/api/v1/reconciliation/settings", new { every_minutes = 5 }))
            .ShouldHave(HttpStatusCode.OK)["enabled"]
            .GetBoolean()
            .ShouldBeTrue();
    }

    private async Task CompareAsync() => (await host.Admin.PostAsync("/api/v1/reconciliation/runs")).ShouldHave(HttpStatusCode.OK);

    private Task<IReadOnlyList<JsonElement>> OfAsync(Guid subscriber) => FindingsAsync($"?subject_id={subscriber}");

    private async Task<IReadOnlyList<JsonElement>> FindingsAsync(string query) =>
        [.. (await host.Admin.GetAsync($"/api/v1/reconciliation/findings{query}")).ShouldHave(HttpStatusCode.OK)["items"].EnumerateArray()];

    private static string Kind(JsonElement finding) => finding.GetProperty("kind").GetString()!;

    private static string What(JsonElement finding) => finding.GetProperty("what").GetString()!;

    /// <summary>Exactly these kinds of findings stand about a subscriber.</summary>
    private async Task ShouldShowAsync(Guid subscriber, params string[] kinds)
    {
        var found = await OfAsync(subscriber);
        string.Join(' ', found.Select(Kind).Order(StringComparer.Ordinal))
            .ShouldBe(string.Join(' ', kinds), string.Join('\n', found.Select(What)));
    }

    private async Task MendAllAsync(Guid subscriber)
    {
        foreach (var finding in await OfAsync(subscriber))
        {
            await MendAsync(finding);
        }

        await CompareAsync();
        (await OfAsync(subscriber)).ShouldBeEmpty();
    }

    private async Task MendAsync(JsonElement finding)
    {
        var id = finding.GetProperty("id").GetGuid();
        var answer = await host.Admin.PostAsync(
            $"/api/v1/reconciliation/findings/{id}/repair",
            new { token = finding.GetProperty("token").GetString() }
        );
        var run = answer.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid();
        // Where it is told to look, it is found.
        (await host.Admin.GetAsync(answer.Headers.Location!.ToString()))
            .ShouldHave(HttpStatusCode.OK)["id"]
            .GetGuid()
            .ShouldBe(run);
        await Eventually.IsTrueAsync(
            async () => await host.Database.ScalarAsync<short>("SELECT status FROM saga_runs WHERE id = @run", new { run }) >= 2,
            "the repair ends"
        );
        (await host.Database.ScalarAsync<short>("SELECT status FROM saga_runs WHERE id = @run", new { run })).ShouldBe(
            (short)2,
            await host.TimelineAsync(run)
        );
    }

    private Task<long> HeldAsync(Guid owner) =>
        host.Database.ScalarAsync<long>(
            "SELECT (SELECT count(*) FROM ipam_allocations WHERE owner_id = @owner AND ended_at IS NULL) + (SELECT count(*) FROM ipam_vlan_allocations WHERE owner_id = @owner AND ended_at IS NULL)",
            new { owner }
        );

    private Task SessionAsync(ProvisionedSubscriber home, string? address) =>
        host.Database.ExecuteAsync(
            """
            INSERT INTO radacct (tenant_id, acctsessionid, acctuniqueid, username, subscriber_id, nas_id, nasipaddress, acctstarttime, acctupdatetime, framedipaddress)
            SELECT tenant_id, @session, @session, username, id, gen_random_uuid(), '192.0.2.1', now(), now(), coalesce(@address::inet, framed_ipv4_address)
            FROM subscribers WHERE id = @Id
            """,
            new
            {
                session = Guid.NewGuid().ToString("N"),
                home.Id,
                address,
            }
        );
}
