using System.Net;
using Dapper;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.Coa;

/// <summary>An open session with what is needed to reach its NAS, and what its subscriber's line says now, as far as it is in force (LineInForce).</summary>
internal sealed record LiveSession
{
    public Guid TenantId { get; init; }
    public required string AcctSessionId { get; init; }
    public required string AcctUniqueId { get; init; }
    public long Number { get; init; }
    public string? Username { get; init; }
    public Guid? SubscriberId { get; init; }

    /// <summary>What the NAS called itself in accounting.</summary>
    public required string NasIpAddress { get; init; }
    public string? FramedIpAddress { get; init; }
    public Guid? NasId { get; init; }
    public string? Shortname { get; init; }

    /// <summary>The NAS's registered address or network; null when it is not registered any more.</summary>
    public string? Nasname { get; init; }
    public int? CoaPort { get; init; }

    /// <summary>The NAS's shared secret, sealed.</summary>
    public byte[]? Secret { get; init; }
    public short? Vendor { get; init; }

    /// <summary>What carries the tenant's requests.</summary>
    public short? Transport { get; init; }
    public string? ProxyUrl { get; init; }

    /// <summary>Sealed.</summary>
    public byte[]? ProxyToken { get; init; }

    /// <summary>Seconds between its records, as they come.</summary>
    public long? Interval { get; init; }

    public short? VlanId { get; init; }
    public short? InnerVlan { get; init; }
    public string? FramedIpv6Prefix { get; init; }
    public string? DelegatedIpv6Prefix { get; init; }
    public string? FilterId { get; init; }
    public string? WalledGardenFilterId { get; init; }

    public Guid? ProfileId { get; init; }
    public string? ProfileName { get; init; }
    public int? DownKbps { get; init; }
    public int? UpKbps { get; init; }
    public int? DownBurstKbps { get; init; }
    public int? UpBurstKbps { get; init; }
    public int? BurstThresholdPercent { get; init; }
    public int? BurstTimeSeconds { get; init; }
    public int? Priority { get; init; }
    public string? VendorProfileName { get; init; }

    public string Id => SessionId.Of(AcctUniqueId, Number);

    public NasVendor NasVendor => (NasVendor)(Vendor ?? 0);

    private const string Select = """
        SELECT r.tenant_id, r.acctsessionid AS acct_session_id, r.acctuniqueid AS acct_unique_id, r.radacctid AS number, r.username, r.subscriber_id,
            host(r.nasipaddress) AS nas_ip_address, host(r.framedipaddress) AS framed_ip_address, r.acctinterval AS interval,
            n.id AS nas_id, n.shortname, n.nasname::text AS nasname, n.coa_port, n.secret, n.vendor, c.transport, c.proxy_url, c.proxy_token,
            CASE WHEN off.line THEN NULL ELSE s.vlan_id END AS vlan_id,
            CASE WHEN off.line OR off.qinq OR NOT coalesce(l.qinq_enabled, true) THEN NULL ELSE s.inner_vlan END AS inner_vlan,
            CASE WHEN off.line THEN NULL ELSE s.framed_ipv6_prefix::text END AS framed_ipv6_prefix,
            CASE WHEN off.line OR off.pd THEN NULL ELSE s.delegated_ipv6_prefix::text END AS delegated_ipv6_prefix,
            s.filter_id, coalesce(s.suspension_filter_id, s.walled_garden_filter_id) AS walled_garden_filter_id, p.id AS profile_id, p.name AS profile_name, p.download_rate_kbps AS down_kbps,
            p.upload_rate_kbps AS up_kbps, p.download_burst_kbps AS down_burst_kbps, p.upload_burst_kbps AS up_burst_kbps,
            p.burst_threshold_percent::int AS burst_threshold_percent, p.burst_time_seconds::int AS burst_time_seconds,
            p.priority::int AS priority, p.vendor_profile_name
        FROM radacct r LEFT JOIN nas n ON n.id = r.nas_id
        LEFT JOIN coa_settings c ON c.tenant_id = r.tenant_id
        LEFT JOIN subscribers s ON s.id = r.subscriber_id AND s.deleted_at IS NULL
        LEFT JOIN subscriber_network_profiles l ON l.subscriber_id = s.id AND l.deleted_at IS NULL
        CROSS JOIN (SELECT count(*) FILTER (WHERE name = 'ENABLE_NETWORK_PROFILE_CONSUMPTION') > 0 AS line,
            count(*) FILTER (WHERE name = 'ENABLE_QINQ_PROVISIONING') > 0 AS qinq, count(*) FILTER (WHERE name = 'ENABLE_IPV6_PD') > 0 AS pd
            FROM tenant_flags WHERE value = 'off') AS off
        LEFT JOIN quota_marks m ON m.subscriber_id = s.id
        LEFT JOIN radius_bandwidth_profiles p ON p.id = coalesce(m.throttle_profile_id, s.bandwidth_profile_id)
        WHERE r.acctstoptime IS NULL

        """;

