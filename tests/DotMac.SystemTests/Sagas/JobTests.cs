using System.Text.Json;
using Dapper;
using DotMac.SystemTests.Harness;
using Npgsql;

namespace DotMac.SystemTests.Sagas;

/// <summary>Two nodes with a worker each over one database: what is scheduled is fired once.</summary>
public sealed class TwoNodesFixture : HostFixture
{
    public HostProcess Second { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Second = await HostProcess.StartAsync(new HostOptions { Database = Database.Owner, Command = ["serve", "--roles", "worker"] });
    }

    public override async Task DisposeAsync()
    {
        await Second.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>Scheduled jobs and chains, through the public API.</summary>
[Collection(Alone.Name)]
public sealed class JobTests(TwoNodesFixture host) : IClassFixture<TwoNodesFixture>
{
    private const string Scheduler = "/api/v1/jobs/scheduler";

    [Fact]
    public async Task A_schedule_is_fired_once_by_two_nodes_and_its_runs_are_jobs()
    {
        var made = await host
            .Admin.PostAsync(
                $"{Scheduler}/scheduled-jobs",
                new
                {
                    name = "Audit",
                    kind = "verify_audit",
                    cron = "0/2 * * * * ?",
                }
            )
            .ShouldAsync(201);
        var id = made["id"].GetGuid();
        made["next_at"].ValueKind.ShouldBe(JsonValueKind.String);
        await Eventually.IsTrueAsync(
            async () => await host.Database.ScalarAsync<long>("SELECT count(*) FROM jobs WHERE schedule_id = @id", new { id }) >= 4,
            "it was fired several times",
            TimeSpan.FromSeconds(90)
        );
        (await host.Admin.PostAsync($"{Scheduler}/scheduled-jobs/{id}/toggle?enabled=false").ShouldAsync(200))["enabled"]
            .GetBoolean()
            .ShouldBeFalse();
        await Eventually.IsTrueAsync(
            async () => await host.Database.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_triggers") == 0,
            "Quartz forgot it"
        );
        // A run for every firing, and no firing twice: due times are two seconds apart.
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) - count(DISTINCT fired_at) FROM jobs WHERE schedule_id = @id",
                new { id }
            )
        ).ShouldBe(0);
        (
            await host.Database.ScalarAsync<bool>(
                "SELECT bool_and(extract(epoch FROM fired_at)::numeric % 2 = 0) FROM jobs WHERE schedule_id = @id",
                new { id }
            )
        ).ShouldBeTrue();
        (
            await host.Database.ScalarAsync<long>(
                "SELECT (SELECT count(*) FROM saga_runs WHERE definition = 'verify_audit') - (SELECT count(*) FROM jobs WHERE kind = 'verify_audit')"
            )
        ).ShouldBe(0);
        await Eventually.IsTrueAsync(
            async () =>
                (await host.Admin.GetAsync($"/api/v1/jobs?schedule_id={id}"))["items"]
                    .EnumerateArray()
                    .All(j => j.GetProperty("status").GetString() == "completed"),
            "all of them completed"
        );

