using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>Orders beside lines that were given addresses by hand, over default pools of links and of addresses, and with reservations.</summary>
public sealed class HandSetOrderTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    [Fact]
    public async Task What_was_given_by_hand_stops_no_order()
    {
        await host.Database.ExecuteAsync(
            "UPDATE ipam_pools SET is_default = true WHERE name = @name",
            new { name = ProvisioningFixture.AddressPool6 }
        );
        // The lowest free place of each pool, and a prefix around the first 256 of the pool of delegated ones.
        await host.SubscriberAsync(new { framed_ipv6_prefix = "2001:db8:1::/64" });
        await host.SubscriberAsync(new { delegated_ipv6_prefix = "2001:db8:8000::/48" });
        await host.SubscriberAsync(new { framed_ipv6_address = "2001:db8:2::" });
        foreach (var mode in new[] { "dual_stack", "slaac", "stateful", "dual_stack" })
        {
            await host.ProvisionAsync(new { ipv6_assignment_mode = mode });
        }

        (
            await host.Database.QueryAsync<string>(
                "SELECT network::text FROM ipam_allocations WHERE ended_at IS NULL AND kind > 0 ORDER BY ipam_allocations.network"
            )
        ).ShouldBe([
            "2001:db8:1:1::/64",
            "2001:db8:1:2::/64",
            "2001:db8:1:3::/64",
            "2001:db8:2::1/128",
            "2001:db8:8001::/56",
            "2001:db8:8001:100::/56",
        ]);
    }

    [Fact]
    public async Task What_was_reserved_for_a_customer_his_order_names_and_gets()
    {
        const string Address = "100.80.3.9";
        var reserved = await host.Admin.PostAsync("/api/v1/ipam/reservations", new { address = Address, label = "customer X" });
        var id = reserved.ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
        var order = host.Order(new { static_ipv4 = Address });
        (await host.Admin.PostAsync("/api/v1/provisioning/subscribers", order))
            .ShouldHave(HttpStatusCode.BadRequest)
            .Text.ShouldContain("ipam.address_taken");
        order["reservations"] = new { ipv4 = id, ipv6 = id };
        var faults = (await host.Admin.PostAsync("/api/v1/provisioning/subscribers/preview", order)).ShouldHave(HttpStatusCode.BadRequest);
        faults.Text.ShouldContain("reservations.ipv6");
        faults.Text.ShouldContain("provision.reservation_unused");

        order["reservations"] = new { ipv4 = id };
        (await host.Admin.PostAsync("/api/v1/provisioning/subscribers/preview", order))
            .ShouldHave(HttpStatusCode.OK)["ipv4"]
            .GetProperty("network")
            .GetString()
            .ShouldBe(Address + "/32");

        // Several want it at once: some are refused at the door, some when their run comes to it, and one is served.
        var orders = Enumerable.Range(0, 8).Select(_ => Named(host.Order(), id)).Append(order).ToList();
        var answers = await Task.WhenAll(orders.Select(o => host.Admin.PostAsync("/api/v1/provisioning/subscribers?wait=20", o)));
        answers.Where(a => a.Status != HttpStatusCode.Accepted).ShouldAllBe(a => a.Text.Contains("ipam."));
        var runs = answers.Where(a => a.Status == HttpStatusCode.Accepted).ToList();
        runs.Where(a => a["status"].GetString() != "completed").ShouldAllBe(a => a["status"].GetString() == "compensated");
        var served = runs.Single(a => a["status"].GetString() == "completed")["subscriber_id"].GetGuid();
        (await host.Database.ScalarAsync<Guid>("SELECT owner_id FROM ipam_allocations WHERE id = @id", new { id })).ShouldBe(served);
        (
            await host.Database.ScalarAsync<string>("SELECT host(framed_ipv4_address) FROM subscribers WHERE id = @served", new { served })
        ).ShouldBe(Address);
        var late = await host.Admin.PostAsync("/api/v1/provisioning/subscribers", Named(host.Order(), id));
        late.ShouldHave(HttpStatusCode.BadRequest).Text.ShouldContain("ipam.reservation_unknown");
    }

    [Fact]
    public async Task A_number_that_is_given_away_between_the_order_and_its_run_is_drawn_anew()
    {
        await host.Database.ExecuteAsync(
            """
            CREATE FUNCTION not_yet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.due_at := now() + interval '1 hour'; RETURN NEW; END $$;
            CREATE TRIGGER not_yet BEFORE INSERT ON saga_runs FOR EACH ROW EXECUTE FUNCTION not_yet();
            """
        );
        var answer = (await host.Admin.PostAsync("/api/v1/provisioning/subscribers", host.Order())).ShouldHave(HttpStatusCode.Accepted);
        await host.Database.ExecuteAsync("DROP TRIGGER not_yet ON saga_runs; DROP FUNCTION not_yet()");
        var (run, id) = (answer["run_id"].GetGuid(), answer["subscriber_id"].GetGuid());
        var number = await host.Database.ScalarAsync<string>("SELECT state ->> 'number' FROM saga_runs WHERE id = @run", new { run });
        number.ShouldNotBeNullOrEmpty("an order draws its number");
        await host.SubscriberAsync(new { subscriber_number = number });
        await host.Database.ExecuteAsync("UPDATE saga_runs SET due_at = now() WHERE id = @run", new { run });
        await host.EndedAsync(run, "completed");
        var drawn = await host.Database.ScalarAsync<string>("SELECT subscriber_number FROM subscribers WHERE id = @id", new { id });
        drawn.ShouldNotBe(number);
        (
            await host.Database.ScalarAsync<long>("SELECT count(*) FROM subscribers WHERE subscriber_number = @drawn", new { drawn })
        ).ShouldBe(1);
        (await host.Database.ScalarAsync<string>("SELECT label FROM ipam_allocations WHERE owner_id = @id", new { id })).ShouldBe(
            drawn,
            "what it holds is labelled with the number it has"
        );
    }

    [Fact]
    public async Task Of_two_lines_that_ask_for_a_prefix_and_a_part_of_it_at_once_one_gets_it()
    {
        var lines = new List<string>();
        for (var n = 0; n < 2; n++)
        {
            var line = await host.SubscriberAsync();
            (await host.Admin.PutAsync($"/api/v1/network/subscribers/{line.Username}/profile", new { })).ShouldHave(HttpStatusCode.OK);
            lines.Add(line.Username);
        }

        Task<ApiAnswer> GiveAsync(string line, string? prefix) =>
            host.Admin.PatchAsync($"/api/v1/network/subscribers/{line}/profile", new { delegated_ipv6_prefix = prefix });
        for (var round = 0; round < 40; round++)
        {
            var whole = $"2001:db9:{round:x}::/48";
            var part = $"2001:db9:{round:x}:{(round % 3 == 0 ? "1::/64" : "100::/56")}";
            var answers = await Task.WhenAll(GiveAsync(lines[round % 2], whole), GiveAsync(lines[1 - (round % 2)], part));
            (answers.Count(a => a.Status == HttpStatusCode.OK), answers.Count(a => a.Status == HttpStatusCode.Conflict)).ShouldBe(
                (1, 1),
                $"round {round}: {answers[0].Text} {answers[1].Text}"
            );
            foreach (var line in lines)
            {
                (await GiveAsync(line, null)).ShouldHave(HttpStatusCode.OK);
            }

            // Two parts of one are in nobody's way.
            var apart = await Task.WhenAll(
                GiveAsync(lines[0], $"2001:db9:{round:x}:100::/56"),
                GiveAsync(lines[1], $"2001:db9:{round:x}:200::/56")
            );
            apart.ShouldAllBe(a => a.Status == HttpStatusCode.OK);
        }
    }

    private static Dictionary<string, object?> Named(Dictionary<string, object?> order, Guid reservation)
    {
        order["reservations"] = new { ipv4 = reservation };
        return order;
    }
}
