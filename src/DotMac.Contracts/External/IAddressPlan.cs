using System.Net;

namespace DotMac.Contracts.External;

/// <summary>What an address plan hands out. Stored numbers only grow.</summary>
public enum AddressKind
{
    /// <summary>One IPv4 address (/32).</summary>
    Ipv4 = 0,

    /// <summary>One IPv6 address (/128) or the /64 of the WAN link, as the pool says.</summary>
    Ipv6 = 1,

    /// <summary>A delegated IPv6 prefix (RFC 8415 IA_PD), /48 to /64.</summary>
    DelegatedPrefix = 2,
}

/// <summary>The life of an allocated address, v4 and v6 alike. Stored numbers only grow.</summary>
public enum AddressState
{
    Pending = 0,
    Allocated = 1,
    Active = 2,
    Suspended = 3,
    Revoking = 4,
    Revoked = 5,
    Failed = 6,
}

/// <summary>One address or prefix wanted for one owner.</summary>
/// <param name="Key">Asked twice with one key, the plan answers with the same allocation and makes no second one.</param>
/// <param name="OwnerId">Who holds it: a subscriber. One owner holds at most one live allocation of each kind.</param>
/// <param name="Label">For people: the subscriber's number.</param>
/// <param name="Wanted">This one and no other (static); null takes the next free one of the pool.</param>
/// <param name="Pool">Name of the pool; null takes the pool that serves the kind and site by default.</param>
/// <param name="PrefixLength">
/// For a delegated prefix: 48–64. For IPv6 without a named pool: 64 for the link's prefix, 128 for an address. Null takes the pool's.
/// </param>
/// <param name="ReservationId">
/// What was kept under this id, and nothing else; it is used up by it. Given back before it was ever in use, it is the reservation again.
/// </param>
/// <param name="Own">Who else holds things for the same line. What is reserved for one of them is used up where it is named, by id or as <paramref name="Wanted"/>.</param>
/// <param name="At">Of a preview: when it will be asked for. Null: now.</param>
public sealed record AddressOrder(
    string Key,
    Guid OwnerId,
    string Label,
    AddressKind Kind,
    IPNetwork? Wanted = null,
    string? Pool = null,
    int? PrefixLength = null,
    Guid? SiteId = null,
    Guid? ReservationId = null,
    IReadOnlyList<Guid>? Own = null,
    DateTimeOffset? At = null
);

/// <summary>What an owner holds.</summary>
/// <param name="Network">The address as /32 or /128, or the prefix.</param>
/// <param name="Gateway">Of the pool, when it has one.</param>
/// <param name="ExternalId">The plan's own id of it (NetBox's ip address id, for example).</param>
public sealed record HeldAddress(
    string Key,
    Guid OwnerId,
    AddressKind Kind,
    IPNetwork Network,
    AddressState State,
    string? Pool = null,
    IPAddress? Gateway = null,
    string? ExternalId = null
);

/// <summary>A service VLAN, with the customer VLAN inside it for Q-in-Q.</summary>
/// <param name="Key">Asked twice with one key, the plan answers with the same VLAN.</param>
/// <param name="Pool">Name of a VLAN pool; null with <paramref name="ServiceVlan"/> given means the plan is only told.</param>
/// <param name="ServiceVlan">1–4094, outer; null takes what the pool gives.</param>
/// <param name="InnerVlan">1–4094; null takes the next free one when <paramref name="IsQinQ"/>.</param>
/// <param name="Own">Who else holds things for the same line. A pair that is named and that one of them holds where it is wanted is the answer: nothing is taken. What rests after one of them is taken again.</param>
public sealed record VlanOrder(
    string Key,
    Guid OwnerId,
    string Label,
    string? Pool,
    bool IsQinQ,
    int? ServiceVlan = null,
    int? InnerVlan = null,
    Guid? SiteId = null,
    IReadOnlyList<Guid>? Own = null
);

/// <param name="SiteId">Where it is kept apart from others; null: in the whole tenant.</param>
public sealed record HeldVlan(
    string Key,
    Guid OwnerId,
    int ServiceVlan,
    int? InnerVlan,
    string? Pool,
    string? ExternalId = null,
    Guid? SiteId = null
);

/// <summary>The role of the IPAM: who has which address, prefix and VLAN. Drivers: <c>built-in</c>, later NetBox.</summary>
public interface IAddressPlan : IExternalRole
{
    /// <summary>Faults: <c>ipam.pool_exhausted</c>, <c>ipam.address_taken</c>, <c>ipam.pool_unknown</c>, <c>ipam.already_held</c>,
    /// <c>ipam.reservation_unknown</c>, <c>ipam.reservation_other</c>.</summary>
    Task<RoleAnswer<HeldAddress>> AllocateAsync(AddressOrder order, CancellationToken ct);

    /// <summary>What <see cref="AllocateAsync"/> would answer now. Nothing is kept: somebody else may be quicker.</summary>
    Task<RoleAnswer<HeldAddress>> PreviewAsync(AddressOrder order, CancellationToken ct);

