using System.Net;
using DotMac.Contracts.External;
using DotMac.Network.Ipam.Addresses;
using DotMac.Network.Ipam.Reservations;

namespace DotMac.SystemTests.Network;

/// <summary>An order may name a reservation: it gets exactly that, once, and what is undone is kept again as it was.</summary>
public sealed class ReservationTests(PlanFixture fixture) : IClassFixture<PlanFixture>
{
    [Fact]
    public async Task Of_sixty_four_who_want_one_reservation_one_gets_it_and_what_he_undoes_is_reserved_again()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "v4", "ipv4_public", "203.0.113.0/24", quarantineSeconds: 600);
        var kept = await ReserveAsync(tenant, "203.0.113.9", "customer X");
        var before = await RowAsync(kept);
        for (var round = 0; round < 3; round++)
        {
            var orders = Enumerable.Range(0, 64).Select(n => Order($"{round}-{n}", kept, n % 2 == 0 ? "203.0.113.9/32" : null)).ToList();
            var answers = await Task.WhenAll(orders.Select(o => TakeAsync(tenant, o)));
            var won = orders.Zip(answers).Single(a => a.Second.Value is not null);
            won.Second.Value!.Network.ToString().ShouldBe("203.0.113.9/32");
            won.Second.Value.State.ShouldBe(AddressState.Allocated);
            answers.Where(a => a.Fault is not null).ShouldAllBe(a => a.Fault!.Code == "ipam.reservation_unknown");
            (await TakeAsync(tenant, won.First)).Value!.ExternalId.ShouldBe(kept.ToString(), "asked twice with one key");

            await fixture.DoAsync(tenant, plan => plan.ReleaseAsync(won.First.Key, won.First.OwnerId, default));
            (await RowAsync(kept)).ShouldBe(before, "as it was");
        }

        (
            await fixture.Database.ScalarAsync<long>(
                "SELECT count(*) FROM ipam_slots WHERE tenant_id = @tenant AND state = 1",
                new { tenant }
            )
        ).ShouldBe(1, "its place was held all the time");
    }

    [Fact]
    public async Task A_reservation_is_used_only_as_it_was_made_and_never_twice()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "v4", "ipv4_public", "203.0.113.0/24");
        await fixture.PoolAsync(tenant, "pd", "ipv6_pd", "2001:db8::/40", length: 56);
        var kept = await ReserveAsync(tenant, "203.0.113.9", "customer X");
        (await TakeAsync(tenant, Order("static", null, "203.0.113.9/32"))).Fault!.Code.ShouldBe(
            "ipam.address_taken",
            "who does not name it"
        );
        (await TakeAsync(tenant, Order("other", kept, "203.0.113.10/32"))).Fault!.Code.ShouldBe("ipam.reservation_other");
        (await TakeAsync(tenant, Order("kind", kept, null, AddressKind.DelegatedPrefix))).Fault!.Code.ShouldBe("ipam.reservation_unknown");
        (await TakeAsync(tenant, Order("none", Guid.NewGuid(), null))).Fault!.Code.ShouldBe("ipam.reservation_unknown");
        var elsewhere = await fixture.TenantAsync();
        (await TakeAsync(elsewhere, Order("tenant", kept, null))).Fault!.Code.ShouldBe("ipam.reservation_unknown");

        var holder = Order("held", null, null);
        (await TakeAsync(tenant, holder)).Value.ShouldNotBeNull();
        (await TakeAsync(tenant, holder with { Key = "more", ReservationId = kept })).Fault!.Code.ShouldBe("ipam.already_held");

        var mine = Guid.NewGuid();
        var personal = await ReserveAsync(tenant, "203.0.113.20", null, mine);
        (await TakeAsync(tenant, Order("thief", personal, null))).Fault!.Code.ShouldBe("ipam.reservation_unknown", "it is another's");
        (await TakeAsync(tenant, Order("owner", personal, null) with { OwnerId = mine })).Value!.ExternalId.ShouldBe(personal.ToString());

        var order = Order("used", kept, null);
        (await TakeAsync(tenant, order)).Value.ShouldNotBeNull();
        await fixture.DoAsync(tenant, plan => plan.MoveAsync(order.OwnerId, AddressKind.Ipv4, AddressState.Active, default));
        await fixture.DoAsync(tenant, plan => plan.ReleaseAsync(order.Key, order.OwnerId, default));
        (await TakeAsync(tenant, Order("again", kept, null))).Fault!.Code.ShouldBe(
            "ipam.reservation_unknown",
            "it was in use: it is spent"
        );

        var late = await ReserveAsync(tenant, "203.0.113.30", "customer Y");
        var user = Order("late", late, null);
        (await TakeAsync(tenant, user)).Value.ShouldNotBeNull();
        await fixture.Database.ExecuteAsync(
            "UPDATE ipam_allocations SET reserved = jsonb_set(reserved, '{expires_at}', to_jsonb(now() - interval '1 second')) WHERE id = @late",
            new { late }
        );
        await fixture.DoAsync(tenant, plan => plan.ReleaseAsync(user.Key, user.OwnerId, default));
        (await RowAsync(late)).ShouldContain("ended", Case.Sensitive, "its time was over");
    }

    [Fact]
    public async Task What_was_kept_for_an_owner_is_kept_again_unless_he_has_another_by_then_or_it_is_on_its_way_out()
    {
        var tenant = await fixture.TenantAsync();
        await fixture.PoolAsync(tenant, "v4", "ipv4_public", "203.0.113.0/24");
        var (line, kept, order) = await ForALineAsync("203.0.113.40");
        await fixture.DoAsync(tenant, plan => plan.ReleaseAsync(order.Key, order.OwnerId, default));
        (await OwnerAsync(kept)).ShouldBe(line);

        (line, kept, order) = await ForALineAsync("203.0.113.41");
        (await TakeAsync(tenant, Order("meanwhile", null, "203.0.113.50/32") with { OwnerId = line })).Value.ShouldNotBeNull();
        await fixture.DoAsync(tenant, plan => plan.ReleaseAsync(order.Key, order.OwnerId, default));
        (await OwnerAsync(kept)).ShouldBeNull("an owner holds one of a kind");

        (line, kept, order) = await ForALineAsync("203.0.113.42");
        await fixture.DoAsync(tenant, plan => plan.MoveAsync(order.OwnerId, AddressKind.Ipv4, AddressState.Revoking, default));
        await fixture.DoAsync(tenant, plan => plan.ReleaseAsync(order.Key, order.OwnerId, default));
        (await OwnerAsync(kept)).ShouldBeNull("who gives it back wants it no more");

        // Reserved for a line, and taken for it by somebody who holds things for the same line.
        async Task<(Guid Line, Guid Kept, AddressOrder Order)> ForALineAsync(string address)
        {
            var owner = Guid.NewGuid();
            var id = await ReserveAsync(tenant, address, null, owner);
            var change = Order(address, null, address + "/32") with { Own = [owner] };
            var stranger = Order("stranger of " + address, null, address + "/32") with { Own = [Guid.NewGuid()] };
            (await TakeAsync(tenant, stranger)).Fault!.Code.ShouldBe("ipam.address_taken");
            (await TakeAsync(tenant, change)).Value!.ExternalId.ShouldBe(id.ToString());
            (await TakeAsync(tenant, change)).Value!.ExternalId.ShouldBe(id.ToString(), "asked twice with one key");
            return (owner, id, change);
        }

        async Task<Guid?> OwnerAsync(Guid id) =>
            await fixture.Database.ScalarAsync<Guid?>(
                "SELECT owner_id FROM ipam_allocations WHERE id = @id AND ended_at IS NULL",
                new { id }
            );
    }

    private static AddressOrder Order(string key, Guid? reservation, string? wanted, AddressKind kind = AddressKind.Ipv4) =>
        new(key, Guid.NewGuid(), "S-" + key, kind, wanted is null ? null : IPNetwork.Parse(wanted), ReservationId: reservation);

    private Task<RoleAnswer<HeldAddress>> TakeAsync(Guid tenant, AddressOrder order) =>
        fixture.DoAsync(tenant, plan => plan.AllocateAsync(order, default));

    private async Task<Guid> ReserveAsync(Guid tenant, string address, string? label, Guid? owner = null) =>
        (
            await fixture.RunAsync<CreateReservation.Command, AddressView>(
                tenant,
                new(new CreateReservation.Body(address, OwnerId: owner, Label: label))
            )
        ).Id;

    private async Task<string> RowAsync(Guid id) =>
        (
            await fixture.Database.QueryAsync<string>(
                """
                SELECT concat_ws(' ', network, state, origin, owner_id, label, key, expires_at, allocated_at, created_by, reserved::text,
                    CASE WHEN ended_at IS NOT NULL THEN 'ended' END) FROM ipam_allocations WHERE id = @id
                """,
                new { id }
            )
        ).Single();
}
