using DotMac.Contracts.External;

namespace DotMac.Network.Pon;

/// <summary>One ONU in the controller's books, with what its OLT is called.</summary>
internal sealed class OnuRow
{
    /// <summary>Of <c>pon_onus u</c>, each by its name: a prepared <c>u.*</c> fails when a migration adds one while the node runs.</summary>
    public const string Columns =
        "u.serial, u.olt_id, u.port, u.device_id, u.onu_number, u.admin, u.oper, u.owner_id, u.label, u.service_vlan, u.inner_vlan, "
        + "u.down_kbps, u.up_kbps, u.distance_m, u.rx_power_dbm, u.tx_power_dbm, u.olt_rx_dbm, u.temperature_c, u.observed_at, "
        + "u.discovered_at, u.activated_at, u.online_since, u.last_down_at, u.last_down_cause, u.changed_at";

    public required string Serial { get; init; }
    public Guid OltId { get; init; }
    public string OltName { get; init; } = "";
    public OltOper OltOper { get; init; }
    public bool Simulated { get; init; } = true;
    public short Port { get; init; }
    public string DeviceId { get; set; } = "";
    public short OnuNumber { get; init; }
    public OnuAdmin Admin { get; set; }
    public OnuOper Oper { get; set; }
    public Guid? OwnerId { get; set; }
    public string? Label { get; set; }
    public short? ServiceVlan { get; set; }
    public short? InnerVlan { get; set; }
    public int? DownKbps { get; set; }
    public int? UpKbps { get; set; }
    public int? DistanceM { get; set; }
    public double? RxPowerDbm { get; set; }
    public double? TxPowerDbm { get; set; }
    public double? OltRxDbm { get; set; }
    public double? TemperatureC { get; set; }
    public DateTimeOffset? ObservedAt { get; set; }
    public DateTimeOffset DiscoveredAt { get; init; }
    public DateTimeOffset? ActivatedAt { get; set; }
    public DateTimeOffset? OnlineSince { get; set; }
    public DateTimeOffset? LastDownAt { get; set; }
    public OnuOper? LastDownCause { get; set; }
    public DateTimeOffset ChangedAt { get; set; }

    public string PonPort => $"pon-{Port}";

    /// <summary>True when it carries exactly this service already, or is down with exactly this one in the books.</summary>
    public bool Carries(OnuOrder order) =>
        Admin == (order.IsUp ? OnuAdmin.Enabled : OnuAdmin.Disabled)
        && OwnerId == order.OwnerId
        && ServiceVlan == order.ServiceVlan
        && InnerVlan == order.InnerVlan
        && DownKbps == order.DownKbps
        && UpKbps == order.UpKbps;

    public OnuState ToState() =>
        new(
            DeviceId,
            Serial,
            OltName,
            PonPort,
            OnuNumber,
            Admin,
            Oper,
            OwnerId,
            ServiceVlan,
            InnerVlan,
            DownKbps,
            UpKbps,
            RxPowerDbm,
            TxPowerDbm,
            ObservedAt,
            Simulated
        );
}
