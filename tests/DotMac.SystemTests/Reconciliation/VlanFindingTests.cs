using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Provisioning;

namespace DotMac.SystemTests.Reconciliation;

/// <summary>VLANs that the plan does not know, or knows in another place; and what becomes of a finding that comes back.</summary>
public sealed class VlanFindingTests(VlanFindingTests.Room host) : IClassFixture<VlanFindingTests.Room>
{
    public sealed class Room : ProvisioningFixture;

    [Fact]
    public async Task A_vlan_of_a_served_line_that_the_plan_does_not_know_is_told_to_it()
    {
        var home = await host.ProvisionAsync();
        await SetVlanAsync(home, 3111);
        var found = (await CompareAsync(home)).ShouldHaveSingleItem();
        found.GetProperty("kind").GetString().ShouldBe("vlan_not_in_plan");
        found.GetProperty("fix").GetString()!.ShouldContain("VLAN 3111");

        await MendAsync(found);
        (await CompareAsync(home)).ShouldBeEmpty();
        (await VlanAsync(home)).ShouldBe("3111");
    }

    /// <summary>Told without its place, the pair would be booked elsewhere, and the pool of the place would give it to somebody else.</summary>
    [Fact]
    public async Task A_pair_that_drifted_is_booked_where_the_line_is()
    {
        var slug = "site-" + Guid.NewGuid().ToString("N")[..6];
        var made = await host.Admin.PostAsync("/api/v1/ipam/sites", new { name = slug, slug });
        var site = made.ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
        var pool = new
        {
            name = slug,
            is_qinq = true,
            service_first = 3200,
            service_last = 3201,
            inner_first = 1,
            inner_last = 50,
            site_id = site,
        };
        (await host.Admin.PostAsync("/api/v1/ipam/vlan-pools", pool)).ShouldHave(HttpStatusCode.Created);
        var home = await host.ProvisionAsync(
            new
            {
                site_id = site,
                vlan_pool = slug,
                qinq_enabled = true,
            }
        );
        await host.Database.ExecuteAsync("UPDATE subscribers SET vlan_id = 3201, inner_vlan = 2 WHERE id = @Id", new { home.Id });
        await MendAsync((await CompareAsync(home)).ShouldHaveSingleItem());

        (await CompareAsync(home)).ShouldBeEmpty();
        (await VlanAsync(home)).ShouldBe("3201.2");
        (
            await host.Database.ScalarAsync<bool>(
                "SELECT scope = @site AND pool_id IS NOT NULL FROM ipam_vlan_allocations WHERE owner_id = @Id AND ended_at IS NULL",
                new { home.Id, site }
            )
        ).ShouldBeTrue("the pool of the place knows that it is taken");
    }

    [Fact]
    public async Task What_was_ignored_went_away_and_comes_back_is_a_finding_again()
    {
        var home = await host.ProvisionAsync();
        await SetVlanAsync(home, 3112);
        var path = $"/api/v1/reconciliation/findings/{(await CompareAsync(home)).ShouldHaveSingleItem().GetProperty("id").GetGuid()}";
        (await host.Admin.PostAsync($"{path}/ignore", new { reason = "a test line" })).ShouldHave(HttpStatusCode.OK);
        (await CompareAsync(home)).ShouldBeEmpty();

        await SetVlanAsync(home, null);
        (await CompareAsync(home)).ShouldBeEmpty();
        await SetVlanAsync(home, 3112);
        (await CompareAsync(home)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Whoever_may_not_change_the_plan_by_hand_may_not_do_it_by_a_repair()
    {
        var home = await host.ProvisionAsync();
        await SetVlanAsync(home, 3113);
        var found = (await CompareAsync(home)).ShouldHaveSingleItem();
        var name = "clerk-" + Guid.NewGuid().ToString("N")[..6];
        var role = new { name, permissions = new[] { "isp.oss.configure", "isp.oss.read", "isp.radius.write" } };
        (await host.Admin.PostAsync("/api/v1/roles", role)).ShouldHave(HttpStatusCode.Created);
        using var clerk = await host.PersonAsync(name);
        var answer = await RepairAsync(clerk, found);
        answer.ShouldHave(HttpStatusCode.Forbidden).Code.ShouldBe("permission.missing");
        answer.Text.ShouldContain("isp.ipam.write");
    }

    private Task SetVlanAsync(ProvisionedSubscriber home, int? vlan) =>
        host.Database.ExecuteAsync("UPDATE subscribers SET vlan_id = @vlan WHERE id = @Id", new { home.Id, vlan });

    private Task<string?> VlanAsync(ProvisionedSubscriber home) =>
        host.Database.ScalarAsync<string>(
            "SELECT service_vlan || coalesce('.' || inner_vlan, '') FROM ipam_vlan_allocations WHERE owner_id = @Id AND ended_at IS NULL",
            new { home.Id }
        );

    private async Task<IReadOnlyList<JsonElement>> CompareAsync(ProvisionedSubscriber home)
    {
        (await host.Admin.PostAsync("/api/v1/reconciliation/runs")).ShouldHave(HttpStatusCode.OK);
        var found = await host.Admin.GetAsync($"/api/v1/reconciliation/findings?subject_id={home.Id}");
        return [.. found.ShouldHave(HttpStatusCode.OK)["items"].EnumerateArray()];
    }

    private static Task<ApiAnswer> RepairAsync(ApiClient by, JsonElement finding) =>
        by.PostAsync(
            $"/api/v1/reconciliation/findings/{finding.GetProperty("id").GetGuid()}/repair",
            new { token = finding.GetProperty("token").GetString() }
        );

    private async Task MendAsync(JsonElement finding)
    {
        var answer = (await RepairAsync(host.Admin, finding)).ShouldHave(HttpStatusCode.Accepted);
        var run = answer["run_id"].GetGuid();
        var where = answer.Headers.Location!.ToString();
        (await host.Admin.GetAsync(where)).ShouldHave(HttpStatusCode.OK)["id"].GetGuid().ShouldBe(run);
        await host.EndedAsync(run, "completed");
    }
}
