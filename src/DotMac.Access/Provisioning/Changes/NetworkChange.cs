using System.Net;
using DotMac.Access.NetworkProfiles;
using DotMac.Access.Provisioning.Services;
using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>One address that is to be another one.</summary>
/// <param name="Wanted">This one; null takes the next free one of the pool.</param>
/// <param name="Reservation">What the address plan keeps for it under this id; of a pool none is asked for then.</param>
internal sealed record AddressWish(AddressKind Kind, IPNetwork? Wanted, string? Pool, int? Length, Guid? Reservation = null)
{
    public AddressNeed ToNeed(Ipv6Mode? mode) =>
        new(
            Kind,
            Wanted,
            Pool,
            Kind == AddressKind.Ipv6 ? AddressNeeds.LinkLength(mode)
                : Wanted is null ? Length
                : null,
            Words.Of(Kind),
            Reservation
        );
}

/// <summary>Other VLANs.</summary>
/// <param name="IsQinQ">Null until it is filled in: as the line is.</param>
internal sealed record VlanWish(string? Pool, int? ServiceVlan, int? InnerVlan, bool? IsQinQ);

/// <summary>Another place: what is null stays.</summary>
internal sealed record PlaceWish(
    string? ServiceAddress,
    double? Latitude,
    double? Longitude,
    Guid? SiteId,
    string? CircuitId,
    string? RemoteId
);

/// <summary>What of the subscriber's row a change writes beside the line, to go back to.</summary>
internal sealed record DevicePlace(string? OnuSerial, string? CpeMacAddress, string? ServiceAddress, double? Latitude, double? Longitude)
{
    public static DevicePlace Of(Subscriber subscriber) =>
        new(
            subscriber.OnuSerial,
            subscriber.CpeMacAddress,
            subscriber.ServiceAddress,
            subscriber.ServiceLatitude,
            subscriber.ServiceLongitude
        );
}

/// <summary>Where the addresses of a line were in their life.</summary>
internal sealed record LifeBefore(AddressState Ipv4, AddressState Ipv6);

/// <summary>The ids that other systems have for it, to go back to.</summary>
internal sealed record ForeignIds(string? NetboxIpId, string? VolthaOnuId);

/// <summary>What the steps of a change of network read and write; a new shape is a new version of the definition.</summary>
internal sealed record NetworkChange : IToldOf
{
    public required Guid SubscriberId { get; init; }
    public required string Number { get; init; }

    /// <summary>Holds the new while the line still has the old: an owner holds one of a kind.</summary>
    public required Guid Holder { get; init; }

    /// <summary>As asked; when the run begins what was not said is filled in (<see cref="WishFilling"/>).</summary>
    public IReadOnlyList<AddressWish> Addresses { get; set; } = [];
    public VlanWish? Vlan { get; set; }
    public string? OnuSerial { get; init; }
    public string? CpeMacAddress { get; init; }
    public PlaceWish? Place { get; init; }

    public LineFacts? Before { get; set; }

    /// <summary>Where its addresses were in their life; null of a run that was begun before this was kept.</summary>
    public LifeBefore? LifeBefore { get; set; }
    public ForeignIds? IdsBefore { get; set; }
    public DevicePlace? DevicesBefore { get; set; }
    public ProvisionedPlan? Plan { get; set; }
    public Guid? ServiceId { get; set; }

    /// <summary>The line is suspended with its ONU down: whatever is ordered on an ONU is put in the books, and waits for the resumption.</summary>
    public bool KeepsOnuDown { get; set; }

    /// <summary>It moves with its pair of VLANs, which the plan keeps for it: there from now on.</summary>
    public bool TakesPairAlong { get; set; }

    /// <summary>What it held of the kinds that change.</summary>
    public List<HeldAddress> OldAddresses { get; set; } = [];
    public HeldVlan? OldVlan { get; set; }
    public List<HeldAddress> NewAddresses { get; set; } = [];
    public HeldVlan? NewVlan { get; set; }

    /// <summary>Static addresses that were taken as given.</summary>
    public IReadOnlyList<AddressKind> Bypassed { get; set; } = [];

    /// <summary>What the PON controller answered for the ONU that the line has now.</summary>
    public ProvisionedOnu? NewOnu { get; set; }

