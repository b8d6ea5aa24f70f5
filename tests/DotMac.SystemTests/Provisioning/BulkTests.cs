using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Provisioning;

/// <summary>One operation for many: preview, confirmation, waves, errors, undo, and a worker that is killed in the middle.</summary>
public sealed class BulkTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    private const string Bulk = "/api/v1/provisioning/bulk";

    [Fact]
    public async Task A_set_that_changed_since_the_preview_is_refused_and_what_was_done_is_undone()
    {
        var slow = await host.ProfileAsync(8_000, 1_000);
        var fast = await host.ProfileAsync(80_000, 10_000);
        await ManyAsync(6, slow);
        var order = new
        {
            kind = "change_plan",
            parameters = new { bandwidth_profile_id = fast },
            filter = new { bandwidth_profile_id = slow },
        };
        var preview = (await host.Admin.PostAsync(Bulk + "/preview", order)).ShouldHave(HttpStatusCode.OK);
        (preview["total"].GetInt32(), preview["online"].GetInt32(), preview["sample"].GetArrayLength()).ShouldBe((6, 0, 6));
        preview["monthly_amount"].ValueKind.ShouldBe(JsonValueKind.Null, "no prices are known yet, and nobody makes one up");

        var late = await ManyAsync(1, slow);
        var start = Start(order.kind, order.parameters, order.filter, preview["fingerprint"].GetString()!, wave: 4);
        (await host.Admin.PostAsync(Bulk, start)).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("bulk.set_changed");
        (await host.Admin.DeleteAsync($"/api/v1/subscribers/{late[0]}")).ShouldHave(HttpStatusCode.NoContent);

        var job = (await host.Admin.PostAsync(Bulk, start)).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
        var done = await EndedAsync(job, "completed");
        (done.GetProperty("done").GetInt32(), done.GetProperty("wave").GetInt32(), done.GetProperty("can_undo").GetBoolean()).ShouldBe(
            (6, 2, true)
        );
        (
            await CountAsync("SELECT count(*) FROM subscribers WHERE bandwidth_profile_id = @fast AND deleted_at IS NULL", new { fast })
        ).ShouldBe(6);
        (await CountAsync("SELECT count(*) FROM saga_runs WHERE parent_id = @job AND definition = 'change_plan'", new { job })).ShouldBe(6);

        var undo = (await host.Admin.PostAsync($"{Bulk}/{job}/undo")).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
        await EndedAsync(undo, "completed");
        (
            await CountAsync("SELECT count(*) FROM subscribers WHERE bandwidth_profile_id = @slow AND deleted_at IS NULL", new { slow })
        ).ShouldBe(6);
        (await host.Admin.PostAsync($"{Bulk}/{job}/undo")).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("bulk.not_undoable");
        var items = (await host.Admin.GetAsync($"{Bulk}/{job}/items?state=done&limit=4")).ShouldHave(HttpStatusCode.OK);
        (items["items"].GetArrayLength(), items["next_cursor"].ValueKind).ShouldBe((4, JsonValueKind.String));
    }

    [Fact]
    public async Task A_worker_that_is_killed_in_the_middle_begins_nothing_twice_and_forgets_nobody()
    {
        const int many = 30;
        var plan = await host.ProfileAsync(9_000, 1_000);
        await ManyAsync(many, plan);
        var order = new
        {
            kind = "suspend",
            parameters = new { reason = "administrative", note = "works on the mast" },
            filter = new { bandwidth_profile_id = plan },
        };
        var preview = (await host.Admin.PostAsync(Bulk + "/preview", order)).ShouldHave(HttpStatusCode.OK);
        var start = Start(order.kind, order.parameters, order.filter, preview["fingerprint"].GetString()!, wave: 8);
        var job = (await host.Admin.PostAsync(Bulk, start)).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
        await Eventually.IsTrueAsync(
            async () => await CountAsync("SELECT count(*) FROM bulk_items WHERE job_id = @job AND state >= 1", new { job }) >= 8,
            "the first wave is under way",
            TimeSpan.FromSeconds(90)
        );
        await host.Host.KillHardAsync();
        await host.Host.StartAgainAsync();

        var done = await EndedAsync(job, "completed");
        done.GetProperty("done").GetInt32().ShouldBe(many);
        (await CountAsync("SELECT count(*) FROM subscribers WHERE bandwidth_profile_id = @plan AND suspended", new { plan })).ShouldBe(
            many
        );
        (await CountAsync("SELECT count(*) FROM saga_runs WHERE parent_id = @job", new { job })).ShouldBe(many, "one run each");
        (
            await CountAsync(
                """
                SELECT count(*) FROM subscriber_suspensions r JOIN subscribers s ON s.id = r.subscriber_id
                WHERE s.bandwidth_profile_id = @plan AND r.job_id = @job
                """,
                new { plan, job }
            )
        ).ShouldBe(many, "one reason each");

        var undo = (await host.Admin.PostAsync($"{Bulk}/{job}/undo")).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
        await EndedAsync(undo, "completed");
        (await CountAsync("SELECT count(*) FROM subscribers WHERE bandwidth_profile_id = @plan AND suspended", new { plan })).ShouldBe(0);
    }

    [Fact]
    public async Task Too_many_errors_stop_it_and_what_has_not_begun_is_cancelled()
    {
        var plan = await host.ProfileAsync(7_000, 1_000);
        var gone = await host.ProfileAsync(6_000, 1_000);
        await ManyAsync(12, plan);
        var order = new
        {
            kind = "change_plan",
            parameters = new { bandwidth_profile_id = gone },
            filter = new { bandwidth_profile_id = plan },
        };
        var preview = (await host.Admin.PostAsync(Bulk + "/preview", order)).ShouldHave(HttpStatusCode.OK);
        (await host.Admin.DeleteAsync($"/api/v1/radius/bandwidth-profiles/{gone}")).ShouldHave(HttpStatusCode.NoContent);
        var start = Start(order.kind, order.parameters, order.filter, preview["fingerprint"].GetString()!, wave: 6);
        var job = (await host.Admin.PostAsync(Bulk, start)).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
        var stopped = await EndedAsync(job, "stopped");
        (stopped.GetProperty("failed").GetInt32(), stopped.GetProperty("waiting").GetInt32()).ShouldBe((6, 6));
        stopped.GetProperty("state_reason").GetString().ShouldBe("6 of 6 failed; more than 10 % stop it.");
        (await JobsAsync("stopped")).ShouldContain(job);
        (await JobsAsync("running")).ShouldNotContain(job);
        (await host.Admin.GetAsync($"{Bulk}?state=asleep")).ShouldHave(HttpStatusCode.BadRequest);
        var cancelled = (await host.Admin.PostAsync($"{Bulk}/{job}/cancel", new { note = "wrong plan" })).ShouldHave(HttpStatusCode.OK);
        (cancelled["state"].GetString(), cancelled["cancelled"].GetInt32()).ShouldBe(("cancelled", 6));
        (await host.Admin.PostAsync($"{Bulk}/{job}/pause", new { })).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("bulk.over");
        (await host.Admin.PostAsync(Bulk + "/preview", new { kind = "resume", filter = new { } })).ShouldHave(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task One_that_stopped_goes_on_when_its_cause_is_mended_and_is_judged_by_what_comes_then()
    {
        var plan = await host.ProfileAsync(5_000, 1_000);
        var other = await host.ProfileAsync(4_000, 1_000);
        await ManyAsync(12, plan);
        var (job, _) = await ChangePlanAsync(
            plan,
            other,
            wave: 6,
            before: async () =>
                (await host.Admin.DeleteAsync($"/api/v1/radius/bandwidth-profiles/{other}")).ShouldHave(HttpStatusCode.NoContent)
        );
        await EndedAsync(job, "stopped");

        const string Again = """
            INSERT INTO radius_bandwidth_profiles SELECT (jsonb_populate_record(p, jsonb_build_object('id', @other, 'name', 'back again'))).*
            FROM radius_bandwidth_profiles p WHERE id = @plan
            """;
        await host.Database.ExecuteAsync(Again, new { other, plan });
        var going = (await host.Admin.PostAsync($"{Bulk}/{job}/continue", new { note = "the plan is back" })).ShouldHave(HttpStatusCode.OK);
        (going["state"].GetString(), going["finished_at"].ValueKind).ShouldBe(("running", JsonValueKind.Null));
        var done = await EndedAsync(job, "completed");
        (done.GetProperty("done").GetInt32(), done.GetProperty("failed").GetInt32()).ShouldBe((6, 6));
    }

    [Fact]
    public async Task One_whose_line_another_run_has_waits_for_its_turn_and_fails_nothing()
    {
        var plan = await host.ProfileAsync(3_000, 1_000);
        var other = await host.ProfileAsync(2_000, 1_000);
        var whom = await ManyAsync(2, plan);
        const string Hold = """
            INSERT INTO saga_runs (tenant_id, id, definition, version, input, state, subject_id, subject_label, started_by, created_at, due_at, status)
            SELECT tenant_id, gen_random_uuid(), 'change_plan', 1, '{}', '{}', id, 'held', 'test', now(), now() + interval '1 day', 6 FROM subscribers
            WHERE username = @name RETURNING id
            """;
        var hold = await host.Database.ScalarAsync<Guid>(Hold, new { name = whom[0] });
        var (job, preview) = await ChangePlanAsync(plan, other, wave: 2);
        preview["busy"].GetInt32().ShouldBe(1);
        await Eventually.IsTrueAsync(
            async () =>
                await CountAsync("SELECT count(*) FROM bulk_items WHERE job_id = @job AND turns > 0 AND state = 0", new { job }) == 1,
            "it goes back to the end of the queue"
        );
        var view = (await host.Admin.GetAsync($"{Bulk}/{job}")).ShouldHave(HttpStatusCode.OK);
        (view["state"].GetString(), view["failed"].GetInt32()).ShouldBe(("running", 0));

        await host.Database.ExecuteAsync("UPDATE saga_runs SET status = 7 WHERE id = @hold", new { hold });
        (await EndedAsync(job, "completed")).GetProperty("done").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task What_a_job_resumed_is_brought_back_with_its_end()
    {
        var plan = await host.ProfileAsync(1_500, 1_000);
        var user = (await ManyAsync(1, plan))[0];
        var until = new DateTimeOffset(DateTimeOffset.UtcNow.Date.AddDays(30), TimeSpan.Zero);
        var given = new
        {
            reason = "vacation",
            note = "by the sea",
            until,
        };
        (await host.Admin.PostAsync($"/api/v1/subscribers/{user}/suspensions", given)).ShouldHave(HttpStatusCode.Created);
        await Eventually.IsTrueAsync(
            async () =>
                (await host.Admin.GetAsync($"/api/v1/subscribers/{user}/suspensions"))["carried_out"].GetString() == "rejected"
                && await CountAsync("SELECT count(*) FROM saga_runs WHERE subject_label = @user AND status IN (0, 1)", new { user }) == 0,
            "it is carried out"
        );
        const string Starts = """
            SELECT n.starts_at::text FROM subscriber_suspensions n JOIN subscribers s ON s.id = n.subscriber_id
            WHERE s.username = @user AND n.ended_at IS NULL
            """;
        var starts = await host.Database.ScalarAsync<string>(Starts, new { user });
        var order = new
        {
            kind = "resume",
            parameters = new { },
            filter = new { bandwidth_profile_id = plan },
        };
        var preview = (await host.Admin.PostAsync(Bulk + "/preview", order)).ShouldHave(HttpStatusCode.OK);
        var start = Start(order.kind, order.parameters, order.filter, preview["fingerprint"].GetString()!, wave: 2);
        var job = (await host.Admin.PostAsync(Bulk, start)).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
        await EndedAsync(job, "completed");

        var undo = (await host.Admin.PostAsync($"{Bulk}/{job}/undo")).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
        await EndedAsync(undo, "completed");
        var back = (await host.Admin.GetAsync($"/api/v1/subscribers/{user}/suspensions"))["reasons"]
            .EnumerateArray()
            .Single(r => r.GetProperty("ended_at").ValueKind == JsonValueKind.Null);
        (back.GetProperty("note").GetString(), back.GetProperty("until").GetDateTimeOffset()).ShouldBe(("by the sea", until));
        (await host.Database.ScalarAsync<string>(Starts, new { user })).ShouldBe(starts, "and with its beginning");
    }

    /// <param name="before">Done between preview and start.</param>
    private async Task<(Guid Job, ApiAnswer Preview)> ChangePlanAsync(Guid from, Guid to, int wave, Func<Task>? before = null)
    {
        var order = new
        {
            kind = "change_plan",
            parameters = new { bandwidth_profile_id = to },
            filter = new { bandwidth_profile_id = from },
        };
        var preview = (await host.Admin.PostAsync(Bulk + "/preview", order)).ShouldHave(HttpStatusCode.OK);
        await (before?.Invoke() ?? Task.CompletedTask);
        var start = Start(order.kind, order.parameters, order.filter, preview["fingerprint"].GetString()!, wave);
        return ((await host.Admin.PostAsync(Bulk, start)).ShouldHave(HttpStatusCode.Created)["id"].GetGuid(), preview);
    }

    private async Task<List<Guid>> JobsAsync(string state) =>
        [
            .. (await host.Admin.GetAsync($"{Bulk}?state={state}&limit=500"))
                .ShouldHave(HttpStatusCode.OK)["items"]
                .EnumerateArray()
                .Select(j => j.GetProperty("id").GetGuid()),
        ];

    private static object Start(string kind, object parameters, object filter, string fingerprint, int wave) =>
        new
        {
            kind,
            parameters,
            filter,
            fingerprint,
            wave_size = wave,
        };

    private async Task<List<string>> ManyAsync(int count, Guid plan)
    {
        var made = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var username = RadiusFixture.NewName("bulk");
            var body = new
            {
                username,
                password = RadiusFixture.Password,
                bandwidth_profile_id = plan,
            };
            (await host.Admin.PostAsync("/api/v1/subscribers", body)).ShouldHave(HttpStatusCode.Created);
            made.Add(username);
        }

        return made;
    }

    private async Task<JsonElement> EndedAsync(Guid job, string state)
    {
        JsonElement view = default;
        await Eventually.IsTrueAsync(
            async () =>
            {
                view = (await host.Admin.GetAsync($"{Bulk}/{job}")).ShouldHave(HttpStatusCode.OK).Body;
                return view.GetProperty("finished_at").ValueKind == JsonValueKind.String;
            },
            $"job ends as {state}",
            TimeSpan.FromSeconds(90)
        );
        view.GetProperty("state").GetString().ShouldBe(state, view.ToString());
        const string Recount = """
            SELECT (j.waiting, j.started, j.done, j.failed, j.skipped, j.cancelled) = (SELECT
                count(*) FILTER (WHERE i.state = 0), count(*) FILTER (WHERE i.state = 1), count(*) FILTER (WHERE i.state = 2),
                count(*) FILTER (WHERE i.state = 3), count(*) FILTER (WHERE i.state = 4), count(*) FILTER (WHERE i.state = 5)
                FROM bulk_items i WHERE i.job_id = j.id) FROM bulk_jobs j WHERE j.id = @job
            """;
        (await host.Database.ScalarAsync<bool>(Recount, new { job })).ShouldBeTrue(
            "what is kept on the job is what its items say: " + view
        );
        return view;
    }

    private async Task<long> CountAsync(string sql, object values) => await host.Database.ScalarAsync<long>(sql, values);
}
