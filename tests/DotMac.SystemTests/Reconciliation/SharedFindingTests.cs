using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Provisioning;

namespace DotMac.SystemTests.Reconciliation;

/// <summary>Lines that have had one pair, address or prefix since before that was refused: found, parted by a change of network, gone.</summary>
public sealed class SharedFindingTests(SharedFindingTests.Room host) : IClassFixture<SharedFindingTests.Room>
{
    public sealed class Room : ProvisioningFixture;

    [Fact]
    public async Task A_pair_that_two_lines_have_is_found_with_both_named_and_gone_once_one_has_another()
    {
        var qinq = new { vlan_pool = ProvisioningFixture.QinqPool, qinq_enabled = true };
        var (keeps, moves) = (await host.ProvisionAsync(qinq), await host.ProvisionAsync(qinq));
        // The plan knows that it is the first one's: that keeps it, although the plan holds another for the second.
        await host.Database.ExecuteAsync(
            """
            UPDATE subscribers s SET vlan_id = k.vlan_id, inner_vlan = k.inner_vlan FROM subscribers k WHERE s.id = @Moves AND k.id = @Keeps
            """,
            new { Moves = moves.Id, Keeps = keeps.Id }
        );
        await CompareAsync();
        (await OfAsync(keeps.Id)).ShouldBeEmpty();
        var found = (await OfAsync(moves.Id)).ShouldHaveSingleItem();
        Kind(found).ShouldBe("vlan_pair_shared", "and nothing is to be told to the plan of a pair that is not the line's");
        var (kept, moved) = (await NumberAsync(keeps.Id), await NumberAsync(moves.Id));
        found.GetProperty("subject_label").GetString().ShouldBe(moved);
        found.GetProperty("what").GetString()!.ShouldContain(kept);
        found.GetProperty("what").GetString()!.ShouldContain(moved);
        found.GetProperty("fix").ValueKind.ShouldBe(JsonValueKind.Null);
        found.GetProperty("advice").GetString()!.ShouldStartWith($"Change the network of {moved}");
        (
            await host.Admin.PostAsync(
                $"/api/v1/reconciliation/findings/{found.GetProperty("id").GetGuid()}/repair",
                new { token = found.GetProperty("token").GetString() }
            )
        ).Code.ShouldBe("finding.no_fix");

        // What it advises.
        var change = await host.Admin.PostAsync($"/api/v1/subscribers/{moves.Id}/change-network", new { vlan = new { } });
        await host.EndedAsync(change.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid(), "completed");
        await CompareAsync();
        (await OfAsync(moves.Id)).ShouldBeEmpty();
        (await OfAsync(keeps.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pair_is_one_lines_at_a_site_and_a_line_without_a_site_stands_at_any()
    {
        var sites = new[] { await SiteAsync(), await SiteAsync() };
        var lines = new List<Guid>();
        for (var n = 0; n < 5; n++)
        {
            var line = await host.SubscriberAsync(new { vlan_id = 970, inner_vlan = 10 + n });
            lines.Add(line.Id);
            var profile = new { site_id = n < 4 ? sites[n % 2] : (Guid?)null };
            (await host.Admin.PatchAsync($"/api/v1/network/subscribers/{line.Username}/profile", profile)).ShouldHave(HttpStatusCode.OK);
        }

        // Two at each site, one at none; of the third Q-in-Q is off, so that its inner VLAN is only remembered.
        await host.Database.ExecuteAsync(
            """
            UPDATE subscribers SET inner_vlan = 10 WHERE id = ANY(@ids);
            UPDATE subscriber_network_profiles SET qinq_enabled = false WHERE subscriber_id = @off
            """,
            new { ids = lines.ToArray(), off = lines[2] }
        );
        var other = Guid.CreateVersion7();
        await host.Database.ExecuteAsync(
            """
            INSERT INTO tenants (tenant_id, slug, name) VALUES (@other, 'shares-too', 'shares-too');
            INSERT INTO subscribers (tenant_id, id, subscriber_number, username, password, vlan_id, inner_vlan)
            SELECT @other, gen_random_uuid(), 'X-' || n, 'shares-' || n, '', 970, 10 FROM generate_series(1, 2) AS n
            """,
            new { other }
        );
        await CompareAsync();
        (await OfAsync(lines[0])).ShouldBeEmpty();
        (await OfAsync(lines[1])).ShouldBeEmpty("another site");
        (await OfAsync(lines[2])).ShouldBeEmpty("not sent");
        (await OfAsync(lines[3])).Select(Kind).ShouldBe(["vlan_pair_shared"]);
        (await OfAsync(lines[4])).Single().GetProperty("what").GetString()!.ShouldContain("names no site");

        (
            await host.Database.ScalarAsync<long>("SELECT count(*) FROM reconciliation_findings WHERE tenant_id = @other", new { other })
        ).ShouldBe(0);
    }

    [Fact]
    public async Task An_ipv6_address_a_link_and_a_part_of_a_prefix_that_two_lines_have_are_found_and_gone_once_apart()
    {
        var first = await host.SubscriberAsync(
            new
            {
                framed_ipv6_address = "2001:dbb:1::1",
                framed_ipv6_prefix = "2001:dbb:2::/64",
                delegated_ipv6_prefix = "2001:dbb:3000::/52",
            }
        );
        var second = await host.SubscriberAsync();
        await host.Database.ExecuteAsync(
            """
            UPDATE subscribers SET framed_ipv6_address = '2001:dbb:1::1', framed_ipv6_prefix = '2001:dbb:2::/64',
                delegated_ipv6_prefix = '2001:dbb:3000:100::/56' WHERE id = @Id
            """,
            new { second.Id }
        );
        await CompareAsync();
        (await OfAsync(first.Id)).ShouldBeEmpty();
        var found = await OfAsync(second.Id);
        found.Select(Kind).ShouldBe(["address_shared", "address_shared", "address_shared"]);
        found.ShouldAllBe(f => f.GetProperty("advice").GetString()!.Contains("in its settings"));
        found.ShouldContain(f => f.GetProperty("what").GetString()!.Contains("2001:dbb:3000::/52"));

        var apart = new
        {
            framed_ipv6_address = "2001:dbb:1::2",
            framed_ipv6_prefix = "2001:dbb:4::/64",
            delegated_ipv6_prefix = "2001:dbb:4000::/56",
        };
        (await host.Admin.PatchAsync($"/api/v1/subscribers/{second.Id}", apart)).ShouldHave(HttpStatusCode.OK);
        await CompareAsync();
        (await OfAsync(second.Id)).ShouldBeEmpty();
    }

    private async Task<Guid> SiteAsync()
    {
        var slug = $"site-{Guid.NewGuid():N}"[..20];
        return (await host.Admin.PostAsync("/api/v1/ipam/sites", new { name = slug, slug }))
            .ShouldHave(HttpStatusCode.Created)["id"]
            .GetGuid();
    }

    private async Task<string> NumberAsync(Guid id) =>
        (await host.Database.ScalarAsync<string>("SELECT subscriber_number FROM subscribers WHERE id = @id", new { id }))!;

    private static string Kind(JsonElement finding) => finding.GetProperty("kind").GetString()!;

    private async Task CompareAsync() => (await host.Admin.PostAsync("/api/v1/reconciliation/runs")).ShouldHave(HttpStatusCode.OK);

    private async Task<IReadOnlyList<JsonElement>> OfAsync(Guid id) =>
        [
            .. (await host.Admin.GetAsync($"/api/v1/reconciliation/findings?subject_id={id}"))
                .ShouldHave(HttpStatusCode.OK)["items"]
                .EnumerateArray(),
        ];
}
