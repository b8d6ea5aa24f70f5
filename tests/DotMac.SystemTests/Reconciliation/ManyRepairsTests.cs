using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Provisioning;

namespace DotMac.SystemTests.Reconciliation;

/// <summary>Many findings repaired in one go: each has its run or its reason, and nothing that was asked for is passed over.</summary>
public sealed class ManyRepairsTests(ManyRepairsTests.Room host) : IClassFixture<ManyRepairsTests.Room>
{
    public sealed class Room : ProvisioningFixture;

    private const string Path = "/api/v1/reconciliation/repairs";

    private static readonly object Line = new
    {
        vlan_pool = ProvisioningFixture.QinqPool,
        qinq_enabled = true,
        ipv6_assignment_mode = "dual_stack",
    };

    [Fact]
    public async Task Each_is_repaired_gone_by_itself_cancelled_or_refused_and_several_of_one_subscriber_take_turns()
    {
        var (leaking, moved) = (await host.ProvisionAsync(Line), await host.ProvisionAsync());
        await LeakAsync(leaking);
        await MoveAsync(moved, "100.80.14.99");
        await CompareAsync();
        var (leaks, other) = (await OfAsync(leaking), (await OfAsync(moved)).ShouldHaveSingleItem());
        leaks.Count.ShouldBe(4);
        leaks.ShouldAllBe(f => f.GetProperty("fix_needs").GetString() == "isp.ipam.write");
        // Put right by hand meanwhile.
        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET framed_ipv4_address = (SELECT host(network)::inet FROM ipam_allocations WHERE owner_id = @Id AND kind = 0 AND ended_at IS NULL) WHERE id = @Id",
            new { moved.Id }
        );
        var nobody = Guid.NewGuid();
        var body = new
        {
            findings = leaks
                .Append(other)
                .Select(f => new { id = Id(f), token = f.GetProperty("token").GetString() })
                .Append(new { id = nobody, token = (string?)"any" })
                .ToArray(),
        };
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        // Somebody is before the repairs of this subscriber until all is asked.
        var ahead = await RunAheadAsync(leaking, status: 0);
        var begun = (await host.Admin.PostAsync(Path, body, key)).ShouldHave(HttpStatusCode.Accepted);
        begun["findings"].EnumerateArray().Select(Id).ShouldBe(body.findings.Select(f => f.id));
        (begun["started"].GetInt32(), begun["under_way"].GetInt32(), begun["refused"].GetInt32()).ShouldBe((5, 0, 1));
        var unknown = begun["findings"][5];
        (unknown.GetProperty("outcome").GetString(), unknown.GetProperty("code").GetString()).ShouldBe(("refused", "finding.not_found"));
        var repair = begun["repair_id"].GetGuid();
        begun.Headers.Location!.ToString().ShouldBe($"{Path}/{repair}");
        var last = begun["findings"][3].GetProperty("run_id").GetGuid();
        (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{last}/cancel")).ShouldHave(HttpStatusCode.OK);

        // Asked again with the same key it acts once; with another, what is under way is not begun anew.
        (await host.Admin.PostAsync(Path, body, key))
            .ShouldHave(HttpStatusCode.Accepted)["repair_id"]
            .GetGuid()
            .ShouldBe(repair);
        var again = (await host.Admin.PostAsync(Path, new { findings = body.findings[1..3] })).ShouldHave(HttpStatusCode.Accepted);
        again["repair_id"].ValueKind.ShouldBe(JsonValueKind.Null);
        again["under_way"].GetInt32().ShouldBe(2, again.Text);
        await host.Database.ExecuteAsync("UPDATE saga_runs SET status = 5, finished_at = now() WHERE id = @ahead", new { ahead });

        var states = await EndedAsync(repair);
        states[Id(other)].ShouldBe(("gone", null));
        states[Id(leaks[3])].ShouldBe(("failed", "run.cancelled"));
        leaks.Take(3).Select(l => states[Id(l)].State).Distinct(StringComparer.Ordinal).ShouldBe(["repaired"]);
        (await host.Admin.GetAsync($"/api/v1/provisioning/runs?parent_id={repair}&count=true"))["total"].GetInt64().ShouldBe(5);
        await CompareAsync();
        (await OfAsync(moved)).ShouldBeEmpty();
        (await OfAsync(leaking)).ShouldHaveSingleItem().GetProperty("kind").GetString().ShouldBe(leaks[3].GetProperty("kind").GetString());
        var gone = await host.Admin.PostAsync(Path, new { findings = body.findings[..1] });
        gone["findings"][0].GetProperty("code").GetString().ShouldBe("finding.gone");
    }

