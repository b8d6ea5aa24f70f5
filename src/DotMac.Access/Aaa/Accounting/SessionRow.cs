using System.Net;

namespace DotMac.Access.Aaa.Accounting;

/// <summary>One session as it stands in <c>radacct</c>.</summary>
internal sealed record SessionRow
{
    /// <summary>0 until the row is inserted.</summary>
    public long RadAcctId { get; init; }

    /// <summary>The start under which the row is stored (its partition key); differs from <see cref="StartedAt"/> only while a change is pending.</summary>
    public DateTimeOffset StoredStart { get; init; }

    public required Guid TenantId { get; init; }
    public required Guid NasId { get; init; }
    public required string AcctSessionId { get; init; }
    public required string AcctUniqueId { get; init; }
    public required IPAddress NasIpAddress { get; init; }
    public Guid? SubscriberId { get; init; }
    public string? Username { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>No NAS reported the end: it was silent for three intervals, or said Accounting-On or -Off. What it says later overrules.</summary>
    public bool PresumedStop { get; init; }
    public long? IntervalSeconds { get; init; }
    public long SessionSeconds { get; init; }
    public long UploadedBytes { get; init; }
    public long DownloadedBytes { get; init; }

    /// <summary>Octets counted before the NAS began its counters again; <see cref="UploadedBytes"/> less this is what its counter showed last.</summary>
    public long UploadBase { get; init; }
    public long DownloadBase { get; init; }
    public long UploadBps { get; init; }
    public long DownloadBps { get; init; }
    public string? NasPortId { get; init; }
    public string? NasPortType { get; init; }
    public string? CalledStationId { get; init; }
    public string? CallingStationId { get; init; }
    public string? ServiceType { get; init; }
    public string? FramedProtocol { get; init; }
    public string? Authentic { get; init; }
    public string? ConnectInfoStart { get; init; }
    public string? ConnectInfoStop { get; init; }
    public string? Class { get; init; }
    public string? TerminateCause { get; init; }
    public IPAddress? FramedIpAddress { get; init; }
    public IPAddress? FramedIpv6Address { get; init; }
    public IPNetwork? FramedIpv6Prefix { get; init; }
    public string? FramedInterfaceId { get; init; }
    public IPNetwork? DelegatedIpv6Prefix { get; init; }

    public bool IsOpen => StoppedAt is null;

    /// <summary>The presumed end was none.</summary>
    public SessionRow Reopened() => PresumedStop ? this with { StoppedAt = null, TerminateCause = null, PresumedStop = false } : this;
}
