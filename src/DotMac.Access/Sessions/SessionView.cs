namespace DotMac.Access.Sessions;

/// <summary>The NAS of a session; null in a session when the NAS was removed since.</summary>
public sealed record SessionNas(Guid Id, string Shortname, string Nasname);

/// <summary>A RADIUS accounting session as the API shows it. Volumes in octets, rates in bit/s over the last reported interval.</summary>
/// <param name="Id">Opaque and stable: the Acct-Unique-Session-Id with the row's number behind it.</param>
/// <param name="UploadedBytes">What the user sent (Acct-Input-Octets).</param>
/// <param name="DownloadedBytes">What the user received (Acct-Output-Octets).</param>
public sealed record SessionView(
    string Id,
    string AcctSessionId,
    string AcctUniqueId,
    string? Username,
    Guid? SubscriberId,
    SessionNas? Nas,
    string? NasPortId,
    string? CallingStationId,
    string? CalledStationId,
    string? FramedIpv4Address,
    string? FramedIpv6Prefix,
    string? DelegatedIpv6Prefix,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? StoppedAt,
    long DurationSeconds,
    long UploadedBytes,
    long DownloadedBytes,
    long UploadBps,
    long DownloadBps,
    string? TerminateCause
)
{
    internal const string Select = """
        SELECT r.radacctid AS number, r.acctsessionid AS acct_session_id, r.acctuniqueid AS acct_unique_id, r.username, r.subscriber_id,
            n.id AS nas_id, n.shortname AS nas_shortname, n.nasname::text AS nas_nasname, r.nasportid AS nas_port_id,
            r.callingstationid AS calling_station_id, r.calledstationid AS called_station_id, host(r.framedipaddress) AS framed_ipv4_address,
            r.framedipv6prefix::text AS framed_ipv6_prefix, r.delegatedipv6prefix::text AS delegated_ipv6_prefix,
            r.acctstarttime AS started_at, r.acctupdatetime AS updated_at, r.acctstoptime AS stopped_at,
            greatest(r.acctsessiontime,
                extract(epoch FROM coalesce(r.acctstoptime, now()) - r.acctstarttime)::bigint) AS duration_seconds,
            r.acctinputoctets AS uploaded_bytes, r.acctoutputoctets AS downloaded_bytes, r.upload_bps, r.download_bps,
            r.acctterminatecause AS terminate_cause, r.changed_at
        FROM radacct r LEFT JOIN nas n ON n.id = r.nas_id

        """;

    internal sealed record Row(
        long Number,
        string AcctSessionId,
        string AcctUniqueId,
        string? Username,
        Guid? SubscriberId,
        Guid? NasId,
        string? NasShortname,
        string? NasNasname,
        string? NasPortId,
        string? CallingStationId,
        string? CalledStationId,
        string? FramedIpv4Address,
        string? FramedIpv6Prefix,
        string? DelegatedIpv6Prefix,
        DateTimeOffset StartedAt,
        DateTimeOffset UpdatedAt,
        DateTimeOffset? StoppedAt,
        long DurationSeconds,
        long UploadedBytes,
        long DownloadedBytes,
        long UploadBps,
        long DownloadBps,
        string? TerminateCause,
        DateTimeOffset ChangedAt
    )
    {
        public SessionView ToView() =>
            new(
                SessionId.Of(AcctUniqueId, Number),
                AcctSessionId,
                AcctUniqueId,
                Username,
                SubscriberId,
                NasId is { } nas ? new SessionNas(nas, NasShortname!, Host(NasNasname!)) : null,
                NasPortId,
                CallingStationId,
                CalledStationId,
                FramedIpv4Address,
                FramedIpv6Prefix,
                DelegatedIpv6Prefix,
                StartedAt,
                UpdatedAt,
                StoppedAt,
                Math.Max(0, DurationSeconds),
                UploadedBytes,
                DownloadedBytes,
                UploadBps,
                DownloadBps,
                TerminateCause
            );

        /// <summary>A single address without its prefix length.</summary>
        private static string Host(string nasname) =>
            nasname.EndsWith(nasname.Contains(':', StringComparison.Ordinal) ? "/128" : "/32", StringComparison.Ordinal)
                ? nasname[..nasname.IndexOf('/', StringComparison.Ordinal)]
                : nasname;
    }
}