    [Fact]
    public async Task What_the_caller_may_not_repair_is_named_with_the_permission_and_the_rest_is_repaired()
    {
        var serial = await host.OnuAsync();
        var (home, moved) = (await host.ProvisionAsync(Line, serial), await host.ProvisionAsync());
        await host.Database.ExecuteAsync("UPDATE pon_onus SET inner_vlan = 3999 WHERE serial = @serial", new { serial });
        await MoveAsync(moved, "100.80.14.98");
        await CompareAsync();
        var (onu, address) = ((await OfAsync(home)).ShouldHaveSingleItem(), (await OfAsync(moved)).ShouldHaveSingleItem());
        var name = "planner-" + Guid.NewGuid().ToString("N")[..6];
        var role = new { name, permissions = new[] { "isp.oss.configure", "isp.oss.read", "isp.ipam.write" } };
        (await host.Admin.PostAsync("/api/v1/roles", role)).ShouldHave(HttpStatusCode.Created);
        using var planner = await host.PersonAsync(name);
        var findings = new[] { onu, address }.Select(f => new { id = Id(f), token = f.GetProperty("token").GetString() });
        var stale = await planner.PostAsync(Path, new { findings = new[] { new { id = Id(address), token = "old" } } });
        stale.ShouldHave(HttpStatusCode.Accepted)["findings"][0].GetProperty("code").GetString().ShouldBe("finding.changed");
        var begun = (await planner.PostAsync(Path, new { findings })).ShouldHave(HttpStatusCode.Accepted);
        var refused = begun["findings"][0];
        refused.GetProperty("code").GetString().ShouldBe("permission.missing");
        refused.GetProperty("detail").GetString()!.ShouldContain("isp.network.pon.write");
        onu.GetProperty("fix_needs").GetString().ShouldBe("isp.network.pon.write");
        (await EndedAsync(begun["repair_id"].GetGuid())).ShouldHaveSingleItem().Value.ShouldBe(("repaired", null));
        (await OfAsync(moved)).ShouldBeEmpty();
        var (why, by) = Refusal((await OfAsync(home)).ShouldHaveSingleItem());
        (why, by!.EndsWith("@example.net", StringComparison.Ordinal)).ShouldBe(("permission.missing", true), "kept for everybody to see");
    }

    /// <summary>A repair in the queue may wait for days: by then the finding is another one, or its turn does not come at all.</summary>
    [Fact]
    public async Task In_its_turn_it_does_what_was_confirmed_and_behind_a_dead_letter_there_is_no_turn()
    {
        var moved = await host.ProvisionAsync();
        await MoveAsync(moved, "100.80.14.97");
        await CompareAsync();
        var finding = (await OfAsync(moved)).ShouldHaveSingleItem();
        var body = new { findings = new[] { new { id = Id(finding), token = finding.GetProperty("token").GetString() } } };
        var ahead = await RunAheadAsync(moved, status: 6);
        var busy = (await host.Admin.PostAsync(Path, body)).ShouldHave(HttpStatusCode.Accepted)["findings"][0];
        (busy.GetProperty("outcome").GetString(), busy.GetProperty("code").GetString()).ShouldBe(("refused", "run.subject_busy"));
        await CompareAsync();
        Refusal(await OneAsync(finding)).Code.ShouldBe("run.subject_busy", "also after the next comparison");

        // Of a definition that no worker knows: it stays where it is until it is taken away.
        await host.Database.ExecuteAsync("UPDATE saga_runs SET status = 0 WHERE id = @ahead", new { ahead });
        var begun = (await host.Admin.PostAsync(Path, body)).ShouldHave(HttpStatusCode.Accepted);
        begun["started"].GetInt32().ShouldBe(1, begun.Text);
        Refusal(await OneAsync(finding)).ShouldBe((null, null), "a repair has begun");
        await MoveAsync(moved, "100.80.14.96");
        await host.Database.ExecuteAsync("UPDATE saga_runs SET status = 5 WHERE id = @ahead", new { ahead });
        (await EndedAsync(begun["repair_id"].GetGuid())).ShouldHaveSingleItem().Value.ShouldBe(("failed", "finding.changed"));
        (
            await host.Database.ScalarAsync<string>("SELECT host(framed_ipv4_address) FROM subscribers WHERE id = @Id", new { moved.Id })
        ).ShouldBe("100.80.14.96");
    }

