using System.Text.Json.Nodes;
using DotMac.Access.Coa;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Access;

/// <summary>Changing sessions: one at a time and many at once, with peers that obey, refuse, are silent, or see a worker die.</summary>
public sealed class CoaTests(AccessApi api) : IClassFixture<AccessApi>
{
    [PeerFact("freeradius")]
    public async Task A_rate_goes_to_a_real_peer_and_accounting_verifies_it()
    {
        await using var peer = await FreeRadiusNas.StartAsync("xyzzy-plugh-42");
        var nas = await api.NasAsync("127.0.0.1", peer.Port);
        var subscriber = await api.SubscriberAsync("ack-rate@isp");
        var id = await api.SessionAsync(nas, subscriber, "rate-1");
        var answer = await api.Client.MustAsync(
            200,
            "POST",
            $"radius/sessions/{id}/coa/rate",
            new { download_rate_kbps = 30000, upload_rate_kbps = 3000 }
        );
        answer["result"]!.Text("outcome").ShouldBe("ack");
        answer["sent"]!.AsArray().Single()!.Text("value").ShouldBe("3000k/30000k");
        (await TaskAsync(subscriber)).Text("verification").ShouldBe("pending");

        await api.Database.ExecuteAsync(
            "UPDATE radacct SET acctupdatetime = now(), changed_at = clock_timestamp() WHERE acctsessionid = 'rate-1'"
        );
        await WorkAsync();
        (await TaskAsync(subscriber)).Text("verification").ShouldBe("verified");
        (await api.Client.MustAsync(200, "GET", "radius/coa/tasks?session_id=" + id))["items"]!
            .AsArray()
            .Single()!
            .Text("verification")
            .ShouldBe("verified");
        (await api.Client.MustAsync(200, "GET", "radius/coa/tasks?session_id=another.1"))["items"]!.AsArray().ShouldBeEmpty();
        (await peer.StopAsync()).ShouldContain("Mikrotik-Rate-Limit = \"3000k/30000k\"");
    }

    [PeerFact("freeradius")]
    public async Task A_refusal_is_told_with_its_cause_and_is_not_repeated()
    {
        await using var peer = await FreeRadiusNas.StartAsync("xyzzy-plugh-42");
        var nas = await api.NasAsync("127.0.0.1", peer.Port);
        var subscriber = await api.SubscriberAsync("no-vlan@isp", new { vlan_id = 200, inner_vlan = 7 });
        var id = await api.SessionAsync(nas, subscriber, "vlan-1");
        var answer = await api.Client.MustAsync(200, "POST", $"radius/sessions/{id}/coa/vlan", new { });
        answer["result"]!.Text("outcome").ShouldBe("nak");
        answer["result"]!["error_cause"]!.Text("name").ShouldBe("Session-Context-Not-Found");
        answer["sent"]!
            .AsArray()
            .Select(a => $"{a!["name"]}={a["value"]}".ToLowerInvariant())
            .ShouldBe([
                "tunnel-type:1=vlan",
                "tunnel-medium-type:1=ieee-802",
                "tunnel-private-group-id:1=200",
                "tunnel-type:2=vlan",
                "tunnel-medium-type:2=ieee-802",
                "tunnel-private-group-id:2=7",
            ]);
        (await TaskAsync(subscriber)).Text("state").ShouldBe("failed");
    }

    [Fact]
    public async Task A_silent_nas_is_no_success_and_is_asked_again_later()
    {
        using var peer = new NasDouble { Says = PacketCode.None };
        var nas = await api.NasAsync("127.0.0.1", peer.Port);
        var subscriber = await api.SubscriberAsync("silent-rate@isp");
        var id = await api.SessionAsync(nas, subscriber, "silent-rate-1");
        var answer = await api.Client.MustAsync(
            200,
            "POST",
            $"radius/sessions/{id}/coa/rate",
            new { download_rate_kbps = 30000, upload_rate_kbps = 3000 }
        );
        answer["result"]!.Text("outcome").ShouldBe("timeout");
        answer["result"]!["asked_again_at"].ShouldNotBeNull();
        peer.Says = PacketCode.CoaAck;
        await api.Database.ExecuteAsync("UPDATE coa_tasks SET due_at = now() WHERE acctsessionid = 'silent-rate-1'");
        await WorkAsync();
        var task = await TaskAsync(subscriber);
        (task.Text("state"), task.Text("outcome"), task["attempts"]!.GetValue<int>()).ShouldBe(("done", "ack", 2));

        // Accounting never speaks of it again: that is said, too.
        await api.Database.ExecuteAsync("UPDATE coa_tasks SET verify_until = now() WHERE acctsessionid = 'silent-rate-1'");
        await WorkAsync();
        (await TaskAsync(subscriber)).Text("verification").ShouldBe("unverified");
    }

