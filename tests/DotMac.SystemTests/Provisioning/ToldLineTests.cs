using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>A pair of VLANs and a prefix that somebody names are compared with other lines and with the address plan, at every door and in the run.</summary>
public sealed class ToldLineTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    private const string Orders = "/api/v1/provisioning/subscribers";

    [Fact]
    public async Task A_pair_is_one_lines_at_its_site_and_a_vlan_without_an_inner_one_is_everybodys()
    {
        var (here, there) = (await SiteAsync(), await SiteAsync());
        var first = await LineAsync(
            new
            {
                service_vlan = 900,
                inner_vlan = 10,
                site_id = here,
            }
        );
        var other = await LineAsync(new { });
        var pair = new { service_vlan = 900, inner_vlan = 10 };
        var refused = await TellAsync(other, pair);
        refused.ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("network_profile.vlan_taken");
        refused.Text.ShouldContain(first);
        refused.Faults.ShouldBe(["service_vlan:network_profile.vlan_taken"]);

        // At another site it may have it, and anywhere share the outer one; an inner one that is not sent is in nobody's way.
        foreach (
            var told in new object[]
            {
                new
                {
                    service_vlan = 900,
                    inner_vlan = 10,
                    site_id = there,
                },
                new { service_vlan = 900 },
                new
                {
                    service_vlan = 900,
                    inner_vlan = 10,
                    site_id = here,
                    qinq_enabled = false,
                },
                new
                {
                    service_vlan = 900,
                    inner_vlan = 11,
                    site_id = here,
                },
            }
        )
        {
            (await TellAsync(await LineAsync(new { }), told)).ShouldHave(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task All_that_others_have_is_told_at_once_at_the_door_of_a_profile_of_an_order_and_of_a_change()
    {
        // The plan knows nothing of the pair and of the prefix; of the second line it knows both, and the line has let go of them.
        var byHand = await LineAsync(
            new
            {
                service_vlan = 910,
                inner_vlan = 10,
                delegated_ipv6_prefix = "2001:db9:10:100::/56",
            }
        );
        var ordered = await host.ProvisionAsync(
            new
            {
                service_vlan = 910,
                inner_vlan = 20,
                ipv6_assignment_mode = "pd",
                delegated_ipv6_prefix = "2001:db9:20:100::/56",
            }
        );
        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET vlan_id = NULL, inner_vlan = NULL, delegated_ipv6_prefix = NULL WHERE id = @Id",
            new { ordered.Id }
        );
        var home = await host.ProvisionAsync(new { ipv6_assignment_mode = "dual_stack" });
        var fresh = await LineAsync(new { });
        foreach (
            var (inner, prefix) in new[]
            {
                (10, "2001:db9:10::/48"),
                (10, "2001:db9:10:120::/60"),
                (20, "2001:db9:20::/48"),
                (20, "2001:db9:20:100::/56"),
                (20, "2001:db9:20:120::/60"),
            }
        )
        {
            var line = new
            {
                service_vlan = 910,
                inner_vlan = inner,
                ipv6_assignment_mode = "dual_stack",
                delegated_ipv6_prefix = prefix,
            };
            var told = (await TellAsync(fresh, line)).ShouldHave(HttpStatusCode.Conflict);
            told.Faults.ShouldBe(["delegated_ipv6_prefix:network_profile.address_taken", "service_vlan:network_profile.vlan_taken"]);

            var order = host.Order(line, onu: "DMACFFFFFF01");
            foreach (var path in new[] { Orders, Orders + "/preview" })
            {
                var faults = (await host.Admin.PostAsync(path, order)).ShouldHave(HttpStatusCode.BadRequest).Faults;
                var by = inner == 10 ? "network_profile" : "ipam";
                faults.ShouldContain($"network_profile.delegated_ipv6_prefix:{by}.address_taken");
                faults.ShouldContain($"network_profile.service_vlan:{by}.vlan_taken");
                faults.ShouldContain("onu_serial:pon.onu_unknown");
            }

            var change = new
            {
                vlan = new { service_vlan = 910, inner_vlan = inner },
                delegated_prefix = new { @static = prefix },
                place = new { site_id = Guid.NewGuid() },
            };
            (await ChangeAsync(home, change))
                .ShouldHave(HttpStatusCode.BadRequest)
                .Faults.ShouldBe([
                    "delegated_prefix.static:network_profile.address_taken",
                    "place.site_id:not_found",
                    "vlan.service_vlan:network_profile.vlan_taken",
                ]);
        }

        // What nobody has is given; and a line keeps what it has.
        (
            await TellAsync(
                fresh,
                new
                {
                    service_vlan = 910,
                    inner_vlan = 30,
                    delegated_ipv6_prefix = "2001:db9:30::/56",
                }
            )
        ).ShouldHave(HttpStatusCode.OK);
        (
            await host.Admin.PatchAsync(
                Profile(byHand),
                new
                {
                    service_vlan = 910,
                    inner_vlan = 10,
                    delegated_ipv6_prefix = "2001:db9:10:100::/56",
                }
            )
        ).ShouldHave(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_several_who_name_one_pair_at_once_one_line_gets_it_whoever_asks()
    {
        var home = await host.ProvisionAsync();
        var lines = new List<string> { await LineAsync(new { }), await LineAsync(new { }) };
        for (var round = 0; round < 12; round++)
        {
            var pair = new { service_vlan = 920, inner_vlan = 100 + round };
            var told = lines.Select(l => host.Admin.PatchAsync(Profile(l), pair)).ToList();
            var runs = await Task.WhenAll(
                host.Admin.PostAsync(Orders, host.Order(pair)),
                host.Admin.PostAsync(Orders, host.Order(pair)),
                ChangeAsync(home, new { vlan = pair })
            );
            (await Task.WhenAll(told)).ShouldAllBe(a => a.Status == HttpStatusCode.OK || a.Status == HttpStatusCode.Conflict);
            foreach (var run in runs.Where(r => r.Status == HttpStatusCode.Accepted))
            {
                await Eventually.IsTrueAsync(
                    () =>
                        host.Database.ScalarAsync<bool>(
                            "SELECT status IN (2, 5) FROM saga_runs WHERE id = @id",
                            new { id = run["run_id"].GetGuid() }
                        ),
                    "the run has completed or turned back",
                    TimeSpan.FromSeconds(60)
                );
            }

            (
                await host.Database.ScalarAsync<long>(
                    "SELECT count(*) FROM subscribers WHERE vlan_id = 920 AND inner_vlan = @inner_vlan AND deleted_at IS NULL",
                    new { pair.inner_vlan }
                )
            ).ShouldBeLessThanOrEqualTo(1, $"round {round}");
        }
    }

    [Fact]
    public async Task A_pair_that_another_got_before_the_time_of_a_change_turns_it_back()
    {
        var home = await host.ProvisionAsync();
        var pair = new { service_vlan = 930, inner_vlan = 10 };
        var at = DateTimeOffset.UtcNow.AddDays(1);
        var run = (await ChangeAsync(home, new { vlan = pair, at })).ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid();
        await LineAsync(pair);
        await host.Database.ExecuteAsync("UPDATE saga_runs SET not_before = now(), due_at = now() WHERE id = @run", new { run });
        await host.EndedAsync(run, "compensated");
        (await host.Database.ScalarAsync<string>("SELECT error_code FROM saga_runs WHERE id = @run", new { run })).ShouldBe(
            "network_profile.vlan_taken"
        );
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM ipam_vlan_allocations WHERE service_vlan = 930 AND ended_at IS NULL"
            )
        ).ShouldBe(0, "and gives back what it took");
    }

    [Fact]
    public async Task Lines_that_had_one_pair_before_pairs_were_compared_keep_it_when_a_change_turns_back_and_when_they_are_put_at_a_site()
    {
        const string Shared = "SELECT vlan_id || '.' || inner_vlan FROM subscribers WHERE id = @Id";
        var home = await host.ProvisionAsync(new { service_vlan = 940, inner_vlan = 10 });
        await LineAsync(new { service_vlan = 940, inner_vlan = 11 });
        await host.Database.ExecuteAsync("UPDATE subscribers SET inner_vlan = 10 WHERE vlan_id = 940");

        var change = await ChangeAsync(home, new { vlan = new { service_vlan = 940, inner_vlan = 12 }, onu_serial = "DMACFFFFFFE1" });
        await host.EndedAsync(change.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid(), "compensated");
        (await host.Database.ScalarAsync<string>(Shared, new { home.Id })).ShouldBe("940.10");

        (await host.Admin.PatchAsync(Profile(home.Username), new { site_id = await SiteAsync() })).ShouldHave(HttpStatusCode.OK);
        (await host.Database.ScalarAsync<string>(Shared, new { home.Id })).ShouldBe("940.10");
    }

    [Fact]
    public async Task What_is_reserved_is_refused_to_others_with_whom_it_is_kept_for_and_given_to_whom_it_is_meant_for()
    {
        var mine = await host.SubscriberAsync();
        var reserved = await host.Admin.PostAsync("/api/v1/ipam/reservations", new { address = "203.0.113.77", label = "Market hall" });
        var id = reserved.ShouldHave(HttpStatusCode.Created)["id"].GetString()!;
        var meant = new { address = "203.0.113.78", owner_id = mine.Id };
        (await host.Admin.PostAsync("/api/v1/ipam/reservations", meant)).ShouldHave(HttpStatusCode.Created);
        var refused = (await TellAsync(mine.Username, new { static_ipv4 = "203.0.113.77" })).ShouldHave(HttpStatusCode.Conflict);
        refused.Faults.ShouldBe(["static_ipv4:network_profile.address_taken"]);
        refused.Text.ShouldContain($"Market hall in the address plan (reservation {id})");
        (await TellAsync((await host.SubscriberAsync()).Username, new { static_ipv4 = "203.0.113.78" })).ShouldHave(
            HttpStatusCode.Conflict
        );
        (await TellAsync(mine.Username, new { static_ipv4 = "203.0.113.78" })).ShouldHave(HttpStatusCode.OK);
        (await host.Admin.PostAsync($"/api/v1/network/subscribers/{mine.Username}/ipv4/allocate")).ShouldHave(HttpStatusCode.OK);
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM ipam_allocations WHERE owner_id = @Id AND ended_at IS NULL AND expires_at IS NULL AND origin <> 2",
                new { mine.Id }
            )
        ).ShouldBe(1, "the reservation is used up");
    }

    private static string Profile(string line) => $"/api/v1/network/subscribers/{line}/profile";

    private async Task<string> LineAsync(object profile)
    {
        var line = (await host.SubscriberAsync()).Username;
        (await TellAsync(line, profile)).ShouldHave(HttpStatusCode.OK);
        return line;
    }

    private Task<ApiAnswer> TellAsync(string line, object profile) => host.Admin.PutAsync(Profile(line), profile);

    private Task<ApiAnswer> ChangeAsync(ProvisionedSubscriber home, object change) =>
        host.Admin.PostAsync($"/api/v1/subscribers/{home.Id}/change-network", change);

    private async Task<Guid> SiteAsync()
    {
        var slug = $"site-{Guid.NewGuid():N}"[..20];
        return (await host.Admin.PostAsync("/api/v1/ipam/sites", new { name = slug, slug }))
            .ShouldHave(HttpStatusCode.Created)["id"]
            .GetGuid();
    }
}
