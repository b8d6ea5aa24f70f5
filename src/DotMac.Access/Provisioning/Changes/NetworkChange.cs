using System.Net;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>One address that is to be another one.</summary>
/// <param name="Wanted">This one; null takes the next free one of the pool.</param>
internal sealed record AddressWish(AddressKind Kind, IPNetwork? Wanted, string? Pool, int? Length);

/// <summary>Other VLANs.</summary>
internal sealed record VlanWish(string? Pool, int? ServiceVlan, int? InnerVlan, bool IsQinQ);

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
internal sealed record DevicePlace(string? OnuSerial, string? CpeMacAddress, string? ServiceAddress, double? Latitude, double? Longitude);

/// <summary>What the steps of a change of network read and write; a new shape is a new version of the definition.</summary>
internal sealed record NetworkChange
{
    public required Guid SubscriberId { get; init; }
    public required string Number { get; init; }

    /// <summary>Holds the new while the line still has the old: an owner holds one of a kind.</summary>
    public required Guid Holder { get; init; }
    public IReadOnlyList<AddressWish> Addresses { get; init; } = [];
    public VlanWish? Vlan { get; init; }
    public string? OnuSerial { get; init; }
    public string? CpeMacAddress { get; init; }
    public PlaceWish? Place { get; init; }

    public LineFacts? Before { get; set; }
    public DevicePlace? DevicesBefore { get; set; }
    public ProvisionedPlan? Plan { get; set; }
    public Guid? ServiceId { get; set; }

    /// <summary>The line is suspended with its ONU down: whatever is ordered on an ONU is put in the books, and waits for the resumption.</summary>
    public bool KeepsOnuDown { get; set; }

    /// <summary>What it held of the kinds that change.</summary>
    public List<HeldAddress> OldAddresses { get; set; } = [];
    public HeldVlan? OldVlan { get; set; }
    public List<HeldAddress> NewAddresses { get; set; } = [];
    public HeldVlan? NewVlan { get; set; }
    public bool OldOnuRemoved { get; set; }

    /// <summary>The service's metadata, to go back to.</summary>
    public string? MetadataBefore { get; set; }
    public DateTimeOffset? SessionsAskedAt { get; set; }
    public int Sessions { get; set; }

    /// <summary>The line as it is to be: what it was, with what was allocated.</summary>
    public LineFacts After()
    {
        var facts = Before!;
        foreach (var held in NewAddresses)
        {
            facts = held.Kind switch
            {
                AddressKind.Ipv4 => facts with { StaticIpv4 = held.Network.BaseAddress, Ipv4Netmask = null },
                AddressKind.Ipv6 when held.Network.PrefixLength == 128 => facts with { StaticIpv6 = held.Network.BaseAddress },
                AddressKind.Ipv6 => facts with { Ipv6Prefix = held.Network },
                _ => facts with { DelegatedIpv6Prefix = held.Network, Ipv6PdSize = held.Network.PrefixLength },
            };
        }

        if (NewVlan is { } vlan)
        {
            facts = facts with { ServiceVlan = vlan.ServiceVlan, InnerVlan = vlan.InnerVlan, QinqEnabled = vlan.InnerVlan is not null };
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

    public DevicePlace DevicesAfter() =>
        new(
            OnuSerial ?? DevicesBefore!.OnuSerial,
            CpeMacAddress ?? DevicesBefore!.CpeMacAddress,
            Place?.ServiceAddress ?? DevicesBefore!.ServiceAddress,
            Place?.Latitude ?? DevicesBefore!.Latitude,
            Place?.Longitude ?? DevicesBefore!.Longitude
        );

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

    public static readonly SagaDefinition Definition = SagaDefinition.Of<NetworkChange>(
        Name,
        1,
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
        }
    );
}
