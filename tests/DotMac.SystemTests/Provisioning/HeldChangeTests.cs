using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Network;

namespace DotMac.SystemTests.Provisioning;

/// <summary>
/// A change of network that is held, killed, refused or stuck at any of its steps holds new addresses beside the old ones: that is no leak, and
/// the end of the service gives it back with everything else.
/// </summary>
public sealed class HeldChangeTests(HeldFixture host) : IClassFixture<HeldFixture>
{
    private static readonly string[] Steps =
    [
        "note_order",
        "verify_line",
        "read_holdings",
        "allocate_new_addresses",
        "reserve_new_vlan",
        "switch_line",
        "retire_old_onu",
        "order_onu",
        "configure_cpe",
        "mark_changed",
        "move_sessions",
        "await_sessions",
        "release_old",
    ];

    [Fact]
    [Trait("Category", "Drill")]
    public async Task Held_and_then_refused_at_any_step_it_leaks_nothing_and_is_not_said_to()
    {
        var lines = await BegunAsync("hold");
        foreach (var line in lines)
        {
            await host.MetAsync(line.Home.Id, line.Step);
        }

        await NothingIsSaidAsync();
        foreach (var line in lines)
        {
            await host.HoldAsync(line.Home.Id, line.Step, "refuse");
        }

        await host.Database.ExecuteAsync("UPDATE saga_runs SET due_at = now() WHERE status = 0 AND NOT queued");
        foreach (var line in lines)
        {
            await EndsAsync(line.Run, IsOptional(line.Step) ? "degraded" : "compensated");
        }

        await NothingIsSaidAsync();
        await NothingIsLeftOfAsync(lines);
    }

    [Fact]
    [Trait("Category", "Drill")]
    public async Task Killed_behind_any_step_it_goes_on_and_leaks_nothing_and_is_not_said_to()
    {
        var lines = await BegunAsync("die_after");
        var deaths = 0;
        var runs = lines.Select(l => l.Run).ToArray();
        await Eventually.IsTrueAsync(
            async () =>
            {
                if (host.IsDead)
                {
                    deaths++;
                    await NothingIsSaidAsync();
                    await host.WorkAsync();
                }

                return await host.Database.ScalarAsync<long>(
                        "SELECT count(*) FROM saga_runs WHERE id = ANY (@runs) AND status IN (0, 1, 4)",
                        new { runs }
                    ) == 0;
            },
            "every run has ended",
            TimeSpan.FromMinutes(4)
        );
        deaths.ShouldBeGreaterThan(1);
        foreach (var line in lines)
        {
            await EndsAsync(line.Run, "completed");
        }

        await NothingIsSaidAsync();
        await NothingIsLeftOfAsync(lines);
    }

    [Fact]
    public async Task Stuck_it_is_no_leak_and_when_it_was_given_up_the_end_of_the_service_gives_back_what_it_held()
    {
        var home = await LineAsync();
        await host.HoldAsync(home.Id, "order_onu", "refuse");
        await host.HoldAsync(home.Id, "switch_line", "refuse", undo: true);
        var run = await ChangeAsync(home);
        await EndsAsync(run, "stuck");
        (await HolderHoldsAsync(run)).ShouldBe(4, "the new addresses and the new VLAN");
        // That the line names the new ONU while the old one is lit is true, and said; what the change holds is no leak.
        (await FindingsAsync()).ShouldAllBe(f => !f.GetProperty("kind").GetString()!.StartsWith("leaked", StringComparison.Ordinal));
        var refusal = await host.Admin.PostAsync($"/api/v1/provisioning/subscribers/{home.Id}/deprovision");
        refusal.ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("run.subject_busy");

        (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{run}/give-up", new { reason = "moves away" })).ShouldHave(
            HttpStatusCode.OK
        );
        await DeprovisionAsync(home);
        await NothingIsLeftAsync(home, run);
        // The books name the new ONU by then; it is the old one that the undoing has lit again.
        (await host.Database.ScalarAsync<long>("SELECT count(*) FROM pon_onus WHERE owner_id = @Id", new { home.Id })).ShouldBe(0);
        await NothingIsSaidAsync();
    }