    [Fact]
    public async Task A_profiles_change_offers_to_tell_the_sessions_that_run_with_it()
    {
        var profile = await api.Client.MustAsync(
            201,
            "POST",
            "radius/bandwidth-profiles",
            new
            {
                name = "Offered",
                download_rate_kbps = 40000,
                upload_rate_kbps = 4000,
            }
        );
        var id = profile.Text("id");
        var path = "radius/bandwidth-profiles/" + id;
        (await api.Client.MustAsync(200, "PATCH", path, new { upload_rate_kbps = 4100 }))["coa_run"].ShouldBeNull("nobody is online");
        var subscriber = await api.SubscriberAsync("offered@isp", new { bandwidth_profile_id = id, simultaneous_use = 0 });
        var nas = await api.NasAsync();
        await api.SessionAsync(nas, subscriber, "offered-1");
        await api.SessionAsync(nas, subscriber, "offered-2");
        await api.SessionAsync(nas, subscriber, "offered-over", stoppedMinutesAgo: 1);
        (await api.Client.MustAsync(200, "PATCH", path, new { name = "Offered anew", upload_rate_kbps = 4100 }))["coa_run"]
            .ShouldBeNull("its rates are what they were");
        var changed = await api.Client.MustAsync(200, "PATCH", path, new { upload_rate_kbps = 4200 });
        changed["upload_rate_kbps"]!.GetValue<int>().ShouldBe(4200);
        var run = await api.Client.MustAsync(201, "POST", "radius/coa/runs", changed["coa_run"]);
        (run.Text("kind"), run["total"]!.GetValue<int>()).ShouldBe(("rate", 2));
        await api.Client.MustAsync(200, "POST", $"radius/coa/runs/{run.Text("id")}/cancel");
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_refused()
    {
        var nas = await api.NasAsync();
        var subscriber = await api.SubscriberAsync("wrongly@isp");
        var path = $"radius/sessions/{await api.SessionAsync(nas, subscriber, "wrongly-1")}/coa/";
        (await api.Client.MustAsync(400, "POST", path + "suspend", new { filter_id = "a\r\nb" }))
            .Faults()
            .ShouldBe(["filter_id:bad_character"]);
        (await api.Client.MustAsync(400, "POST", path + "vlan", new { inner_vlan = 5000 }))
            .Faults()
            .ShouldBe(["inner_vlan:out_of_range", "vlan_id:required"]);
        (await api.Client.MustAsync(422, "POST", path + "rate", new { })).Code().ShouldBe("coa.nothing_to_say");
        (await api.Client.MustAsync(404, "POST", path + "rate", new { bandwidth_profile_id = Guid.NewGuid() }))
            .Code()
            .ShouldBe("bandwidth_profile.not_found");
        (await api.Client.MustAsync(404, "POST", "radius/sessions/none/coa/resume", new { })).Code().ShouldBe("session.not_found");
        (await api.Client.MustAsync(400, "POST", "radius/coa/runs", new { kind = "explode" }))
            .Faults()
            .ShouldBe(["filter:required", "kind:unknown"]);
        using var stranger = api.As(AccessApi.OtherTenant, AccessApi.AllPermissions);
        (await stranger.MustAsync(404, "POST", path + "resume", new { })).Code().ShouldBe("session.not_found");
        using var reader = api.As(AccessApi.Tenant, "isp.radius.read");
        await reader.MustAsync(403, "POST", path + "resume", new { });
    }

    [Fact]
    public async Task A_run_is_previewed_started_followed_and_its_worker_may_die()
    {
        using var peer = new NasDouble { Says = PacketCode.CoaAck };
        var nas = await api.NasAsync("127.0.0.1", peer.Port);
        var profile = await api.Client.MustAsync(
            201,
            "POST",
            "radius/bandwidth-profiles",
            new
            {
                name = "Bulk",
                download_rate_kbps = 40000,
                upload_rate_kbps = 4000,
            }
        );
        var subscriber = await api.SubscriberAsync("bulk@isp", new { bandwidth_profile_id = profile.Text("id"), simultaneous_use = 0 });
        for (var i = 0; i < 30; i++)
        {
            await api.SessionAsync(nas, subscriber, $"bulk-{i}");
        }

        var order = new { kind = "rate", filter = new { bandwidth_profile_id = profile.Text("id") } };
        var preview = await api.Client.MustAsync(200, "POST", "radius/coa/runs/preview", order);
        preview["total"]!.GetValue<int>().ShouldBe(30);
        preview["sample"]!.AsArray().Count.ShouldBe(20);
        preview["nas"]!.AsArray().Single()!.Text("vendor").ShouldBe("mikrotik");
        (
            await api.Client.MustAsync(
                409,
                "POST",
                "radius/coa/runs",
                new
                {
                    order.kind,
                    order.filter,
                    expected = 3,
                }
            )
        ).Code().ShouldBe("coa.more_than_expected");

        var run = await api.Client.MustAsync(
            201,
            "POST",
            "radius/coa/runs",
            new
            {
                order.kind,
                order.filter,
                expected = 30,
            }
        );
        (run.Text("state"), run["waiting"]!.GetValue<int>()).ShouldBe(("running", 30));

        // A worker takes ten and is killed before it says what came of them.
        var queue = api.Services.GetRequiredService<CoaQueue>();
        (await queue.ClaimAsync(10, default)).Count.ShouldBe(10);
        while (await WorkAsync() > 0) { }
        peer.Asked.ShouldBe(20, "what another worker holds is left alone");
        await api.Database.ExecuteAsync("UPDATE coa_tasks SET leased_until = now() - interval '1 second' WHERE state = 1");
        while (await WorkAsync() > 0) { }
        run = await api.Client.MustAsync(200, "GET", "radius/coa/runs/" + run.Text("id"));
        (run.Text("state"), run["done"]!.GetValue<int>(), run["maybe_twice"]!.GetValue<int>()).ShouldBe(("done", 30, 10));
        peer.Asked.ShouldBe(30, "nobody is asked twice");
        (await api.Client.MustAsync(200, "GET", $"radius/coa/tasks?run_id={run.Text("id")}&limit=100"))["items"]!
            .AsArray()
            .Count(t => t!.Text("message").Contains("before", StringComparison.Ordinal))
            .ShouldBe(10);
        (await api.Client.MustAsync(200, "GET", "radius/coa/runs"))["items"]!.AsArray().ShouldNotBeEmpty();
        await ItsEndIsAuditedAsync(run, """{"ack": 30}""");

        // Cancelled before anybody was asked.
        run = await api.Client.MustAsync(201, "POST", "radius/coa/runs", new { kind = "disconnect", order.filter });
        run = await api.Client.MustAsync(200, "POST", $"radius/coa/runs/{run.Text("id")}/cancel");
        (run.Text("state"), run["cancelled"]!.GetValue<int>()).ShouldBe(("cancelled", 30));
        while (await WorkAsync() > 0) { }
        peer.Asked.ShouldBe(30);
        await ItsEndIsAuditedAsync(run, """{"not_asked": 30}""");
    }

    /// <summary>One entry for all, whose digest does not fit any more when a single answer is changed.</summary>
    private async Task ItsEndIsAuditedAsync(JsonNode run, string outcomes)
    {
        var id = Guid.Parse(run.Text("id"));
        var entries = await api.Database.QueryAsync<string>(
            "SELECT after::text FROM audit_log WHERE action = 'coa_run.finish' AND entity_id = @id::text",
            new { id }
        );
        var entry = JsonNode.Parse(entries.Single())!;
        JsonNode.DeepEquals(entry["outcomes"], JsonNode.Parse(outcomes)).ShouldBeTrue(entry.ToJsonString());
        (await DigestAsync(id)).ShouldBe(entry.Text("answers_sha256"));
        await api.Database.ExecuteAsync(
            "UPDATE coa_tasks SET outcome = 'nak' WHERE id = (SELECT id FROM coa_tasks WHERE run_id = @id LIMIT 1)",
            new { id }
        );
        (await DigestAsync(id)).ShouldNotBe(entry.Text("answers_sha256"));
    }

    private async Task<string> DigestAsync(Guid id) =>
        (await api.Database.ScalarAsync<string>(CoaRunEnds.Answers[(CoaRunEnds.Answers.IndexOf(';') + 1)..], new { id }))!;

    private Task<int> WorkAsync() => ActivatorUtilities.CreateInstance<CoaWorker>(api.Services).RunOnceAsync(default);

    private async Task<JsonNode> TaskAsync(JsonNode subscriber) =>
        (await api.Client.MustAsync(200, "GET", $"radius/coa/tasks?subscriber_id={subscriber.Text("id")}"))["items"]!.AsArray().Single()!;
}
