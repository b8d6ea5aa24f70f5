using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.Subscribers;

/// <summary>The rates that a subscriber has, kbit/s.</summary>
public sealed record SubscriberProfile(Guid Id, string Name, int DownloadRateKbps, int UploadRateKbps);

/// <summary>A subscriber as the API shows it: never with its password. Timeouts in seconds.</summary>
/// <param name="Option82Policy">enforce, log or ignore.</param>
/// <param name="Ipv6Mode">none, slaac, stateful, pd or dual_stack; null when it follows from the line's prefixes, addresses and pools.</param>
/// <param name="Status">pending, active, suspended, disconnected, terminated or quarantined.</param>
/// <param name="ServiceLatitude">Degrees, WGS 84; so the longitude.</param>
/// <param name="HasService">A run has provisioned it, and none has ended that: it is changed and removed by runs, which take and give back what it holds.</param>
/// <param name="Online">Whether a session is open under the login now.</param>
/// <param name="LastOnlineAt">The latest accounting record of its latest session.</param>
public sealed record SubscriberView(
    Guid Id,
    string SubscriberNumber,
    string Username,
    string? FullName,
    bool Enabled,
    SubscriberProfile? BandwidthProfile,
    string? FramedIpv4Address,
    string? FramedIpv4Netmask,
    string? FramedIpv6Prefix,
    string? FramedIpv6Address,
    string? DelegatedIpv6Prefix,
    short? VlanId,
    short? InnerVlan,
    int? SessionTimeout,
    int? IdleTimeout,
    int SimultaneousUse,
    int? AcctInterimInterval,
    string? FilterId,
    string? Notes,
    string? CircuitId,
    string? RemoteId,
    string Option82Policy,
    string? Ipv6Mode,
    string? FramedIpv4Pool,
    string? FramedIpv6Pool,
    string? DelegatedIpv6Pool,
    IReadOnlyList<string> FramedRoutes,
    string? MacAddress,
    bool Suspended,
    string? SuspensionReason,
    DateTimeOffset? SuspendedAt,
    string? WalledGardenFilterId,
    string Status,
    string ServiceType,
    Guid? CustomerId,
    string? OnuSerial,
    string? CpeMacAddress,
    string? ServiceAddress,
    double? ServiceLatitude,
    double? ServiceLongitude,
    DateTimeOffset? ActivatedAt,
    DateTimeOffset? TerminatedAt,
    bool HasService,
    bool Online,
    DateTimeOffset? LastOnlineAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    /// <summary>For filters: PostgreSQL builds the set of those online once.</summary>
    internal const string IsOnline = "EXISTS (SELECT 1 FROM radacct o WHERE o.subscriber_id = s.id AND o.acctstoptime IS NULL)";

    /// <summary>For the rows of a page: LIMIT keeps PostgreSQL from building that set for fifty look-ups.</summary>
    private const string ShownOnline =
        "(SELECT true FROM radacct o WHERE o.subscriber_id = s.id AND o.acctstoptime IS NULL LIMIT 1) IS NOT NULL";

    internal const string Select =
        """
            SELECT s.id, s.subscriber_number, s.username, s.full_name, s.enabled,
                s.bandwidth_profile_id AS profile_id, p.name AS profile_name, p.download_rate_kbps, p.upload_rate_kbps,
                host(s.framed_ipv4_address) AS framed_ipv4_address, host(s.framed_ipv4_netmask) AS framed_ipv4_netmask,
                s.framed_ipv6_prefix::text AS framed_ipv6_prefix, host(s.framed_ipv6_address) AS framed_ipv6_address,
                s.delegated_ipv6_prefix::text AS delegated_ipv6_prefix, s.vlan_id, s.inner_vlan, s.session_timeout, s.idle_timeout,
                s.simultaneous_use, s.acct_interim_interval, s.filter_id, s.notes, s.circuit_id, s.remote_id, s.option82_policy, s.ipv6_mode,
                s.framed_ipv4_pool, s.framed_ipv6_pool, s.delegated_ipv6_pool, array_to_string(s.framed_routes, '; ') AS framed_routes, s.mac_address, s.suspended,
                s.suspension_reason, s.suspended_at, s.walled_garden_filter_id, s.status, s.service_type, s.customer_id, s.onu_serial, s.cpe_mac_address,
                s.service_address, s.service_latitude, s.service_longitude, s.activated_at, s.terminated_at,
                EXISTS (SELECT 1 FROM service_instances i WHERE i.tenant_id = s.tenant_id AND i.subscriber_id = s.id AND i.status NOT IN (3, 11)) AS has_service,
            """
        + ShownOnline
        + """
             AS online,
                (SELECT h.acctupdatetime FROM radacct h WHERE h.subscriber_id = s.id ORDER BY h.acctstarttime DESC LIMIT 1) AS last_online_at,
                s.created_at, s.updated_at, s.version
            FROM subscribers s LEFT JOIN radius_bandwidth_profiles p ON p.id = s.bandwidth_profile_id

            """;

    internal static async Task<SubscriberView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        (
            await work.Connection.QuerySingleOrDefaultAsync<Row>(
                new CommandDefinition(
                    Select + "WHERE s.id = @id AND s.deleted_at IS NULL",
                    new { id },
                    work.Transaction,
                    cancellationToken: ct
                )
            )
        )?.ToView();

    internal sealed record Row(
        Guid Id,
        string SubscriberNumber,
        string Username,
        string? FullName,
        bool Enabled,
        Guid? ProfileId,
        string? ProfileName,
        int? DownloadRateKbps,
        int? UploadRateKbps,
        string? FramedIpv4Address,
        string? FramedIpv4Netmask,
        string? FramedIpv6Prefix,
        string? FramedIpv6Address,
        string? DelegatedIpv6Prefix,
        short? VlanId,
        short? InnerVlan,
        int? SessionTimeout,
        int? IdleTimeout,
        int SimultaneousUse,
        int? AcctInterimInterval,
        string? FilterId,
        string? Notes,
        string? CircuitId,
        string? RemoteId,
        short Option82Policy,
        short? Ipv6Mode,
        string? FramedIpv4Pool,
        string? FramedIpv6Pool,
        string? DelegatedIpv6Pool,
        string FramedRoutes,
        string? MacAddress,
        bool Suspended,
        string? SuspensionReason,
        DateTimeOffset? SuspendedAt,
        string? WalledGardenFilterId,
        short Status,
        short ServiceType,
        Guid? CustomerId,
        string? OnuSerial,
        string? CpeMacAddress,
        string? ServiceAddress,
        double? ServiceLatitude,
        double? ServiceLongitude,
        DateTimeOffset? ActivatedAt,
        DateTimeOffset? TerminatedAt,
        bool HasService,
        bool Online,
        DateTimeOffset? LastOnlineAt,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt,
        int Version
    )
    {
        public SubscriberView ToView() =>
            new(
                Id,
                SubscriberNumber,
                Username,
                FullName,
                Enabled,
                ProfileId is { } profile
                    ? new SubscriberProfile(profile, ProfileName!, DownloadRateKbps!.Value, UploadRateKbps!.Value)
                    : null,
                FramedIpv4Address,
                FramedIpv4Netmask,
                FramedIpv6Prefix,
                FramedIpv6Address,
                DelegatedIpv6Prefix,
                VlanId,
                InnerVlan,
                SessionTimeout,
                IdleTimeout,
                SimultaneousUse,
                AcctInterimInterval,
                FilterId,
                Notes,
                CircuitId,
                RemoteId,
                Words.Of((Option82Policy)Option82Policy),
                Ipv6Mode is { } mode ? Words.Of((Ipv6Mode)mode) : null,
                FramedIpv4Pool,
                FramedIpv6Pool,
                DelegatedIpv6Pool,
                FramedRoutes.Split("; ", StringSplitOptions.RemoveEmptyEntries),
                MacAddress,
                Suspended,
                SuspensionReason,
                SuspendedAt,
                WalledGardenFilterId,
                Words.Of((SubscriberStatus)Status),
                Words.Of((ServiceType)ServiceType),
                CustomerId,
                OnuSerial,
                CpeMacAddress,
                ServiceAddress,
                ServiceLatitude,
                ServiceLongitude,
                ActivatedAt,
                TerminatedAt,
                HasService,
                Online,
                LastOnlineAt,
                CreatedAt,
                UpdatedAt,
                Version
            );
    }
}
