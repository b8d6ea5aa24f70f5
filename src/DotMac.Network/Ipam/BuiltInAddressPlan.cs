using System.Net;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;

namespace DotMac.Network.Ipam;

/// <summary>The address plan in our own database. It works in the caller's transaction: what is rolled back was never handed out.</summary>
internal sealed class BuiltInAddressPlan(AddressBook book, KeptBook kept, UnitOfWork work, IpamMetrics metrics) : IAddressPlan
{
    private static readonly RoleFault EndedMeanwhile = new("ipam.not_held", "It was given back at this very moment.", MayPass: true);

    public string Driver => "built-in";

    public bool CallsOut => false;

    public async Task<RoleAnswer<HeldAddress>> AllocateAsync(AddressOrder order, CancellationToken ct)
    {
        var (answer, taken) = await TryAsync(order, ct);
        if (taken is not null)
        {
            metrics.Allocated(taken);
        }

        return answer;
    }

    public Task<RoleAnswer<HeldAddress>> PreviewAsync(AddressOrder order, CancellationToken ct) =>
        TakenBackAsync(async () => (await TryAsync(order, ct)).Answer, ct);

    public Task<RoleAnswer<HeldVlan>> PreviewVlanAsync(VlanOrder order, CancellationToken ct) =>
        TakenBackAsync(() => ReserveVlanAsync(order, ct), ct);

    /// <summary>Does it, and takes it back at once: what would have been answered.</summary>
    private async Task<T> TakenBackAsync<T>(Func<Task<T>> attempt, CancellationToken ct)
    {
        await work.Transaction.SaveAsync("preview", ct);
        var answer = await attempt();
        await work.Transaction.RollbackAsync("preview", ct);
        return answer;
    }

    /// <summary>The answer, and the row when it was newly taken.</summary>
    private async Task<(RoleAnswer<HeldAddress> Answer, AllocationRow? Taken)> TryAsync(AddressOrder order, CancellationToken ct)
    {
        if (order.Wanted is { } wanted && AddressRules.Unfit(order.Kind, wanted) is { } unfit)
        {
            return (new RoleFault("ipam.address_unfit", $"{wanted}: {unfit}"), null);
        }

        var ask = new Ask(
            order.Key,
            order.OwnerId,
            order.Label,
            order.Kind,
            order.Wanted,
            order.Pool,
            order.PrefixLength,
            order.SiteId,
            order.Wanted is null ? AllocationOrigin.Pool : AllocationOrigin.Static,
            ReservationId: order.ReservationId,
            At: order.At
        );
        if (order.Own is { Count: > 0 } own && (order.Wanted is not null || order.ReservationId is not null))
        {
            await book.UseReservedAsync(ask, own, ct);
        }

        var (said, row) = await book.TakeAsync(ask, ct);
        if (said.Outcome is not ("ok" or "known"))
        {
            return (AddressRules.Fault(said, order.Kind, order.Wanted, order.Pool, order.PrefixLength), null);
        }

        return row is null ? (EndedMeanwhile, null) : (row.ToHeld(), said.Outcome == "ok" ? row : null);
    }

    public async Task<RoleAnswer<Acknowledged>> ReleaseAsync(string key, Guid ownerId, CancellationToken ct)
    {
        await book.ReleaseKeyAsync(key, ownerId, ct);
        return Acknowledged.Instance;
    }

    public Task<RoleAnswer<Acknowledged>> HandOverAsync(string key, Guid fromOwner, Guid toOwner, string label, CancellationToken ct) =>
        HandedOverAsync(book.HandOverAsync(key, fromOwner, toOwner, label, ct));

    public Task<RoleAnswer<Acknowledged>> HandOverVlanAsync(string key, Guid fromOwner, Guid toOwner, string label, CancellationToken ct) =>
        HandedOverAsync(book.HandOverVlanAsync(key, fromOwner, toOwner, label, ct));

    private static async Task<RoleAnswer<Acknowledged>> HandedOverAsync(Task<string> doing) =>
        await doing switch
        {
            "ok" => Acknowledged.Instance,
            "held" => new RoleFault("ipam.already_held", "The new owner holds another of its kind. Release that first."),
            _ => new RoleFault("ipam.not_held", "Nothing is held under this key."),
        };

    /// <summary>All in one statement; where one does not go, each by itself, for its reason.</summary>
    public async Task<RoleAnswer<Acknowledged>> MoveAllAsync(
        Guid ownerId,
        IReadOnlyList<AddressKind> kinds,
        AddressState to,
        CancellationToken ct
    )
    {
        var moved = to == AddressState.Revoked ? [] : await book.MovedAsync(ownerId, kinds, to, ct);
        foreach (var kind in kinds.Where(k => moved.TrueForAll(m => m.Kind != k)))
        {
            if ((await MoveAsync(ownerId, kind, to, ct)).Fault is { } fault)
            {
                return fault;
            }
        }

        return Acknowledged.Instance;
    }

