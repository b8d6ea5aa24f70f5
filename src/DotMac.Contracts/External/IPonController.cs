namespace DotMac.Contracts.External;

/// <summary>The service an ONU is to carry.</summary>
/// <param name="Key">Asked twice with one key, the controller acts once.</param>
/// <param name="Serial">Four letters of the vendor and eight hexadecimal digits (ITU-T G.984.3), upper case: <c>ALCL12345678</c>.</param>
/// <param name="ServiceVlan">Outer tag, 1–4094.</param>
/// <param name="InnerVlan">Inner tag of Q-in-Q; null for a single tag.</param>
/// <param name="IsUp">False: it becomes the owner's with tags and rates, and stays down until it is enabled; one that is up goes down.</param>
public sealed record OnuOrder(
    string Key,
    string Serial,
    Guid OwnerId,
    string Label,
    int? ServiceVlan,
    int? InnerVlan,
    int DownKbps,
    int UpKbps,
    bool IsUp = true
);

/// <summary>How an ONU stands in the controller's books (Applied). Stored numbers only grow.</summary>
public enum OnuAdmin
{
    /// <summary>Seen on the fibre, belongs to nobody.</summary>
    Discovered = 0,
    Enabled = 1,
    Disabled = 2,
}

/// <summary>What the fibre shows (Observed). Stored numbers only grow.</summary>
public enum OnuOper
{
    Unknown = 0,
    Activating = 1,
    Online = 2,

    /// <summary>Loss of signal: the fibre, likely.</summary>
    LossOfSignal = 3,

    /// <summary>Dying gasp: power was cut at the customer's.</summary>
    DyingGasp = 4,
    Offline = 5,
}

/// <summary>One ONU as the controller knows it. Optical levels in dBm at <paramref name="ObservedAt"/>.</summary>
/// <param name="Id">The controller's own id; may change when an OLT restarts, so the serial is what identifies an ONU.</param>
/// <param name="IsSimulated">True wherever a simulated OLT answers: shown on every screen.</param>
public sealed record OnuState(
    string Id,
    string Serial,
    string OltName,
    string PonPort,
    int? OnuNumber,
    OnuAdmin Admin,
    OnuOper Oper,
    Guid? OwnerId,
    int? ServiceVlan,
    int? InnerVlan,
    int? DownKbps,
    int? UpKbps,
    double? RxPowerDbm,
    double? TxPowerDbm,
    DateTimeOffset? ObservedAt,
    bool IsSimulated
);

/// <summary>The role of whoever commands the OLTs. Drivers: <c>simulated</c>, <c>none</c>, later VOLTHA.</summary>
public interface IPonController : IExternalRole
{
    /// <summary>
    /// Makes the ONU carry the service, or keeps it down with the service in the books; one that is so already is left alone. Faults: <c>pon.onu_unknown</c> (not seen on any port),
    /// <c>pon.onu_taken</c>, <c>pon.vlan_taken</c>, <c>pon.olt_unreachable</c> (may pass).
    /// </summary>
    Task<RoleAnswer<OnuState>> ActivateAsync(OnuOrder order, CancellationToken ct);

    /// <summary>Takes the service off (the flows go, the ONU is disabled) or brings it back; VLANs and rates stay in the books.</summary>
    Task<RoleAnswer<OnuState>> SetEnabledAsync(string key, string serial, bool enabled, CancellationToken ct);

    /// <summary>Forgets the ONU: it is discovered again by its light. One that is unknown or free already is done.</summary>
    Task<RoleAnswer<Acknowledged>> RemoveAsync(string key, string serial, Guid ownerId, CancellationToken ct);

    /// <summary>Starts the ONU anew. Faults: <c>pon.onu_unknown</c>, <c>pon.onu_not_reachable</c>.</summary>
    Task<RoleAnswer<OnuState>> RebootAsync(string key, string serial, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<OnuState>.NotConfigured);

    /// <summary>Null value when no port has seen the serial.</summary>
    Task<RoleAnswer<OnuState?>> FindAsync(string serial, CancellationToken ct);

    /// <summary>ONUs that belong to nobody yet.</summary>
    Task<RoleAnswer<IReadOnlyList<OnuState>>> DiscoveredAsync(CancellationToken ct);

    /// <summary>Every ONU that is one owner's, up or down, by serial: what the end of a service takes off, whatever our own books say.</summary>
    Task<RoleAnswer<IReadOnlyList<OnuState>>> OfOwnerAsync(Guid ownerId, CancellationToken ct);

    /// <summary>ONUs that carry somebody's service, for reconciliation; pages by serial.</summary>
    Task<RoleAnswer<IReadOnlyList<OnuState>>> ListOwnedAsync(string? afterSerial, int limit, CancellationToken ct);
}