    /// <summary>The service's metadata, to go back to.</summary>
    public string? MetadataBefore { get; set; }
    public DateTimeOffset? SessionsAskedAt { get; set; }
    public int Sessions { get; set; }
    public bool HasBegun { get; set; }

    public ServiceEventType Failure() => ServiceEventType.ModificationFailed;

    public string InWords() => string.Join(", ", Changed().Select(InWords));

    private static string InWords(string changed) =>
        changed switch
        {
            "ipv4" => "IPv4 address",
            "ipv6" => "IPv6 address",
            "delegated_prefix" => "delegated prefix",
            "vlan" => "VLAN",
            "onu" => "ONU",
            "cpe" => "router",
            _ => changed,
        };

    /// <summary>The line as it is to be: what it was, with what was allocated.</summary>
    public LineFacts After()
    {
        var facts = OldAddresses.Aggregate(Before!, (line, held) => line.Without(held));
        facts = NewAddresses.Aggregate(facts, (line, held) => line.With(held));
        foreach (var wish in Addresses.Where(w => w.Wanted is null && NewAddresses.Exists(h => h.Kind == w.Kind)))
        {
            facts = wish.Kind switch
            {
                AddressKind.Ipv4 => facts with { Ipv4Pool = wish.Pool ?? facts.Ipv4Pool },
                AddressKind.Ipv6 => facts with { Ipv6Pool = wish.Pool ?? facts.Ipv6Pool },
                _ => facts with { PdPool = wish.Pool ?? facts.PdPool },
            };
        }

        if (NewVlan is { } vlan)
        {
            facts = facts.With(vlan) with
            {
                QinqEnabled = Vlan?.IsQinQ ?? vlan.InnerVlan is not null,
                VlanPool = Vlan?.Pool ?? (Vlan?.ServiceVlan is null ? facts.VlanPool : vlan.Pool),
            };
        }

        return Place is null
            ? facts
            : facts with
            {
                SiteId = Place.SiteId ?? facts.SiteId,
                CircuitId = Place.CircuitId ?? facts.CircuitId,
                RemoteId = Place.RemoteId ?? facts.RemoteId,
            };
    }

    /// <summary>The line with what is named of it: addresses, VLANs, site.</summary>
    public LineFacts Told(LineFacts line)
    {
        foreach (var wish in Addresses.Where(w => w.Wanted is not null))
        {
            line = line.With(new HeldAddress("", SubscriberId, wish.Kind, wish.Wanted!.Value, AddressState.Pending));
        }

        return line with
        {
            ServiceVlan = Vlan is null ? line.ServiceVlan : Vlan.ServiceVlan,
            InnerVlan = Vlan is null ? line.InnerVlan : Vlan.InnerVlan,
            QinqEnabled = Vlan is null ? line.QinqEnabled : Vlan.IsQinQ == true,
            SiteId = Place?.SiteId ?? line.SiteId,
        };
    }

    /// <summary>The families whose addresses change, each with where its new address is to be in its life: where the old one was.</summary>
    /// <param name="suspended">Of a line that held nothing: it is suspended, and its address with it.</param>
    public IEnumerable<(AddressFamilyKind Family, AddressState To)> LifeAfter(bool suspended) =>
        NewAddresses
            .GroupBy(h => h.Kind.Family())
            .Select(g =>
            {
                var now = g.Key == AddressFamilyKind.Ipv4 ? LifeBefore!.Ipv4 : LifeBefore!.Ipv6;
                var old = OldAddresses.Where(o => o.Kind.Family() == g.Key).Select(o => o.State).Prepend(now).FirstOrDefault(IsLiving);
                return (
                    g.Key,
                    IsLiving(old) ? old
                    : suspended ? AddressState.Suspended
                    : AddressState.Active
                );
            });

    public static bool IsLiving(AddressState state) => state is AddressState.Allocated or AddressState.Active or AddressState.Suspended;

    public DevicePlace DevicesAfter() =>
        new(
            OnuSerial ?? DevicesBefore!.OnuSerial,
            CpeMacAddress ?? DevicesBefore!.CpeMacAddress,
            Place?.ServiceAddress ?? DevicesBefore!.ServiceAddress,
            Place?.Latitude ?? DevicesBefore!.Latitude,
            Place?.Longitude ?? DevicesBefore!.Longitude
        );