    [Fact]
    public async Task What_a_change_holds_of_a_subscriber_that_is_gone_is_a_leak()
    {
        var home = await LineAsync();
        await host.HoldAsync(home.Id, "release_old", "refuse");
        var run = await ChangeAsync(home);
        await EndsAsync(run, "degraded");
        await NothingIsSaidAsync();
        await host.Database.ExecuteAsync("UPDATE subscribers SET deleted_at = now() WHERE id = @Id", new { home.Id });
        (await FindingsAsync()).Count(f => f.GetProperty("kind").GetString() == "leaked_address").ShouldBe(6, "the old and the new ones");
        await host.Database.ExecuteAsync("UPDATE subscribers SET deleted_at = NULL WHERE id = @Id", new { home.Id });
        await host.LetGoAsync(home.Id, run);
        (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{run}/retry")).ShouldHave(HttpStatusCode.OK);
        await EndsAsync(run, "completed");
        await NothingIsSaidAsync();
    }

    [Fact]
    public async Task Degraded_and_overtaken_by_another_change_it_gives_its_own_back_when_it_is_repaired()
    {
        var home = await LineAsync();
        await host.HoldAsync(home.Id, "release_old", "refuse");
        var first = await ChangeAsync(home);
        await EndsAsync(first, "degraded");
        await host.LetGoAsync(home.Id, first);
        await EndsAsync(await ChangeAsync(home), "completed");
        (await HolderHoldsAsync(first)).ShouldBe(4);
        (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{first}/retry")).ShouldHave(HttpStatusCode.OK);
        await EndsAsync(first, "completed");
        (await HolderHoldsAsync(first)).ShouldBe(0);
        await NothingIsSaidAsync();
    }

    [Fact]
    public async Task An_end_of_service_that_turns_back_leaves_what_was_ordered_for_later()
    {
        var home = await LineAsync();
        var later = new { bandwidth_profile_id = await host.ProfileAsync(50_000, 10_000), at = DateTimeOffset.UtcNow.AddDays(1) };
        var run = (await host.Admin.PostAsync($"/api/v1/subscribers/{home.Username}/change-plan", later))
            .ShouldHave(HttpStatusCode.Accepted)["run_id"]
            .GetGuid();
        await host.HoldAsync(home.Id, "delete_onu", "refuse");
        await DeprovisionAsync(home, "compensated");
        (await host.Database.ScalarAsync<short>("SELECT status FROM saga_runs WHERE id = @run AND queued", new { run })).ShouldBe((short)0);
        await host.Database.ExecuteAsync("DELETE FROM test_holds WHERE subject = @Id", new { home.Id });
        await DeprovisionAsync(home);
        await EndsAsync(run, "compensated");
    }

    private static bool IsOptional(string step) => step is "configure_cpe" or "move_sessions" or "await_sessions" or "release_old";

    private sealed record Line(ProvisionedSubscriber Home, string Step, Guid Run);

    /// <summary>A line for each step, its change ordered, and that step held, refused or fatal.</summary>
    private async Task<IReadOnlyList<Line>> BegunAsync(string kind)
    {
        var homes = new List<(ProvisionedSubscriber Home, string Step)>();
        foreach (var step in Steps)
        {
            homes.Add((await LineAsync(), step));
        }

        var onus = new Queue<string>();
        foreach (var _ in homes)
        {
            onus.Enqueue(await host.SeenOnuAsync());
        }

        var lines = new List<Line>();
        foreach (var (home, step) in homes)
        {
            await host.HoldAsync(home.Id, step, kind);
            lines.Add(new Line(home, step, await ChangeAsync(home, onus.Dequeue())));
        }

        return lines;
    }

    private async Task NothingIsLeftOfAsync(IReadOnlyList<Line> lines)
    {
        var ends = new List<Guid>();
        foreach (var line in lines)
        {
            await host.Database.ExecuteAsync("DELETE FROM test_holds WHERE subject = @Id", new { line.Home.Id });
            ends.Add(await EndAsync(line.Home));
        }

        foreach (var end in ends)
        {
            await EndsAsync(end, "completed");
        }

        foreach (var line in lines)
        {
            await NothingIsLeftAsync(line.Home, line.Run);
        }

        await NothingIsSaidAsync();
    }

    private async Task<ProvisionedSubscriber> LineAsync() =>
        await host.ProvisionAsync(
            new
            {
                vlan_pool = ProvisioningFixture.QinqPool,
                qinq_enabled = true,
                ipv6_assignment_mode = "dual_stack",
            },
            await host.SeenOnuAsync()
        );

    /// <summary>Everything of the line at once.</summary>
    private async Task<Guid> ChangeAsync(ProvisionedSubscriber home, string? onu = null)
    {
        var wish = new
        {
            ipv4 = new { },
            ipv6 = new { },
            delegated_prefix = new { },
            vlan = new { pool = ProvisioningFixture.QinqPool, qinq = true },
            onu_serial = onu ?? await host.SeenOnuAsync(),
            place = new { service_address = "Marina Road 7" },
        };
        var answer = await host.Admin.PostAsync($"/api/v1/subscribers/{home.Username}/change-network", wish);
        return answer.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid();
    }

    private async Task DeprovisionAsync(ProvisionedSubscriber home, string ends = "completed") =>
        await EndsAsync(await EndAsync(home), ends);

    private async Task<Guid> EndAsync(ProvisionedSubscriber home) =>
        (await host.Admin.PostAsync($"/api/v1/provisioning/subscribers/{home.Id}/deprovision", new { reason = "moved away" }))
            .ShouldHave(HttpStatusCode.Accepted)["run_id"]
            .GetGuid();

    private async Task EndsAsync(Guid run, string status)
    {
        await Eventually.IsTrueAsync(
            async () => await host.Database.ScalarAsync<bool>("SELECT status NOT IN (0, 1, 4) FROM saga_runs WHERE id = @run", new { run }),
            "the run ends",
            TimeSpan.FromSeconds(120)
        );
        await host.EndedAsync(run, status);
    }

    private async Task NothingIsSaidAsync()
    {
        await PlanBooks.AgreeAsync(host.Database);
        var said = await FindingsAsync();
        said.ShouldBeEmpty(string.Join('\n', said.Select(f => f.GetProperty("what").GetString())));
    }

    private async Task<IReadOnlyList<JsonElement>> FindingsAsync()
    {
        (await host.Admin.PostAsync("/api/v1/reconciliation/runs")).ShouldHave(HttpStatusCode.OK);
        var found = (await host.Admin.GetAsync("/api/v1/reconciliation/findings?limit=500")).ShouldHave(HttpStatusCode.OK);
        return [.. found["items"].EnumerateArray()];
    }

    private Task<long> HolderHoldsAsync(Guid run) =>
        host.Database.ScalarAsync<long>(
            """
            SELECT (SELECT count(*) FROM ipam_allocations a WHERE a.owner_id = h.id AND ended_at IS NULL)
                + (SELECT count(*) FROM ipam_vlan_allocations v WHERE v.owner_id = h.id AND ended_at IS NULL)
            FROM (SELECT (state ->> 'holder')::uuid AS id FROM saga_runs WHERE id = @run) h
            """,
            new { run }
        );

    private async Task NothingIsLeftAsync(ProvisionedSubscriber home, Guid run)
    {
        var holder = await host.Database.ScalarAsync<Guid>("SELECT (state ->> 'holder')::uuid FROM saga_runs WHERE id = @run", new { run });
        (await Leftovers.OfAsync(host.Database, home.Id)).ShouldBeEmpty();
        (await Leftovers.OfRowAsync(host.Database, home.Id)).ShouldBeEmpty();
        (await Leftovers.OfAsync(host.Database, holder)).ShouldBeEmpty("what the change held");
    }
}