    /// <summary>The rates that hold for the subscriber: its profile's, or those that a used-up volume throttles it to.</summary>
    public Rates? OwnRates() =>
        ProfileId is not { } id
            ? null
            : new Rates
            {
                TenantId = Guid.Empty,
                Id = id,
                Name = ProfileName!,
                DownKbps = DownKbps!.Value,
                UpKbps = UpKbps!.Value,
                DownBurstKbps = DownBurstKbps,
                UpBurstKbps = UpBurstKbps,
                BurstThresholdPercent = BurstThresholdPercent,
                BurstTimeSeconds = BurstTimeSeconds,
                Priority = Priority,
                VendorProfileName = VendorProfileName,
            };

    /// <summary>One session by its unique id and number, when it is still open.</summary>
    public static async Task<LiveSession?> FindAsync(UnitOfWork work, string uniqueId, long number, CancellationToken ct)
    {
        var found = await FindAsync(work, "AND r.acctuniqueid = @uniqueId AND r.radacctid = @number", new { uniqueId, number }, ct);
        return found.Count == 0 ? null : found[0];
    }

    public static Task<IReadOnlyList<LiveSession>> OfSubscriberAsync(UnitOfWork work, Guid subscriber, CancellationToken ct) =>
        FindAsync(work, "AND r.subscriber_id = @subscriber ORDER BY r.radacctid", new { subscriber }, ct);

    /// <summary>By a name in any case; also sessions of no known subscriber.</summary>
    public static Task<IReadOnlyList<LiveSession>> OfUsernameAsync(UnitOfWork work, string username, CancellationToken ct) =>
        FindAsync(work, "AND lower(r.username) = @username ORDER BY r.radacctid", new { username = username.ToLowerInvariant() }, ct);

    /// <summary>By the API's id of a session, its Acct-Unique-Session-Id, or its Acct-Session-Id.</summary>
    public static async Task<IReadOnlyList<LiveSession>> OfSessionIdAsync(UnitOfWork work, string sessionId, CancellationToken ct)
    {
        var (uniqueId, number) = SessionId.Read(sessionId);
        var exact = await FindAsync(
            work,
            "AND r.acctuniqueid = @uniqueId AND (@number::bigint IS NULL OR r.radacctid = @number)",
            new { uniqueId, number },
            ct
        );
        return exact.Count > 0
            ? exact
            : await FindAsync(work, "AND r.acctsessionid = @sessionId ORDER BY r.radacctid", new { sessionId }, ct);
    }

    private static async Task<IReadOnlyList<LiveSession>> FindAsync(UnitOfWork work, string which, object values, CancellationToken ct) =>
        (
            await work.Connection.QueryAsync<LiveSession>(
                new CommandDefinition(Select + which, values, work.Transaction, cancellationToken: ct)
            )
        ).ToList();

    /// <summary>
    /// Where its NAS listens: the registered address; of a registered network, the address that the NAS gave for itself, when it lies
    /// inside. Never that address alone: a NAS may report one that its packets do not come from.
    /// </summary>
    public IPEndPoint? Listener()
    {
        if (Nasname is null || CoaPort is not { } port)
        {
            return null;
        }

        var registered = IPNetwork.Parse(Nasname);
        if (registered.PrefixLength == registered.BaseAddress.GetAddressBytes().Length * 8)
        {
            return new IPEndPoint(registered.BaseAddress, port);
        }

        var reported = IPAddress.Parse(NasIpAddress);
        return registered.Contains(reported) ? new IPEndPoint(reported, port) : null;
    }
}
