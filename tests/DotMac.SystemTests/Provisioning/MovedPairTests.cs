using System.Net;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Network;

namespace DotMac.SystemTests.Provisioning;

/// <summary>A line that goes to another site with its pair of VLANs has its place in the plan of that site, and none in that of the site before.</summary>
public sealed class MovedPairTests(HeldFixture host) : IClassFixture<HeldFixture>
{
    private const int Quarantine = 600;
    private static readonly string[] Steps =
    [
        "read_holdings",
        "reserve_new_vlan",
        "switch_line",
        "order_onu",
        "mark_changed",
        "release_old",
    ];
    private static int services = 700;

    /// <summary>Two sites with the same numbers, 10 to 19 inside one service VLAN, each with a pool of its own.</summary>
    private sealed record Sites(Guid Here, Guid There, int Service)
    {
        public string Pair(int inner) => $"{Service}.{inner}";

        public object At(Guid site, int? inner = null) =>
            inner is null
                ? new
                {
                    site_id = site,
                    qinq_enabled = true,
                    vlan_pool = PoolOf(site),
                }
                : new
                {
                    site_id = site,
                    qinq_enabled = true,
                    service_vlan = Service,
                    inner_vlan = inner,
                };
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_pool_of_the_new_site_gives_it_to_nobody_and_that_of_the_old_one_after_its_rest(bool byRun)
    {
        var sites = await SitesAsync();
        var home = await host.ProvisionAsync(sites.At(sites.Here));
        (await HeldAsync(home.Id)).ShouldBe([$"{sites.Here} {sites.Pair(10)}"]);
        if (byRun)
        {
            await EndsAsync(await MoveAsync(home, sites.There), "completed");
        }
        else
        {
            (await host.Admin.PatchAsync(Profile(home), new { site_id = sites.There })).ShouldHave(HttpStatusCode.OK);
        }

        (await HeldAsync(home.Id)).ShouldBe([$"{sites.There} {sites.Pair(10)}"]);
        (await PairAsync(home.Id)).ShouldBe(sites.Pair(10));
        (await HeldAsync((await host.ProvisionAsync(sites.At(sites.There))).Id)).ShouldBe([$"{sites.There} {sites.Pair(11)}"]);
        (await HeldAsync((await host.ProvisionAsync(sites.At(sites.Here))).Id)).ShouldBe([$"{sites.Here} {sites.Pair(11)}"], "it rests");
        await RestedAsync();
        (await HeldAsync((await host.ProvisionAsync(sites.At(sites.Here))).Id)).ShouldBe([$"{sites.Here} {sites.Pair(10)}"]);
        await PlanBooks.AgreeAsync(host.Database);

        await host.DeprovisionAsync(home);
        (await Leftovers.OfAsync(host.Database, home.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_another_has_it_the_move_is_refused_at_the_door_and_by_the_run()
    {
        var sites = await SitesAsync();
        var home = await host.ProvisionAsync(sites.At(sites.Here));
        var at = DateTimeOffset.UtcNow.AddDays(1);
        var later = (await ChangeAsync(home, new { place = new { site_id = sites.There }, at })).ShouldHave(HttpStatusCode.Accepted);
        // The plan keeps it for one whose line has let go of it.
        var other = await host.ProvisionAsync(sites.At(sites.There));
        (await HeldAsync(other.Id)).ShouldBe([$"{sites.There} {sites.Pair(10)}"]);
        await host.Database.ExecuteAsync("UPDATE subscribers SET vlan_id = NULL, inner_vlan = NULL WHERE id = @Id", new { other.Id });

        var refused = (await ChangeAsync(home, new { place = new { site_id = sites.There } })).ShouldHave(HttpStatusCode.BadRequest);
        refused.Faults.ShouldBe(["place.site_id:network_profile.vlan_taken"]);
        var told = (await host.Admin.PatchAsync(Profile(home), new { site_id = sites.There })).ShouldHave(HttpStatusCode.Conflict);
        told.Faults.ShouldBe(["service_vlan:network_profile.vlan_taken"]);
        (await HeldAsync(home.Id)).ShouldBe([$"{sites.Here} {sites.Pair(10)}"]);

        var run = later["run_id"].GetGuid();
        await host.Database.ExecuteAsync("UPDATE saga_runs SET not_before = now(), due_at = now() WHERE id = @run", new { run });
        await EndsAsync(run, "compensated");
        (await host.Database.ScalarAsync<string>("SELECT error_code FROM saga_runs WHERE id = @run", new { run })).ShouldBe(
            "ipam.vlan_taken"
        );
        (await HeldAsync(home.Id)).ShouldBe([$"{sites.Here} {sites.Pair(10)}"]);
        await NothingIsHeldByAsync(run);
    }

    [Fact]
    public async Task One_that_stood_at_any_site_brings_what_the_plan_keeps_for_it_or_is_refused()
    {
        var sites = await SitesAsync();
        var (home, taken) = (await AnywhereAsync(sites, 12), await AnywhereAsync(sites, 13));
        var other = await host.ProvisionAsync(sites.At(sites.There, 14));
        await host.Database.ExecuteAsync(
            "UPDATE ipam_vlan_allocations SET inner_vlan = 13 WHERE owner_id = @Id; UPDATE subscribers SET inner_vlan = NULL WHERE id = @Id",
            new { other.Id }
        );
        (await host.Admin.PatchAsync(Profile(home), new { site_id = sites.There })).ShouldHave(HttpStatusCode.OK);
        (await HeldAsync(home.Id)).ShouldBe([$"{sites.There} {sites.Pair(12)}"]);
        (await host.Admin.PatchAsync(Profile(taken), new { site_id = sites.There }))
            .ShouldHave(HttpStatusCode.Conflict)
            .Faults.ShouldBe(["service_vlan:network_profile.vlan_taken"]);
        (await ChangeAsync(taken, new { place = new { site_id = sites.There } }))
            .ShouldHave(HttpStatusCode.BadRequest)
            .Faults.ShouldBe(["place.site_id:network_profile.vlan_taken"]);
    }

    [Theory]
    [InlineData("switch_line")]
    [InlineData("order_onu")]
    [InlineData("mark_changed")]
    public async Task A_later_step_that_fails_puts_it_back_as_it_was(string step)
    {
        var sites = await SitesAsync();
        var home = await host.ProvisionAsync(sites.At(sites.Here));
        var before = await KeptAsync(home.Id);
        await host.HoldAsync(home.Id, step, "refuse");
        var run = await MoveAsync(home, sites.There);
        await EndsAsync(run, "compensated");
        (await KeptAsync(home.Id)).ShouldBe(before);
        (await PairAsync(home.Id)).ShouldBe(sites.Pair(10));
        await NothingIsHeldByAsync(run);
        await PlanBooks.AgreeAsync(host.Database);

        // What rests after the line itself is not in its way: not where it turned back from, and not where it comes from.
        await LetGoAsync(home);
        await EndsAsync(await MoveAsync(home, sites.There), "completed");
        (await HeldAsync(home.Id)).ShouldBe([$"{sites.There} {sites.Pair(10)}"]);
        await EndsAsync(await MoveAsync(home, sites.Here), "completed");
        (await HeldAsync(home.Id)).ShouldBe([$"{sites.Here} {sites.Pair(10)}"]);
        (await HeldAsync((await host.ProvisionAsync(sites.At(sites.There))).Id)).ShouldBe([$"{sites.There} {sites.Pair(11)}"], "it rests");
        (await HeldAsync((await host.ProvisionAsync(sites.At(sites.Here))).Id)).ShouldBe([$"{sites.Here} {sites.Pair(11)}"]);
        await PlanBooks.AgreeAsync(host.Database);
    }

    [Fact]
    public async Task One_that_stood_at_any_site_moves_to_where_a_pool_has_passed_over_its_pair()
    {
        var sites = await SitesAsync();
        var home = await AnywhereAsync(sites, 10);
        (await HeldAsync((await host.ProvisionAsync(sites.At(sites.There))).Id)).ShouldBe([$"{sites.There} {sites.Pair(11)}"]);
        await EndsAsync(await MoveAsync(home, sites.There), "completed");
        (await HeldAsync(home.Id)).ShouldBe([$"{sites.There} {sites.Pair(10)}"]);
        await PlanBooks.AgreeAsync(host.Database);
    }

    [Fact]
    public async Task Moved_back_before_a_degraded_move_is_repaired_it_is_kept_where_the_line_is()
    {
        var sites = await SitesAsync();
        var home = await host.ProvisionAsync(sites.At(sites.Here));
        await host.HoldAsync(home.Id, "release_old", "refuse");
        var first = await MoveAsync(home, sites.There);
        await EndsAsync(first, "degraded");
        await LetGoAsync(home);
        var back = await MoveAsync(home, sites.Here);
        await EndsAsync(back, "completed");
        (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{first}/retry")).ShouldHave(HttpStatusCode.OK);
        await EndsAsync(first, "completed");
        (await HeldAsync(home.Id)).ShouldBe([$"{sites.Here} {sites.Pair(10)}"]);
        await NothingIsHeldByAsync(first);
        await NothingIsHeldByAsync(back);
        await PlanBooks.AgreeAsync(host.Database);
    }

    [Fact]
    [Trait("Category", "Drill")]
    public async Task Killed_behind_any_step_it_is_kept_once_and_where_the_line_is()
    {
        var moves = new List<(Sites Sites, ProvisionedSubscriber Home, Guid Run)>();
        foreach (var step in Steps)
        {
            var sites = await SitesAsync();
            var home = await host.ProvisionAsync(sites.At(sites.Here));
            await host.HoldAsync(home.Id, step, "die_after");
            moves.Add((sites, home, await MoveAsync(home, sites.There)));
            await Eventually.IsTrueAsync(() => Task.FromResult(host.IsDead), $"the worker died at {step}", TimeSpan.FromSeconds(60));
            await PlanBooks.AgreeAsync(host.Database);
            await host.WorkAsync();
        }

        foreach (var (sites, home, run) in moves)
        {
            await EndsAsync(run, "completed");
            (await HeldAsync(home.Id)).ShouldBe([$"{sites.There} {sites.Pair(10)}"]);
            await NothingIsHeldByAsync(run);
        }

        await PlanBooks.AgreeAsync(host.Database);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task It_moves_with_what_a_change_before_holds_for_it_whichever_is_repaired_first(bool isHeldToo, bool isFirstFirst)
    {
        var sites = await SitesAsync();
        var home = await host.ProvisionAsync(sites.At(sites.Here));
        await host.HoldAsync(home.Id, "release_old", "refuse");
        var change = (await ChangeAsync(home, new { vlan = new { service_vlan = sites.Service, inner_vlan = 17 } })).ShouldHave(
            HttpStatusCode.Accepted
        );
        var first = change["run_id"].GetGuid();
        await EndsAsync(first, "degraded");
        await (isHeldToo ? Task.CompletedTask : host.LetGoAsync(home.Id, first));
        var second = await MoveAsync(home, sites.There);
        await EndsAsync(second, isHeldToo ? "degraded" : "completed");
        await host.LetGoAsync(home.Id, first);
        Guid[] repairs = (isHeldToo, isFirstFirst) switch
        {
            (false, _) => [first],
            (_, true) => [first, second],
            _ => [second, first],
        };
        foreach (var repair in repairs)
        {
            (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{repair}/retry")).ShouldHave(HttpStatusCode.OK);
            await EndsAsync(repair, "completed");
        }

        (await HeldAsync(home.Id)).ShouldBe([$"{sites.There} {sites.Pair(17)}"]);
        await NothingIsHeldByAsync(first);
        await NothingIsHeldByAsync(second);
        await PlanBooks.AgreeAsync(host.Database);
    }

    [Fact]
    public async Task What_a_change_holds_for_a_line_until_its_old_is_given_back_is_not_anothers()
    {
        var home = await host.ProvisionAsync(new { ipv6_assignment_mode = "pd" });
        await host.HoldAsync(home.Id, "release_old", "refuse");
        var vlan = new { service_vlan = 690, inner_vlan = 10 };
        var wish = new { vlan, delegated_prefix = new { @static = "2001:db9:690::/56" } };
        var first = (await ChangeAsync(home, wish)).ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid();
        await EndsAsync(first, "degraded");
        (await host.Admin.PatchAsync(Profile(home), new { qinq_enabled = false })).ShouldHave(HttpStatusCode.OK);
        (await host.Admin.PatchAsync(Profile(home), new { qinq_enabled = true })).ShouldHave(HttpStatusCode.OK);
        (await host.Admin.PatchAsync(Profile(home), new { delegated_ipv6_prefix = "2001:db9:690:10::/60" })).ShouldHave(HttpStatusCode.OK);
        (await host.Admin.PatchAsync(Profile(home), new { delegated_ipv6_prefix = "2001:db9:690::/56" })).ShouldHave(HttpStatusCode.OK);
        await host.LetGoAsync(home.Id, first);
        await EndsAsync((await ChangeAsync(home, new { vlan })).ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid(), "completed");
        (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{first}/retry")).ShouldHave(HttpStatusCode.OK);
        await EndsAsync(first, "completed");
        (await PairAsync(home.Id)).ShouldBe("690.10");
        (await KeptAsync(home.Id)).ShouldHaveSingleItem().ShouldContain("690.10");
        await NothingIsHeldByAsync(first);
    }

    private static string Profile(ProvisionedSubscriber home) => $"/api/v1/network/subscribers/{home.Id}/profile";

    private static string PoolOf(Guid site) => $"moved-{site:N}";

    /// <summary>A line without a site that was told its pair; no pool without a site has it.</summary>
    private Task<ProvisionedSubscriber> AnywhereAsync(Sites sites, int inner) =>
        host.ProvisionAsync(
            new
            {
                qinq_enabled = true,
                service_vlan = sites.Service,
                inner_vlan = inner,
            }
        );

    private async Task<Sites> SitesAsync()
    {
        var sites = new Sites(await SiteAsync(), await SiteAsync(), Interlocked.Increment(ref services));
        foreach (var site in new[] { sites.Here, sites.There })
        {
            var pool = new
            {
                name = PoolOf(site),
                is_qinq = true,
                service_first = sites.Service,
                service_last = sites.Service,
                inner_first = 10,
                inner_last = 19,
                site_id = site,
                quarantine_seconds = Quarantine,
            };
            (await host.Admin.PostAsync("/api/v1/ipam/vlan-pools", pool)).ShouldHave(HttpStatusCode.Created);
        }

        return sites;
    }

    private async Task<Guid> SiteAsync()
    {
        var slug = $"site-{Guid.NewGuid():N}"[..20];
        return (await host.Admin.PostAsync("/api/v1/ipam/sites", new { name = slug, slug }))
            .ShouldHave(HttpStatusCode.Created)["id"]
            .GetGuid();
    }

    private Task<ApiAnswer> ChangeAsync(ProvisionedSubscriber home, object change) =>
        host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/change-network", change);

    private async Task<Guid> MoveAsync(ProvisionedSubscriber home, Guid site) =>
        (await ChangeAsync(home, new { place = new { site_id = site } })).ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid();

    private Task LetGoAsync(ProvisionedSubscriber home) =>
        host.Database.ExecuteAsync("DELETE FROM test_holds WHERE subject = @Id", new { home.Id });

    private Task EndsAsync(Guid run, string ends) => host.EndedAsync(run, ends);

    private Task RestedAsync() =>
        host.Database.ExecuteAsync("UPDATE ipam_slots SET free_at = now() - interval '1 second' WHERE state = 2 AND note IS NULL");

    private Task<string?> PairAsync(Guid id) =>
        host.Database.ScalarAsync<string?>("SELECT vlan_id || '.' || inner_vlan FROM subscribers WHERE id = @id", new { id });

    /// <summary>Site and pair.</summary>
    private Task<IReadOnlyList<string>> HeldAsync(Guid id) =>
        host.Database.QueryAsync<string>(
            "SELECT concat(scope, ' ', service_vlan, '.', inner_vlan) FROM ipam_vlan_allocations WHERE owner_id = @id AND ended_at IS NULL",
            new { id }
        );

    /// <summary>The very allocation.</summary>
    private Task<IReadOnlyList<string>> KeptAsync(Guid id) =>
        host.Database.QueryAsync<string>(
            "SELECT concat(id, ' ', key, ' ', scope, ' ', service_vlan, '.', inner_vlan) FROM ipam_vlan_allocations WHERE owner_id = @id AND ended_at IS NULL",
            new { id }
        );

    private async Task NothingIsHeldByAsync(Guid run) =>
        (
            await Leftovers.OfAsync(
                host.Database,
                await host.Database.ScalarAsync<Guid>("SELECT (state ->> 'holder')::uuid FROM saga_runs WHERE id = @run", new { run })
            )
        ).ShouldBeEmpty("what the change held");
}