    [Fact]
    public async Task While_something_works_on_a_subscriber_what_was_found_of_it_stays_as_it_was()
    {
        var moved = await host.ProvisionAsync();
        await MoveAsync(moved, "100.80.14.95");
        await CompareAsync();
        var finding = (await OfAsync(moved)).ShouldHaveSingleItem();
        var ignore = $"/api/v1/reconciliation/findings/{Id(finding)}/ignore";
        (await host.Admin.PostAsync(ignore, new { reason = "moved by hand until Monday" })).ShouldHave(HttpStatusCode.OK);

        var ahead = await RunAheadAsync(moved, status: 0);
        await CompareAsync();
        await host.Database.ExecuteAsync("UPDATE saga_runs SET status = 5, finished_at = now() WHERE id = @ahead", new { ahead });
        await CompareAsync();

        var still = await OneAsync(finding);
        still.GetProperty("gone_at").ValueKind.ShouldBe(JsonValueKind.Null);
        still.GetProperty("ignore_reason").GetString().ShouldBe("moved by hand until Monday");
        (await OfAsync(moved)).ShouldBeEmpty("it is ignored still");
    }

    [Fact]
    public async Task A_repair_waits_while_something_works_on_the_other_of_two_whom_it_is_about()
    {
        var (has, holds) = (await host.ProvisionAsync(), await host.ProvisionAsync());
        var address = await host.Database.ScalarAsync<string>(
            "SELECT host(framed_ipv4_address) FROM subscribers WHERE id = @Id",
            new { holds.Id }
        );
        await host.Database.ExecuteAsync("UPDATE subscribers SET framed_ipv4_address = NULL WHERE id = @Id", new { holds.Id });
        await MoveAsync(has, address!);
        await CompareAsync();
        var finding = (await OfAsync(has)).Single(f => f.GetProperty("kind").GetString() == "address_held_twice");

        var ahead = await RunAheadAsync(holds, status: 0);
        await CompareAsync();
        (await OneAsync(finding)).GetProperty("gone_at").ValueKind.ShouldBe(JsonValueKind.Null, "it is about who is worked on, too");
        var body = new { findings = new[] { new { id = Id(finding), token = finding.GetProperty("token").GetString() } } };
        var begun = (await host.Admin.PostAsync(Path, body)).ShouldHave(HttpStatusCode.Accepted);
        var run = begun["findings"][0].GetProperty("run_id").GetGuid();
        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>(
                    "SELECT count(*) FROM saga_steps WHERE run_id = @run AND name = 'look_again' AND error_code = 'run.subject_busy'",
                    new { run }
                ) == 1,
            "it says what it waits for"
        );
        await host.Database.ExecuteAsync("UPDATE saga_runs SET status = 5, finished_at = now() WHERE id = @ahead", new { ahead });

