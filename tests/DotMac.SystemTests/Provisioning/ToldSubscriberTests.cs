using System.Net;

namespace DotMac.SystemTests.Provisioning;

/// <summary>Addresses, prefixes and pairs of VLANs that are written on the subscriber itself are compared as those of a network profile are.</summary>
public sealed class ToldSubscriberTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    private const string Subscribers = "/api/v1/subscribers";

    private static readonly object Whole = new
    {
        framed_ipv4_address = "198.51.100.7",
        framed_ipv6_address = "2001:dba:7::7",
        framed_ipv6_prefix = "2001:dba:70::/64",
        delegated_ipv6_prefix = "2001:dba:700::/56",
        vlan_id = 950,
        inner_vlan = 7,
    };

    [Fact]
    public async Task Each_field_that_another_line_has_is_refused_and_all_of_them_at_once()
    {
        var first = await host.SubscriberAsync(Whole);
        var other = await host.SubscriberAsync();
        foreach (
            var (asked, field) in new (object Asked, string Field)[]
            {
                (new { framed_ipv4_address = "198.51.100.7" }, "framed_ipv4_address:network_profile.address_taken"),
                (new { framed_ipv6_address = "2001:dba:7::7" }, "framed_ipv6_address:network_profile.address_taken"),
                (new { framed_ipv6_prefix = "2001:dba:70::/64" }, "framed_ipv6_prefix:network_profile.address_taken"),
                (new { delegated_ipv6_prefix = "2001:dba:700::/56" }, "delegated_ipv6_prefix:network_profile.address_taken"),
                (new { delegated_ipv6_prefix = "2001:dba:700::/48" }, "delegated_ipv6_prefix:network_profile.address_taken"),
                (new { delegated_ipv6_prefix = "2001:dba:700:10::/60" }, "delegated_ipv6_prefix:network_profile.address_taken"),
                (new { vlan_id = 950, inner_vlan = 7 }, "vlan_id:network_profile.vlan_taken"),
            }
        )
        {
            var refused = (await host.Admin.PatchAsync($"{Subscribers}/{other.Id}", asked)).ShouldHave(HttpStatusCode.Conflict);
            refused.Faults.ShouldBe([field]);
            refused.Text.ShouldContain(first.Username);
        }

        string[] all =
        [
            "delegated_ipv6_prefix:network_profile.address_taken",
            "framed_ipv4_address:network_profile.address_taken",
            "framed_ipv6_address:network_profile.address_taken",
            "framed_ipv6_prefix:network_profile.address_taken",
            "vlan_id:network_profile.vlan_taken",
        ];
        (await host.Admin.PatchAsync($"{Subscribers}/{other.Id}", Whole)).ShouldHave(HttpStatusCode.Conflict).Faults.ShouldBe(all);
        var made = new
        {
            username = "told-new",
            password = "correct-horse",
            framed_ipv4_address = "198.51.100.7",
            framed_ipv6_address = "2001:dba:7::7",
            framed_ipv6_prefix = "2001:dba:70::/64",
            delegated_ipv6_prefix = "2001:dba:700::/56",
            vlan_id = 950,
            inner_vlan = 7,
        };
        (await host.Admin.PostAsync(Subscribers, made)).ShouldHave(HttpStatusCode.Conflict).Faults.ShouldBe(all);

        // Its own again is nobody's else; and a service VLAN alone, or the pair at another site, is in nobody's way.
        (await host.Admin.PatchAsync($"{Subscribers}/{first.Id}", Whole)).ShouldHave(HttpStatusCode.OK);
        (await host.Admin.PatchAsync($"{Subscribers}/{other.Id}", new { vlan_id = 950 })).ShouldHave(HttpStatusCode.OK);
        await AtSiteAsync(first.Username);
        await AtSiteAsync(other.Username);
        (await host.Admin.PatchAsync($"{Subscribers}/{other.Id}", new { vlan_id = 950, inner_vlan = 7 })).ShouldHave(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_the_address_plan_keeps_for_another_is_refused_too()
    {
        var ordered = await host.ProvisionAsync(
            new
            {
                static_ipv4 = "198.51.100.20",
                service_vlan = 951,
                inner_vlan = 20,
                ipv6_assignment_mode = "pd",
                delegated_ipv6_prefix = "2001:dba:2000::/56",
            }
        );
        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET framed_ipv4_address = NULL, vlan_id = NULL, inner_vlan = NULL, delegated_ipv6_prefix = NULL WHERE id = @Id",
            new { ordered.Id }
        );
        var other = await host.SubscriberAsync();
        var asked = new
        {
            framed_ipv4_address = "198.51.100.20",
            vlan_id = 951,
            inner_vlan = 20,
            delegated_ipv6_prefix = "2001:dba:2000:80::/60",
        };
        (await host.Admin.PatchAsync($"{Subscribers}/{other.Id}", asked))
            .ShouldHave(HttpStatusCode.Conflict)
            .Faults.ShouldBe([
                "delegated_ipv6_prefix:network_profile.address_taken",
                "framed_ipv4_address:network_profile.address_taken",
                "vlan_id:network_profile.vlan_taken",
            ]);
        // For whom the plan keeps it may have it on its line again.
        (await host.Admin.PatchAsync($"{Subscribers}/{ordered.Id}", new { vlan_id = 951, inner_vlan = 20 })).ShouldHave(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_line_that_has_ended_is_in_nobodys_way_and_one_that_shares_from_before_is_changed_in_all_else()
    {
        var pair = new { vlan_id = 970, inner_vlan = 1 };
        object Anew(string name) =>
            new
            {
                username = name,
                password = "correct-horse",
                framed_ipv4_address = "198.51.100.70",
                framed_ipv6_address = "2001:dba:970::7",
                framed_ipv6_prefix = "2001:dba:970:70::/64",
                delegated_ipv6_prefix = "2001:dba:9700::/56",
                pair.vlan_id,
                pair.inner_vlan,
            };
        var ended = (await host.Admin.PostAsync(Subscribers, Anew("told-ended"))).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
        await host.Database.ExecuteAsync("UPDATE subscribers SET status = 4, enabled = false WHERE id = @ended", new { ended });
        (await host.Admin.PostAsync(Subscribers, Anew("told-ended"))).ShouldHave(HttpStatusCode.Created);

        await host.Database.ExecuteAsync(
            "UPDATE subscribers SET status = 4, enabled = false WHERE username = 'told-ended' AND deleted_at IS NULL"
        );
        var (one, other) = (await host.SubscriberAsync(), await host.SubscriberAsync());
        (await host.Admin.PatchAsync($"{Subscribers}/{one.Id}", pair)).ShouldHave(HttpStatusCode.OK);
        await host.Database.ExecuteAsync("UPDATE subscribers SET vlan_id = 970, inner_vlan = 1 WHERE id = @Id", new { other.Id });
        (await host.Admin.PatchAsync($"{Subscribers}/{other.Id}", new { full_name = "Grace Hopper" })).ShouldHave(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_several_who_write_the_same_at_once_one_gets_it_whoever_writes()
    {
        var (one, two, three) = (await host.SubscriberAsync(), await host.SubscriberAsync(), await host.SubscriberAsync());
        (await host.Admin.PutAsync($"/api/v1/network/subscribers/{three.Username}/profile", new { })).ShouldHave(HttpStatusCode.OK);
        for (var round = 0; round < 20; round++)
        {
            var pair = new
            {
                vlan_id = 960,
                inner_vlan = 100 + round,
                framed_ipv6_address = $"2001:dba:960::{round + 1:x}",
            };
            var answers = await Task.WhenAll(
                host.Admin.PatchAsync($"{Subscribers}/{one.Id}", pair),
                host.Admin.PatchAsync($"{Subscribers}/{two.Id}", pair),
                host.Admin.PatchAsync(
                    $"/api/v1/network/subscribers/{three.Username}/profile",
                    new
                    {
                        service_vlan = pair.vlan_id,
                        pair.inner_vlan,
                        static_ipv6 = pair.framed_ipv6_address,
                    }
                )
            );
            (answers.Count(a => a.Status == HttpStatusCode.OK), answers.Count(a => a.Status == HttpStatusCode.Conflict)).ShouldBe(
                (1, 2),
                $"round {round}: {string.Join(' ', answers.Select(a => a.Text))}"
            );
        }
    }

    [Fact]
    public async Task An_order_is_told_once_of_each_field_what_the_plan_and_a_line_both_have()
    {
        var line = new
        {
            static_ipv4 = "198.51.100.40",
            service_vlan = 952,
            inner_vlan = 40,
            ipv6_assignment_mode = "pd",
            delegated_ipv6_prefix = "2001:dba:4000::/56",
        };
        var home = await host.ProvisionAsync(line);
        var faults = (await host.Admin.PostAsync("/api/v1/provisioning/subscribers", host.Order(line))).ShouldHave(
            HttpStatusCode.BadRequest
        );
        faults.Faults.ShouldBe([
            "network_profile.delegated_ipv6_prefix:network_profile.address_taken",
            "network_profile.service_vlan:network_profile.vlan_taken",
            "network_profile.static_ipv4:network_profile.address_taken",
        ]);
        faults.Text.ShouldContain(home.Username, Case.Sensitive, "the line is named, not only that somebody has it");
    }

    private async Task AtSiteAsync(string line)
    {
        var slug = $"site-{Guid.NewGuid():N}"[..20];
        var site = (await host.Admin.PostAsync("/api/v1/ipam/sites", new { name = slug, slug })).ShouldHave(HttpStatusCode.Created)["id"];
        var now = (await host.Admin.GetAsync($"/api/v1/network/subscribers/{line}/profile")).ShouldHave(HttpStatusCode.OK);
        var profile = now.Body.EnumerateObject().ToDictionary(p => p.Name, object? (p) => p.Value);
        profile["site_id"] = site.GetGuid();
        (await host.Admin.PutAsync($"/api/v1/network/subscribers/{line}/profile", profile)).ShouldHave(HttpStatusCode.OK);
    }
}