    /// <summary>The pair of VLANs (Q-in-Q) of a line that goes to another site and changes none.</summary>
    public (int Service, int Inner)? PairOfMove() =>
        Vlan is null
        && Place?.SiteId is { } site
        && site != Before!.SiteId
        && Before is { QinqEnabled: true, ServiceVlan: { } service, InnerVlan: { } inner }
            ? (service, inner)
            : null;

    /// <summary>The VLANs that the plan is asked for: others, or its own pair at another site.</summary>
    public VlanWish? VlanToTake() =>
        Vlan ?? (TakesPairAlong && PairOfMove() is var (service, inner) ? new VlanWish(null, service, inner, IsQinQ: true) : null);

    public bool SwapsOnu => OnuSerial is not null && OnuSerial != DevicesBefore?.OnuSerial;

    /// <summary>The words of what changes.</summary>
    public IReadOnlyList<string> Changed() =>
        [
            .. Addresses.Select(a => Words.Of(a.Kind)),
            .. Vlan is null ? Array.Empty<string>() : ["vlan"],
            .. OnuSerial is null ? Array.Empty<string>() : ["onu"],
            .. CpeMacAddress is null ? Array.Empty<string>() : ["cpe"],
            .. Place is null ? Array.Empty<string>() : ["place"],
        ];
}

/// <summary>
/// The new is allocated before the old is given back, and a failure gives the new back instead. What comes after the line was switched is
/// optional: a NAS that is silent, or old holdings that could not be given back, wait as repair tasks and take nothing away from a line that works.
/// </summary>
internal static class NetworkSaga
{
    public const string Name = "change_network";

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(60);

    private static readonly SagaStep[] Steps =
    [
        SagaStep.Of<VerifyNetwork>("verify_line", "profile"),
        SagaStep.Of<ReadHoldings>("read_holdings", "ipam"),
        SagaStep.Of<TakeAddresses>("allocate_new_addresses", "ipam"),
        SagaStep.Of<TakeVlan>("reserve_new_vlan", "ipam"),
        SagaStep.Of<SwitchLine>("switch_line", "profile"),
        SagaStep.Of<RetireOnu>("retire_old_onu", "pon") with
        {
            Retries = 5,
            Timeout = Slow,
        },
        SagaStep.Of<OrderOnu>("order_onu", "pon") with
        {
            Retries = 5,
            Timeout = Slow,
        },
        SagaStep.Of<SetUpCpe>("configure_cpe", "acs") with
        {
            IsRequired = false,
            Timeout = Slow,
        },
        SagaStep.Of<FinishNetwork>("mark_changed", "subscribers"),
        SagaStep.Of<MoveSessions>("move_sessions", "nas") with
        {
            IsRequired = false,
        },
        SagaStep.Of<AwaitMoves>("await_sessions", "nas") with
        {
            IsRequired = false,
            Retries = 5,
            Backoff = TimeSpan.FromSeconds(0.5),
        },
        SagaStep.Of<GiveBackOld>("release_old", "ipam") with
        {
            IsRequired = false,
            Retries = 8,
        },
    ];

    /// <summary>Runs that were begun when a wish was not filled in from the line, and its addresses' states were not kept.</summary>
    public static readonly SagaDefinition First = SagaDefinition.Of<NetworkChange>(Name, 1, Steps);

    /// <summary>Runs that were begun when a first step that failed was not told.</summary>
    public static readonly SagaDefinition Second = SagaDefinition.Of<NetworkChange>(Name, 2, Steps);

    private static readonly SagaStep[] Told = [TellFailure<NetworkChange>.Step, .. Steps];

    /// <summary>Runs that were begun when a line that moved left its pair of VLANs in the plan of the site before.</summary>
    public static readonly SagaDefinition Third = SagaDefinition.Of<NetworkChange>(Name, 3, Told);

    /// <summary>Runs that could not name a reservation.</summary>
    public static readonly SagaDefinition Fourth = SagaDefinition.Of<NetworkChange>(Name, 4, Told);

    public static readonly SagaDefinition Definition = SagaDefinition.Of<NetworkChange>(Name, 5, Told);
}
