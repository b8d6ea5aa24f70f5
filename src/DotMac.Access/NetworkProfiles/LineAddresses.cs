using System.Net;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Results;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.NetworkProfiles;

/// <summary>
/// Asks the tenant's address plan for a line's addresses and writes the answer to the profile. A plan in our database takes part in the
/// transaction; one that is called over the network is called between two, and what it handed out is found again by its owner.
/// </summary>
internal sealed class LineAddresses(
    AccessDb db,
    UnitOfWork work,
    LineWriter lines,
    Drivers drivers,
    ITenantFlags flags,
    AuditTrail audit,
    TimeProvider clock
)
{
    /// <summary>What came of asking the plan.</summary>
    private sealed record Given(List<HeldAddress> Addresses, RoleFault? Fault, bool IsConfigured = true, bool IsBypassed = false);

    public async Task<AddressStatusView> ShowAsync(Line line, AddressFamilyKind family, CancellationToken ct)
    {
        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        var id = line.Subscriber.Id;
        var held = await CallAsync(plan, () => plan.HeldByAsync(id, ct), ct);
        return AddressStatusView.Of(
            plan.CallsOut ? (await lines.FindAsync(id, ct))! : line,
            family,
            held.IsConfigured ? plan.Driver : "none",
            held.Value?.Addresses ?? [],
            held.Fault
        );
    }

    /// <summary>From pending (or failed) to allocated. What is allocated already stays as it is.</summary>
    public async Task<Result<Line>> AllocateAsync(Line line, AddressFamilyKind family, CancellationToken ct)
    {
        var id = line.Subscriber.Id;
        if (line.Profile is { } stored && stored.StateOf(family) == AddressState.Allocated)
        {
            return line;
        }

        if (line.Profile is { } before && before.StateOf(family) == AddressState.Failed)
        {
            _ = before.Move(family, AddressState.Pending, clock.GetUtcNow());
        }

        var from = line.Profile?.StateOf(family) ?? AddressState.Pending;
        if (!from.MayBecome(AddressState.Allocated))
        {
            return NetworkProfileErrors.TransitionRefused(family, from, AddressState.Allocated);
        }

        var set = await flags.ReadAsync(ct);
        var orders = Orders(line, family, set);
        if (orders.Error is { } refusal)
        {
            return refusal;
        }

        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        var bypass = set.IsOn(TenantFlag.StaticIpBypass);
        var given = plan.CallsOut
            ? await OutsideAsync(() => AskAsync(plan, id, orders.Value, bypass, ct), ct)
            : await AskAsync(plan, id, orders.Value, bypass, ct);
        if (plan.CallsOut)
        {
            line = (await lines.FindAsync(id, ct))!;
        }

        if (given.Fault is { } fault)
        {
            return NetworkProfileErrors.PlanRefused(fault);
        }

        if (!given.IsConfigured && given.Addresses.Count < orders.Value.Count)
        {
            return NetworkProfileErrors.PlanNotConfigured;
        }

        if (await lines.SetAsync(line, With(line.Facts, given.Addresses), ct) is { } taken)
        {
            return taken;
        }

        if (line.Profile!.Move(family, AddressState.Allocated, clock.GetUtcNow()) is { } refused)
        {
            return refused;
        }

        if (given.IsBypassed)
        {
            audit.Note("network_profile.static_ip_bypass", LineWriter.Entity, id.ToString(), after: ProfileText.Of(line.Facts));
        }

        return await lines.SaveAsync(line, ct) is { } error ? error : line;
    }

    /// <summary>Gives what the plan holds back, and takes the addresses out of the profile.</summary>
    public async Task<Result<Line>> RevokeAsync(Line line, AddressFamilyKind family, CancellationToken ct)
    {
        var id = line.Subscriber.Id;
        if (line.Profile is not { } profile)
        {
            return NetworkProfileErrors.NotFound;
        }

        if (profile.StateOf(family) == AddressState.Revoked)
        {
            return line;
        }

        if (profile.StateOf(family) != AddressState.Revoking)
        {
            if (profile.Move(family, AddressState.Revoking, clock.GetUtcNow()) is { } refused)
            {
                return refused;
            }

            if (await lines.SaveAsync(line, ct) is { } error)
            {
                return error;
            }
        }

        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        var fault = await CallAsync(plan, () => ReleaseAsync(plan, id, family, ct), ct);
        if (plan.CallsOut)
        {
            line = (await lines.FindAsync(id, ct))!;
        }

        if (fault is not null)
        {
            // It stays "revoking": asked again it goes on from there.
            work.KeepsOnRefusal = true;
            return NetworkProfileErrors.PlanRefused(fault);
        }

        line.ClearAddresses(family);
        return line.Profile!.Move(family, AddressState.Revoked, clock.GetUtcNow()) is { } impossible ? impossible
            : await lines.SaveAsync(line, ct) is { } lost ? lost
            : line;
    }

    /// <summary>Moves the profile's state, and the plan's where it holds something.</summary>
    public async Task<Result<Line>> MoveAsync(Line line, AddressFamilyKind family, AddressState from, AddressState to, CancellationToken ct)
    {
        var id = line.Subscriber.Id;
        if (line.Profile is not { } profile)
        {
            return NetworkProfileErrors.NotFound;
        }

        // "Activate" is not "resume": a suspended address is not to wake because somebody activates it once more.
        if (profile.StateOf(family) is var now && now != to && now != from)
        {
            return NetworkProfileErrors.TransitionRefused(family, now, to);
        }

        if (profile.Move(family, to, clock.GetUtcNow()) is { } refused)
        {
            return refused;
        }

        if (await lines.SaveAsync(line, ct) is { } error)
        {
            return error;
        }

        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        var fault = await CallAsync(plan, () => FollowAsync(plan, id, family, to, ct), ct);
        return fault is null ? line : NetworkProfileErrors.PlanRefused(fault);
    }

    private Result<List<AddressOrder>> Orders(Line line, AddressFamilyKind family, TenantFlags set)
    {
        var facts = line.Facts;
        var attempt = Guid.CreateVersion7(clock.GetUtcNow());
        if (family == AddressFamilyKind.Ipv4)
        {
            return new List<AddressOrder> { Order(AddressKind.Ipv4, Whole(facts.StaticIpv4), facts.Ipv4Pool, null) };
        }

        var orders = new List<AddressOrder>();
        if (facts.Ipv6Mode is Ipv6Mode.Stateful or Ipv6Mode.Slaac or Ipv6Mode.DualStack)
        {
            var own = Whole(facts.StaticIpv6) ?? facts.Ipv6Prefix;
            orders.Add(Order(AddressKind.Ipv6, own, facts.Ipv6Pool, null));
        }

        if (facts.Ipv6Mode is Ipv6Mode.Pd or Ipv6Mode.DualStack && set.IsOn(TenantFlag.Ipv6Pd))
        {
            orders.Add(Order(AddressKind.DelegatedPrefix, facts.DelegatedIpv6Prefix, facts.PdPool, facts.Ipv6PdSize));
        }

        return orders.Count > 0 ? orders
            : facts.Ipv6Mode == Ipv6Mode.Pd ? NetworkProfileErrors.PdSwitchedOff
            : NetworkProfileErrors.NoIpv6Mode;

        AddressOrder Order(AddressKind kind, IPNetwork? wanted, string? pool, int? length) =>
            new(
                $"line/{line.Subscriber.Id:N}/{Words.Of(kind)}/{attempt:N}",
                line.Subscriber.Id,
                line.Subscriber.SubscriberNumber,
                kind,
                wanted,
                pool,
                length,
                facts.SiteId
            );
    }

    /// <summary>Whatever the plan holds for the owner already is taken; only the rest is asked for.</summary>
    private static async Task<Given> AskAsync(IAddressPlan plan, Guid owner, List<AddressOrder> orders, bool bypass, CancellationToken ct)
    {
        var known = await plan.HeldByAsync(owner, ct);
        if (known.Fault is { } silent)
        {
            return new([], silent);
        }

        var given = new List<HeldAddress>();
        var isBypassed = false;
        foreach (var order in orders)
        {
            var held = known.Value?.Addresses.FirstOrDefault(a => a.Kind == order.Kind && a.State != AddressState.Revoked);
            if (held is not null && (order.Wanted is null || order.Wanted == held.Network))
            {
                given.Add(held);
                continue;
            }

            var answer = known.IsConfigured ? await plan.AllocateAsync(order, ct) : RoleAnswer<HeldAddress>.NotConfigured;
            // A static address is only told to the plan: that no pool of it has room for such an address is no refusal. That it is somebody
            // else's is one.
            var isTold = order.Wanted is not null && bypass && (!answer.IsConfigured || answer.Fault?.Code == "ipam.pool_unknown");
            if (isTold)
            {
                isBypassed = true;
                given.Add(new HeldAddress(order.Key, owner, order.Kind, order.Wanted!.Value, AddressState.Allocated));
            }
            else if (answer.Fault is { } fault)
            {
                return new(given, fault);
            }
            else if (answer.Value is { } address)
            {
                // A static address that lies in no pool: the plan knows of it and vouches for nothing.
                if (order.Wanted is not null && address.Pool is null && !bypass)
                {
                    await plan.ReleaseAsync(order.Key, owner, ct);
                    return new(
                        given,
                        new RoleFault("ipam.pool_unknown", $"{order.Wanted} lies in no pool, and ENABLE_STATIC_IP_BYPASS is off.")
                    );
                }

                isBypassed |= order.Wanted is not null && address.Pool is null;
                given.Add(address);
            }
        }

        return new(given, null, known.IsConfigured, isBypassed);
    }

    private static async Task<RoleFault?> ReleaseAsync(IAddressPlan plan, Guid owner, AddressFamilyKind family, CancellationToken ct)
    {
        var known = await plan.HeldByAsync(owner, ct);
        foreach (var held in (known.Value?.Addresses ?? []).Where(a => a.Kind == AddressKind.Ipv4 == (family == AddressFamilyKind.Ipv4)))
        {
            if ((await plan.ReleaseAsync(held.Key, owner, ct)).Fault is { } fault)
            {
                return fault;
            }
        }

        return known.Fault;
    }

    private static async Task<RoleFault?> FollowAsync(
        IAddressPlan plan,
        Guid owner,
        AddressFamilyKind family,
        AddressState to,
        CancellationToken ct
    )
    {
        var known = await plan.HeldByAsync(owner, ct);
        foreach (var held in (known.Value?.Addresses ?? []).Where(a => a.Kind == AddressKind.Ipv4 == (family == AddressFamilyKind.Ipv4)))
        {
            if (held.State != to && (await plan.MoveAsync(owner, held.Kind, to, ct)).Fault is { } fault)
            {
                return fault;
            }
        }

        return known.Fault;
    }

    private static LineFacts With(LineFacts facts, List<HeldAddress> given)
    {
        foreach (var address in given)
        {
            var isOne = address.Network.PrefixLength == address.Network.BaseAddress.GetAddressBytes().Length * 8;
            facts = (address.Kind, isOne) switch
            {
                (AddressKind.Ipv4, _) => facts with { StaticIpv4 = address.Network.BaseAddress },
                (AddressKind.DelegatedPrefix, _) => facts with
                {
                    DelegatedIpv6Prefix = address.Network,
                    Ipv6PdSize = address.Network.PrefixLength,
                },
                (_, true) => facts with { StaticIpv6 = address.Network.BaseAddress },
                _ => facts with { Ipv6Prefix = address.Network },
            };
        }

        return facts;
    }

    private static IPNetwork? Whole(IPAddress? address) =>
        address is null ? null : new IPNetwork(address, address.GetAddressBytes().Length * 8);

    private Task<T> CallAsync<T>(IAddressPlan plan, Func<Task<T>> call, CancellationToken ct) =>
        plan.CallsOut ? OutsideAsync(call, ct) : call();

    /// <summary>With no transaction open; afterwards the entities are read anew, in a new one.</summary>
    private async Task<T> OutsideAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        var result = await work.OutsideAsync(call, ct);
        db.ChangeTracker.Clear();
        await db.Database.UseTransactionAsync(null, ct);
        db.Database.SetDbConnection(work.Connection);
        await db.Database.UseTransactionAsync(work.Transaction, ct);
        return result;
    }
}
