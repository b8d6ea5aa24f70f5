using System.Text.Json;
using DotMac.Kernel.Sagas;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Sagas;

/// <summary>Runs through the public API. Their definition is unknown to the host, so nobody moves them but the test.</summary>
public sealed class RunApiTests(HostFixture host) : IClassFixture<HostFixture>
{
    private const string Runs = "/api/v1/provisioning/runs";

    [Fact]
    public async Task A_list_is_filtered_paged_and_searched()
    {
        var subject = Guid.NewGuid();
        var runs = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            runs.Add(await PutAsync(SagaStatus.Completed, subject: subject, label: $"LST-{i}"));
        }

        var page = await host
            .Admin.GetAsync($"{Runs}?subject_id={subject}&status=completed&definition=strange&limit=2&count=true")
            .ShouldAsync(200);
        Ids(page).ShouldBe([runs[2], runs[1]]);
        page["total"].GetInt32().ShouldBe(3);
        var next = await host
            .Admin.GetAsync($"{Runs}?subject_id={subject}&limit=2&cursor={page["next_cursor"].GetString()}")
            .ShouldAsync(200);
        Ids(next).ShouldBe([runs[0]]);
        Ids(await host.Admin.GetAsync($"{Runs}?q=lst-1").ShouldAsync(200)).ShouldBe([runs[1]]);
        Ids(await host.Admin.GetAsync($"{Runs}?subject_id={subject}&status=stuck").ShouldAsync(200)).ShouldBeEmpty();
        (await host.Admin.GetAsync($"{Runs}?status=broken").ShouldAsync(400)).Code.ShouldBe("validation.failed");
    }

    [Fact]
    public async Task A_run_shows_each_steps_input_output_and_key()
    {
        var id = await PutAsync(SagaStatus.Completed);
        var run = await host.Admin.GetAsync($"{Runs}/{id}").ShouldAsync(200);
        var steps = run["steps"].EnumerateArray().ToList();
        steps.Count.ShouldBe(2);
        steps[0].GetProperty("key").GetString().ShouldBe($"{id:N}:first");
        steps[0].GetProperty("input").GetProperty("name").GetString().ShouldBe("x");
        steps[1].GetProperty("input").GetProperty("address").GetString().ShouldBe("192.0.2.1", "what the step before it wrote");
        steps[1].GetProperty("status").GetString().ShouldBe("done");
        steps[1].GetProperty("output").GetProperty("ok").GetBoolean().ShouldBeTrue();
        steps[1].GetProperty("failed_attempts").GetArrayLength().ShouldBe(0);
        const string Failed = """
            UPDATE saga_steps SET failed_attempts = '[{"at":"2026-11-01T10:00:00Z","move":"do","code":"pon.olt_unreachable","message":"No answer.","duration_ms":5000.5}]'
            WHERE run_id = @id AND seq = 1
            """;
        await host.Database.ExecuteAsync(Failed, new { id });
        var failed = (await host.Admin.GetAsync($"{Runs}/{id}").ShouldAsync(200))["steps"][1].GetProperty("failed_attempts")[0];
        (failed.GetProperty("code").GetString(), failed.GetProperty("duration_ms").GetDouble()).ShouldBe(("pon.olt_unreachable", 5000.5));
        (await host.Admin.GetAsync($"{Runs}/{Guid.NewGuid()}").ShouldAsync(404)).Code.ShouldBe("run.not_found");
    }

    [Fact]
    public async Task The_dead_letter_is_worked_off_with_a_reason()
    {
        var id = await PutAsync(SagaStatus.Stuck, secondStep: StepStatus.UndoFailed);
        var letter = (await host.Admin.GetAsync($"{Runs}/dead-letter?limit=500").ShouldAsync(200))["items"]
            .EnumerateArray()
            .Single(r => r.GetProperty("id").GetGuid() == id);
        letter.GetProperty("stuck_step").GetString().ShouldBe("second");
        letter.GetProperty("stuck_message").GetString().ShouldBe("The OLT is gone.");
        (await host.Admin.PostAsync($"{Runs}/{id}/give-up", new { reason = " " }).ShouldAsync(400)).Code.ShouldBe("validation.failed");
        var given = await host.Admin.PostAsync($"{Runs}/{id}/give-up", new { reason = "The OLT was scrapped." }).ShouldAsync(200);
        given["status"].GetString().ShouldBe("given_up");
        given["closed_reason"].GetString().ShouldBe("The OLT was scrapped.");
        given["closed_by"].GetString().ShouldBe(HostProcess.AdminEmail);
        (await host.Admin.PostAsync($"{Runs}/{id}/give-up", new { reason = "again" }).ShouldAsync(409)).Code.ShouldBe("run.not_stuck");
        (await host.Admin.PostAsync($"{Runs}/{id}/cancel").ShouldAsync(409)).Code.ShouldBe("run.over");
    }

    [Fact]
    public async Task A_run_of_a_version_that_no_worker_knows_says_so_and_cannot_be_retried_here()
    {
        var id = await PutAsync(SagaStatus.Pending);
        await Eventually.IsTrueAsync(
            async () => (await host.Admin.GetAsync($"{Runs}/{id}"))["is_unknown"].GetBoolean(),
            "a worker saw that it does not know it"
        );
        var stuck = await PutAsync(SagaStatus.Stuck, secondStep: StepStatus.UndoFailed);
        (await host.Admin.PostAsync($"{Runs}/{stuck}/retry", new { }).ShouldAsync(409)).Code.ShouldBe("run.version_unknown");
        (await host.Admin.PostAsync($"{Runs}/{id}/cancel").ShouldAsync(200))["cancel_requested"].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Statistics_and_definitions_are_served()
    {
        await PutAsync(SagaStatus.Completed);
        var statistics = await host.Admin.GetAsync($"{Runs}/statistics").ShouldAsync(200);
        var strange = statistics["definitions"].EnumerateArray().Single(d => d.GetProperty("definition").GetString() == "strange");
        strange.GetProperty("by_status").GetProperty("completed").GetInt64().ShouldBeGreaterThan(0);
        strange.GetProperty("p95_seconds").GetDouble().ShouldBeGreaterThanOrEqualTo(strange.GetProperty("p50_seconds").GetDouble());
        await host.Admin.GetAsync("/api/v1/provisioning/definitions").ShouldAsync(200);
    }

    [Fact]
    public async Task A_stream_tells_of_changes()
    {
        var id = await PutAsync(SagaStatus.Running);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Runs}/{id}/stream");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await host.Admin.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        (await NextAsync(reader, "run")).GetProperty("status").GetString().ShouldBe("running");
        await host.Database.ExecuteAsync(
            """
            UPDATE saga_runs SET status = 2, changed_at = clock_timestamp() WHERE id = @id;
            SELECT pg_notify('saga_changed', tenant_id::text) FROM saga_runs WHERE id = @id
            """,
            new { id }
        );
        (await NextAsync(reader, "run")).GetProperty("status").GetString().ShouldBe("completed");
    }

    private static async Task<JsonElement> NextAsync(StreamReader reader, string kind)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var found = false;
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            found = line.StartsWith("event: ", StringComparison.Ordinal) ? line[7..] == kind : found;
            if (found && line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize<JsonElement>(line[6..]);
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private static List<Guid> Ids(ApiAnswer page) => page["items"].EnumerateArray().Select(r => r.GetProperty("id").GetGuid()).ToList();

    private async Task<Guid> PutAsync(
        SagaStatus status,
        Guid? subject = null,
        string label = "SUB-1",
        StepStatus secondStep = StepStatus.Done
    )
    {
        var id = Guid.CreateVersion7();
        await host.Database.ExecuteAsync(
            """
            INSERT INTO saga_runs (tenant_id, id, definition, version, status, input, state, subject_id, subject_label, started_by, created_at, started_at,
                finished_at, due_at)
            SELECT tenant_id, @id, 'strange', 1, @status, '{"name": "x"}', '{"name": "x", "address": "192.0.2.1"}', @subject, @label, 'ada', now(), now(),
                CASE WHEN @status IN (2, 3, 5) THEN now() END, now()
            FROM tenants WHERE slug = 'default';
            INSERT INTO saga_steps (tenant_id, run_id, seq, name, target, required, status, attempts, output, wrote, started_at, undo_code, undo_message)
            SELECT tenant_id, @id, 0, 'first', 'ipam', true, 2, 1, NULL::jsonb, '{"address": "192.0.2.1"}'::jsonb, now(), NULL, NULL FROM tenants WHERE slug = 'default'
            UNION ALL
            SELECT tenant_id, @id, 1, 'second', 'pon', true, @second, 1, '{"ok": true}'::jsonb, NULL, now(), 'pon.gone', 'The OLT is gone.'
            FROM tenants WHERE slug = 'default';
            """,
            new
            {
                id,
                status = (short)status,
                second = (short)secondStep,
                subject,
                label,
            }
        );
        return id;
    }
}