        (await EndedAsync(begun["repair_id"].GetGuid())).ShouldHaveSingleItem().Value.State.ShouldBe("repaired");
        (
            await host.Database.ScalarAsync<string?>("SELECT host(framed_ipv4_address) FROM subscribers WHERE id = @Id", new { has.Id })
        ).ShouldNotBe(address, "the other keeps it");
    }

    private async Task<JsonElement> OneAsync(JsonElement finding) =>
        (await host.Admin.GetAsync($"/api/v1/reconciliation/findings/{Id(finding)}")).ShouldHave(HttpStatusCode.OK).Body;

    private static (string? Code, string? By) Refusal(JsonElement finding)
    {
        (finding.GetProperty("refused_at").ValueKind == JsonValueKind.Null).ShouldBe(
            finding.GetProperty("refused_why").ValueKind == JsonValueKind.Null
        );
        return (finding.GetProperty("refused_code").GetString(), finding.GetProperty("refused_by").GetString());
    }

    private async Task<Guid> RunAheadAsync(ProvisionedSubscriber home, short status)
    {
        var ahead = Guid.CreateVersion7();
        await host.Database.ExecuteAsync(
            """
            INSERT INTO saga_runs (tenant_id, id, definition, version, status, input, state, subject_id, subject_label, started_by, created_at, due_at)
            SELECT tenant_id, @ahead, 'tests_unknown', 1, @status, '{}', '{}', id, subscriber_number, 'tests', now(), now() FROM subscribers WHERE id = @Id
            """,
            new
            {
                ahead,
                status,
                home.Id,
            }
        );
        return ahead;
    }

    [Fact]
    public async Task What_is_wrong_with_the_asking_is_told_all_at_once_and_does_nothing()
    {
        var id = Guid.NewGuid();
        var wrong = await host.Admin.PostAsync(Path, new { findings = new object[] { new { id, token = "x" }, new { id } } });
        wrong
            .ShouldHave(HttpStatusCode.BadRequest)["errors"]
            .EnumerateArray()
            .Select(e => e.GetProperty("field").GetString())
            .ShouldBe(["findings[1].id", "findings[1].token"]);
        (await host.Admin.PostAsync(Path, new { })).ShouldHave(HttpStatusCode.BadRequest);
        var many = Enumerable.Range(0, 501).Select(_ => new { id = Guid.NewGuid(), token = "x" });
        (await host.Admin.PostAsync(Path, new { findings = many })).ShouldHave(HttpStatusCode.BadRequest);
        (await host.Admin.GetAsync($"{Path}/{id}")).ShouldHave(HttpStatusCode.NotFound).Code.ShouldBe("finding.repair_not_found");
    }

    private static Guid Id(JsonElement one) => one.GetProperty("id").GetGuid();

    private async Task CompareAsync() => (await host.Admin.PostAsync("/api/v1/reconciliation/runs")).ShouldHave(HttpStatusCode.OK);

    private async Task<IReadOnlyList<JsonElement>> OfAsync(ProvisionedSubscriber home) =>
        [
            .. (await host.Admin.GetAsync($"/api/v1/reconciliation/findings?subject_id={home.Id}"))
                .ShouldHave(HttpStatusCode.OK)["items"]
                .EnumerateArray(),
        ];

    /// <summary>Waits until nothing more comes of it: what became of each.</summary>
    private async Task<Dictionary<Guid, (string State, string? Code)>> EndedAsync(Guid repair)
    {
        ApiAnswer answer = null!;
        await Eventually.IsTrueAsync(
            async () =>
            {
                answer = (await host.Admin.GetAsync($"{Path}/{repair}")).ShouldHave(HttpStatusCode.OK);
                return answer["over"].GetBoolean();
            },
            "the repair of many ends",
            TimeSpan.FromSeconds(60)
        );
        return answer["items"]
            .EnumerateArray()
            .ToDictionary(Id, i => (i.GetProperty("state").GetString()!, i.GetProperty("code").GetString()));
    }

    private Task LeakAsync(ProvisionedSubscriber home) =>
        host.Database.ExecuteAsync(
            "UPDATE subscribers SET deleted_at = now() WHERE id = @Id; UPDATE service_instances SET status = 11 WHERE subscriber_id = @Id",
            new { home.Id }
        );

    private Task MoveAsync(ProvisionedSubscriber home, string address) =>
        host.Database.ExecuteAsync("UPDATE subscribers SET framed_ipv4_address = @address::inet WHERE id = @Id", new { home.Id, address });
}