    public async Task<RoleAnswer<HeldAddress>> MoveAsync(Guid ownerId, AddressKind kind, AddressState to, CancellationToken ct)
    {
        if (to != AddressState.Revoked && await book.MovedAsync(ownerId, [kind], to, ct) is [var moved])
        {
            return moved.ToHeld();
        }

        // It ends, or it did not go: what stands there says why.
        var row = await book.HeldAsync(ownerId, kind, ct);
        if (row is null)
        {
            return new RoleFault("ipam.not_held", "The owner holds nothing of this kind.");
        }

        if (to != AddressState.Revoked || !row.State.MayBecome(to))
        {
            // Somebody else moved it in between when it may go now.
            return new RoleFault(
                "ipam.transition_refused",
                $"{row.Network} is {Words.Of(row.State)} and cannot become {Words.Of(to)}.",
                MayPass: row.State.MayBecome(to)
            );
        }

        await book.ReleaseAsync(row.Id, ct);
        return row.ToHeld() with { State = to };
    }

    public async Task<RoleAnswer<HeldVlan>> ReserveVlanAsync(VlanOrder order, CancellationToken ct)
    {
        if (order.ServiceVlan is < 1 or > 4094 || order.InnerVlan is < 1 or > 4094)
        {
            return new RoleFault("ipam.vlan_unfit", "VLANs are 1 to 4094.");
        }

        if (await kept.OwnPairAsync(order, ct) is { } own)
        {
            return own.ToHeld();
        }

        var (said, row) = await book.TakeVlanAsync(order, ct);
        return said.Outcome is not ("ok" or "known") ? AddressRules.VlanFault(said, order)
            : row is null ? EndedMeanwhile
            : row.ToHeld();
    }

    public async Task<RoleAnswer<Acknowledged>> ReleaseVlanAsync(string key, Guid ownerId, CancellationToken ct)
    {
        await book.ReleaseVlanKeyAsync(key, ownerId, ct);
        return Acknowledged.Instance;
    }

    public async Task<RoleAnswer<Acknowledged>> MoveVlanAsync(
        IReadOnlyList<Guid> owners,
        int service,
        int inner,
        Guid? from,
        Guid? site,
        CancellationToken ct
    )
    {
        if (await kept.OwnPairAsync(owners, service, inner, from, ct) is not { } held)
        {
            return Acknowledged.Instance;
        }

        var order = new VlanOrder(held.Key, held.OwnerId, held.Label, Pool: null, IsQinQ: true, service, inner, site, owners);
        if (await kept.OwnPairAsync(order, ct) is not null)
        {
            return Acknowledged.Instance;
        }

        // An owner holds one: it lets go of the old place first, and has it again when it is refused the new one.
        await work.Transaction.SaveAsync("move", ct);
        await book.ReleaseVlanAsync(held.Id, ct);
        var moved = await ReserveVlanAsync(order, ct);
        if (moved.Fault is not { } fault)
        {
            return Acknowledged.Instance;
        }

        await work.Transaction.RollbackAsync("move", ct);
        return fault;
    }

    public async Task<RoleAnswer<Holdings>> HeldByAsync(Guid ownerId, CancellationToken ct) =>
        (await HoldingsAsync([ownerId], ct)).Single();

    public async Task<RoleAnswer<IReadOnlyList<Holdings>>> ListHeldAsync(Guid? afterOwner, int limit, CancellationToken ct) =>
        await HoldingsAsync(await book.OwnersAsync(afterOwner, limit, ct), ct);

    public async Task<RoleAnswer<KeptForOther?>> KeptForOthersAsync(IPNetwork network, IReadOnlyList<Guid> owners, CancellationToken ct) =>
        await kept.NetworkAsync(network, owners, ct);

    public async Task<RoleAnswer<KeptForOther?>> VlanKeptForOthersAsync(
        int service,
        int inner,
        Guid? site,
        IReadOnlyList<Guid> owners,
        CancellationToken ct
    ) => await kept.PairAsync(service, inner, site, owners, ct);

    private async Task<List<Holdings>> HoldingsAsync(List<Guid> owners, CancellationToken ct)
    {
        const string Which =
            "WHERE a.tenant_id = current_tenant() AND a.owner_id = ANY (@owners) AND a.ended_at IS NULL ORDER BY a.allocated_at";
        var values = new { owners = owners.ToArray() };
        var addresses = (await book.ListAsync(Which, values, ct)).ToLookup(a => a.OwnerId, a => a.ToHeld());
        var vlans = (await book.ListVlansAsync(Which, values, ct)).ToLookup(a => a.OwnerId, a => a.ToHeld());
        return [.. owners.Select(o => new Holdings(o, [.. addresses[o]], [.. vlans[o]]))];
    }
}