    /// <summary>What <see cref="ReserveVlanAsync"/> would answer now; nothing is kept.</summary>
    Task<RoleAnswer<HeldVlan>> PreviewVlanAsync(VlanOrder order, CancellationToken ct);

    /// <summary>Gives back what the key took; what was never taken, or is back already, is done. The address rests for the pool's quarantine.</summary>
    Task<RoleAnswer<Acknowledged>> ReleaseAsync(string key, Guid ownerId, CancellationToken ct);

    /// <summary>
    /// Makes what the key took another owner's, who must hold nothing else of its kind: so a new address is held beside the old one by the change
    /// itself, and becomes the line's when the old one is given back. Being there already is done. Faults: <c>ipam.not_held</c>, <c>ipam.already_held</c>.
    /// </summary>
    Task<RoleAnswer<Acknowledged>> HandOverAsync(string key, Guid fromOwner, Guid toOwner, string label, CancellationToken ct);

    /// <summary>As <see cref="HandOverAsync"/>, of a VLAN.</summary>
    Task<RoleAnswer<Acknowledged>> HandOverVlanAsync(string key, Guid fromOwner, Guid toOwner, string label, CancellationToken ct);

    /// <summary>Moves the lifecycle of what an owner holds. Fault <c>ipam.transition_refused</c>.</summary>
    Task<RoleAnswer<HeldAddress>> MoveAsync(Guid ownerId, AddressKind kind, AddressState to, CancellationToken ct);

    /// <summary>The same for several kinds, of which the first that is refused stops the rest: what was moved before it stays moved.</summary>
    async Task<RoleAnswer<Acknowledged>> MoveAllAsync(Guid ownerId, IReadOnlyList<AddressKind> kinds, AddressState to, CancellationToken ct)
    {
        foreach (var kind in kinds)
        {
            var moved = await MoveAsync(ownerId, kind, to, ct);
            if (moved.Fault is { } fault)
            {
                return fault;
            }

            if (!moved.IsConfigured)
            {
                return RoleAnswer<Acknowledged>.NotConfigured;
            }
        }

        return Acknowledged.Instance;
    }

    /// <summary>Faults: <c>ipam.vlan_pool_exhausted</c>, <c>ipam.vlan_taken</c>, <c>ipam.vlan_pool_unknown</c>.</summary>
    Task<RoleAnswer<HeldVlan>> ReserveVlanAsync(VlanOrder order, CancellationToken ct);

    Task<RoleAnswer<Acknowledged>> ReleaseVlanAsync(string key, Guid ownerId, CancellationToken ct);

    /// <summary>
    /// Keeps a pair that one of these owners holds at another site from now on (null: in the whole tenant), under its key; what none of them holds, or
    /// what is kept there already, is done. Refused, all is as before. Faults as of <see cref="ReserveVlanAsync"/>. Of a plan in our database.
    /// </summary>
    /// <param name="from">Where the line was: what is held there is meant before what is held elsewhere.</param>
    Task<RoleAnswer<Acknowledged>> MoveVlanAsync(
        IReadOnlyList<Guid> owners,
        int service,
        int inner,
        Guid? from,
        Guid? site,
        CancellationToken ct
    ) => Task.FromResult(RoleAnswer<Acknowledged>.NotConfigured);

    /// <summary>What the plan knows an owner to hold: addresses and VLANs.</summary>
    Task<RoleAnswer<Holdings>> HeldByAsync(Guid ownerId, CancellationToken ct);

    /// <summary>
    /// What it keeps for somebody else of a network, around it or inside it, in the VRF where it would be told of it; what these owners
    /// have, and what is reserved for them, is not meant. Null when there is nothing. Of a plan in our database; one outside answers when it is asked for the address.
    /// </summary>
    Task<RoleAnswer<KeptForOther?>> KeptForOthersAsync(IPNetwork network, IReadOnlyList<Guid> owners, CancellationToken ct) =>
        Task.FromResult<RoleAnswer<KeptForOther?>>(RoleAnswer<KeptForOther?>.NotConfigured);

    /// <summary>The same of a pair of VLANs at a site, or at any when none is named.</summary>
    Task<RoleAnswer<KeptForOther?>> VlanKeptForOthersAsync(
        int service,
        int inner,
        Guid? site,
        IReadOnlyList<Guid> owners,
        CancellationToken ct
    ) => Task.FromResult<RoleAnswer<KeptForOther?>>(RoleAnswer<KeptForOther?>.NotConfigured);

    /// <summary>Everything held by subscribers, for reconciliation; pages by owner id.</summary>
    Task<RoleAnswer<IReadOnlyList<Holdings>>> ListHeldAsync(Guid? afterOwner, int limit, CancellationToken ct);
}

/// <param name="What">The address, prefix or pair.</param>
/// <param name="Label">For people: whose it is.</param>
/// <param name="Id">Under which the plan has it.</param>
/// <param name="IsReserved">It is kept for a time, and not in use.</param>
public sealed record KeptForOther(string What, string Label, Guid Id, bool IsReserved);

public sealed record Holdings(Guid OwnerId, IReadOnlyList<HeldAddress> Addresses, IReadOnlyList<HeldVlan> Vlans);