        var now = await host.Admin.PostAsync($"{Scheduler}/scheduled-jobs/{id}/run").ShouldAsync(200);
        (await host.Admin.GetAsync($"/api/v1/jobs/{now["run_id"].GetGuid()}").ShouldAsync(200))["kind"]
            .GetString()
            .ShouldBe("verify_audit");
        await host.Admin.DeleteAsync($"{Scheduler}/scheduled-jobs/{id}").ShouldAsync(204);
        (await host.Admin.GetAsync($"{Scheduler}/scheduled-jobs/{id}").ShouldAsync(404)).Code.ShouldBe("schedule.not_found");
    }

    [Fact]
    public async Task Every_fault_of_a_schedule_is_told_at_once()
    {
        var answer = await host
            .Admin.PostAsync(
                $"{Scheduler}/scheduled-jobs",
                new
                {
                    name = "",
                    kind = "make_coffee",
                    cron = "often",
                    interval_seconds = 1,
                }
            )
            .ShouldAsync(400);
        answer["errors"]
            .EnumerateArray()
            .Select(e => e.GetProperty("field").GetString())
            .Distinct()
            .Order()
            .ShouldBe(["cron", "interval_seconds", "kind", "name"]);
    }

    [Fact]
    public async Task A_time_that_no_clock_shows_is_refused_and_each_field_told()
    {
        const string Path = $"{Scheduler}/scheduled-jobs";
        var made = await host
            .Admin.PostAsync(
                Path,
                new
                {
                    name = "Well",
                    kind = "verify_audit",
                    cron = "0 30 2 * * ?",
                    enabled = false,
                }
            )
            .ShouldAsync(201);
        foreach (var (cron, faults) in new[] { ("0 99 2 * * ?", "cron.minutes"), ("61 30 25 * * ?", "cron.seconds cron.hours") })
        {
            var asked = new
            {
                name = "Bad",
                kind = "verify_audit",
                cron,
            };
            var answers = new[]
            {
                await host.Admin.PostAsync(Path, asked).ShouldAsync(400),
                await host.Admin.PatchAsync($"{Path}/{made["id"].GetGuid()}", new { cron }).ShouldAsync(400),
            };
            foreach (var answer in answers)
            {
                answer.Code.ShouldBe("validation.failed");
                string.Join(' ', answer["errors"].EnumerateArray().Select(e => e.GetProperty("field").GetString())).ShouldBe(faults);
            }
        }
    }

    [Fact]
    public async Task A_chain_does_its_jobs_in_order()
    {
        var chain = await host
            .Admin.PostAsync(
                $"{Scheduler}/chains",
                new
                {
                    name = "Nightly",
                    links = new object[]
                    {
                        new { kind = "verify_audit" },
                        new { kind = "forget_runs", parameters = new { older_than_days = 3000 } },
                        new { kind = "verify_audit" },
                    },
                }
            )
            .ShouldAsync(201);
        var id = chain["id"].GetGuid();
        await host.Admin.PostAsync($"{Scheduler}/chains/{id}/execute").ShouldAsync(200);
        var run = await GoneThroughAsync(id);
        var kinds = await host.Database.QueryAsync<string>(
            "SELECT r.definition FROM jobs j JOIN saga_runs r ON r.id = j.run_id WHERE j.chain_run_id = @run ORDER BY r.created_at",
            new { run = run.GetProperty("id").GetGuid() }
        );
        kinds.ShouldBe(["verify_audit", "forget_runs", "verify_audit"]);
        (
            await host.Database.ScalarAsync<bool>(
                """
                SELECT bool_and(started >= before) FROM (SELECT r.started_at AS started, lag(r.finished_at) OVER (ORDER BY r.created_at) AS before
                FROM jobs j JOIN saga_runs r ON r.id = j.run_id WHERE j.chain_run_id = @run) x WHERE before IS NOT NULL
                """,
                new { run = run.GetProperty("id").GetGuid() }
            )
        ).ShouldBeTrue("none began before the one before it had ended");
    }

    [Fact]
    public async Task A_node_that_waited_for_another_does_not_take_the_next_job_of_a_chain_for_a_lost_one()
    {
        var links = Enumerable.Repeat(new { kind = "verify_audit" }, 4);
        var chain = (await host.Admin.PostAsync($"{Scheduler}/chains", new { name = "Raced", links }).ShouldAsync(201))["id"].GetGuid();
        await using (var holder = new NpgsqlConnection(host.Database.Owner))
        {
            await holder.OpenAsync();
            await using var held = await holder.BeginTransactionAsync();
            await host.Admin.PostAsync($"{Scheduler}/chains/{chain}/execute").ShouldAsync(200);
            await holder.ExecuteAsync("SELECT FROM job_chain_runs WHERE chain_id = @chain FOR UPDATE", new { chain }, held);
            await Eventually.IsTrueAsync(
                async () =>
                    await host.Database.ScalarAsync<long>(
                        """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%job_chain_runs%'
                        """
                    ) >= 2,
                "both nodes wait to move it on"
            );
        }

        var run = await GoneThroughAsync(chain);
        run.GetProperty("run_ids").GetArrayLength().ShouldBe(4);
    }

    /// <summary>The latest going-through of a chain, when it has been completed.</summary>
    private async Task<JsonElement> GoneThroughAsync(Guid chain)
    {
        JsonElement run = default;
        await Eventually.IsTrueAsync(
            async () =>
            {
                run = (await host.Admin.GetAsync($"{Scheduler}/chains/{chain}"))["runs"][0];
                return run.GetProperty("status").GetString() != "running";
            },
            "the chain was gone through",
            TimeSpan.FromSeconds(120)
        );
        run.GetProperty("status").GetString().ShouldBe("completed", run.GetProperty("message").ToString());
        return run;
    }
}
