using System.Net;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Provisioning;

/// <summary>What was reserved for a line reaches it by a change of network: by its id, or because it is kept for this very subscriber.</summary>
public sealed class ReservedChangeTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    [Fact]
    public async Task A_change_names_what_was_reserved_and_gets_it()
    {
        var home = await host.ProvisionAsync();
        var old = await AddressAsync(home.Id);
        var id = await ReserveAsync(new { address = "100.81.0.9", label = "Market hall" });

        var taken = (await AskAsync(home.Id, new { ipv4 = new { @static = "100.81.0.9" } })).ShouldHave(HttpStatusCode.BadRequest);
        taken.Faults.Single().ShouldBe("ipv4.static:network_profile.address_taken");
        taken.Text.ShouldContain($"Market hall in the address plan (reservation {id})");

        await DoneAsync(await AskAsync(home.Id, new { ipv4 = new { reservation = id } }), "completed");
        (await AddressAsync(home.Id)).ShouldBe("100.81.0.9");
        (await KeptAsync(id)).ShouldBe((home.Id, false));
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM ipam_allocations WHERE host(network) = @old AND ended_at IS NULL",
                new { old }
            )
        ).ShouldBe(0, "the old one is given back");
    }

    [Fact]
    public async Task A_static_address_and_its_reservation_may_be_named_together()
    {
        var home = await host.ProvisionAsync();
        var id = await ReserveAsync(new { address = "203.0.113.91", label = "Town hall" });
        var wish = new { @static = "203.0.113.91", reservation = id };
        await DoneAsync(await AskAsync(home.Id, new { ipv4 = wish }), "completed");
        (await AddressAsync(home.Id)).ShouldBe("203.0.113.91");
        (await KeptAsync(id)).ShouldBe((home.Id, false));
    }

    [Fact]
    public async Task A_delegated_prefix_is_reserved_and_given_alike()
    {
        var home = await host.ProvisionAsync(new { ipv6_assignment_mode = "pd" });
        var id = await ReserveAsync(new { address = "2001:db8:4711::/56", label = "School" });
        await DoneAsync(await AskAsync(home.Id, new { delegated_prefix = new { reservation = id } }), "completed");
        (
            await host.Database.ScalarAsync<string>("SELECT delegated_ipv6_prefix::text FROM subscribers WHERE id = @Id", new { home.Id })
        ).ShouldBe("2001:db8:4711::/56");
    }

    [Fact]
    public async Task A_reservation_that_cannot_be_used_is_refused_at_its_field()
    {
        var home = await host.ProvisionAsync();
        var id = await ReserveAsync(new { address = "203.0.113.92", label = "Mill" });
        var other = await ReserveAsync(new { address = "203.0.113.93", owner_id = (await AddresslessAsync()).Id });
        await RefusedAsync(new { reservation = Guid.CreateVersion7() }, "ipv4.reservation:ipam.reservation_unknown");
        await RefusedAsync(new { reservation = other }, "ipv4.reservation:ipam.reservation_unknown");
        await RefusedAsync(new { reservation = id, pool = ProvisioningFixture.V4Pool }, "ipv4.reservation:with_pool");
        await RefusedAsync(new { reservation = id, @static = "203.0.113.94" }, "ipv4.reservation:ipam.reservation_other");
        var later = DateTimeOffset.UtcNow.AddDays(2);
        (await AskAsync(home.Id, new { ipv4 = new { reservation = id }, at = later }))
            .ShouldHave(HttpStatusCode.BadRequest)
            .Faults.Single()
            .ShouldBe("ipv4.reservation:ipam.reservation_unknown", "it is kept for a day");
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM saga_runs WHERE definition = 'change_network' AND subject_id = @Id",
                new { home.Id }
            )
        ).ShouldBe(0);
        (await KeptAsync(id)).ShouldBe((null, true), "looking does not use it up");

        async Task RefusedAsync(object ipv4, string fault) =>
            (await AskAsync(home.Id, new { ipv4 })).ShouldHave(HttpStatusCode.BadRequest).Faults.Single().ShouldBe(fault);
    }

    [Fact]
    public async Task A_change_that_turns_back_gives_the_reservation_back_as_one()
    {
        var home = await host.ProvisionAsync();
        var before = await AddressAsync(home.Id);
        var id = await ReserveAsync(new { address = "203.0.113.95", label = "Library" });
        await DoneAsync(await AskAsync(home.Id, new { ipv4 = new { reservation = id }, onu_serial = "DMACFFFFFFF6" }), "compensated");
        (await AddressAsync(home.Id)).ShouldBe(before);
        (await KeptAsync(id)).ShouldBe((null, true));
        (await host.Database.ScalarAsync<string>("SELECT label FROM ipam_allocations WHERE id = @id", new { id })).ShouldBe("Library");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_reserved_for_this_very_subscriber_is_its_own(bool byId)
    {
        var user = await AddresslessAsync();
        var address = byId ? "203.0.113.96" : "203.0.113.97";
        var id = await ReserveAsync(new { address, owner_id = user.Id });
        object ipv4 = byId ? new { reservation = id } : new { @static = address };

        await DoneAsync(await AskAsync(user.Id, new { ipv4, onu_serial = "DMACFFFFFFF7" }), "compensated");
        (await KeptAsync(id)).ShouldBe((user.Id, true), "it is kept for the same again");
        await DoneAsync(await AskAsync(user.Id, new { ipv4 }), "completed");
        (await AddressAsync(user.Id)).ShouldBe(address);
        (await KeptAsync(id)).ShouldBe((user.Id, false));
    }

    [Fact]
    public async Task Of_several_lines_that_name_one_reservation_one_gets_it()
    {
        var id = await ReserveAsync(new { address = "203.0.113.98", label = "first come" });
        var homes = new List<ProvisionedSubscriber>();
        for (var i = 0; i < 6; i++)
        {
            homes.Add(await host.ProvisionAsync());
        }

        var answers = await Task.WhenAll(homes.Select(h => AskAsync(h.Id, new { ipv4 = new { reservation = id } })));
        var runs = answers.Where(a => a.Status == HttpStatusCode.Accepted).Select(a => a["run_id"].GetGuid()).ToArray();
        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>(
                    "SELECT count(*) FROM saga_runs WHERE id = ANY (@runs) AND status IN (2, 5)",
                    new { runs }
                ) == runs.Length,
            "each is completed or compensated"
        );
        answers
            .Where(a => a.Status != HttpStatusCode.Accepted)
            .ShouldAllBe(
                a => a.Text.Contains("ipam.reservation_unknown") || a.Text.Contains("network_profile.address_taken"),
                "refused at the door: it is used, or on the line that was quicker"
            );
        var winners = await host.Database.QueryAsync<Guid>(
            "SELECT id FROM subscribers WHERE host(framed_ipv4_address) = '203.0.113.98' AND deleted_at IS NULL"
        );
        (await KeptAsync(id)).ShouldBe((winners.Single(), false));
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM ipam_allocations WHERE ended_at IS NULL AND owner_id NOT IN (SELECT id FROM subscribers)"
            )
        ).ShouldBe(0, "nothing leaks");
    }

    /// <summary>A line to which no address was allocated.</summary>
    private async Task<TestSubscriber> AddresslessAsync()
    {
        var user = await host.SubscriberAsync();
        (await host.Admin.PutAsync($"/api/v1/network/subscribers/{user.Id}/profile", new { })).ShouldHave(HttpStatusCode.OK);
        return user;
    }

    private Task<ApiAnswer> AskAsync(Guid subscriber, object wish) =>
        host.Admin.PostAsync($"/api/v1/subscribers/{subscriber}/change-network", wish);

    private async Task<Guid> ReserveAsync(object reservation) =>
        (await host.Admin.PostAsync("/api/v1/ipam/reservations", reservation)).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();

    private Task DoneAsync(ApiAnswer answer, string ends) =>
        host.EndedAsync(answer.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid(), ends);

    private Task<string?> AddressAsync(Guid id) =>
        host.Database.ScalarAsync<string?>("SELECT host(framed_ipv4_address) FROM subscribers WHERE id = @id", new { id });

    private async Task<(Guid? Owner, bool IsReserved)> KeptAsync(Guid id) =>
        (
            await host.Database.QueryAsync<(Guid?, bool)>(
                "SELECT owner_id, origin = 2 FROM ipam_allocations WHERE id = @id AND ended_at IS NULL",
                new { id }
            )
        ).Single();
}
