namespace DotMac.Access.Aaa.Accounting;

/// <summary>What one record makes of a session: the row as it must stand now, and the octets to add to the usage of its hour.</summary>
/// <param name="Row">Null when the record changes nothing (a repetition).</param>
internal readonly record struct Projected(SessionRow? Row, long UploadedBytes, long DownloadedBytes)
{
    public static readonly Projected Nothing = new(null, 0, 0);
}

/// <summary>
/// The rules by which accounting records become sessions. Pure: current row and record in, new row out. Applying a record twice, or
/// records out of order, gives the same session and counts no octet twice.
/// </summary>
internal static class SessionProjection
{
    /// <summary>A session without a Start is believed to have lasted a year at most: what a NAS says makes no partition of last century.</summary>
    private const long LongestBelievedSeconds = 366 * 86_400;

    public static Projected Apply(SessionRow? current, AccountingRecord record)
    {
        if (current is null || IsNextSession(current, record))
        {
            return new Projected(Begin(record), record.UploadedBytes, record.DownloadedBytes);
        }

        return record.Status switch
        {
            AcctStatus.Start => Start(current, record),
            AcctStatus.InterimUpdate => Interim(current, record),
            AcctStatus.Stop => Stop(current, record),
            _ => Projected.Nothing,
        };
    }

    /// <summary>A NAS that restarted may use a session id again: a Start after the Stop is another session.</summary>
    private static bool IsNextSession(SessionRow current, AccountingRecord record) =>
        record.Status == AcctStatus.Start && current.StoppedAt is { } stopped && record.HappenedAt > stopped;

    private static SessionRow Begin(AccountingRecord record)
    {
        // The Start may be late or lost: the session began as long ago as it says it has lasted.
        var started =
            record.Status == AcctStatus.Start
                ? record.HappenedAt
                : record.HappenedAt.AddSeconds(-Math.Min(record.SessionSeconds, LongestBelievedSeconds));
        var stops = record.Status == AcctStatus.Stop;
        var row = new SessionRow
        {
            TenantId = record.TenantId,
            NasId = record.NasId,
            AcctSessionId = record.AcctSessionId,
            AcctUniqueId = record.AcctUniqueId,
            NasIpAddress = record.NasIpAddress,
            SubscriberId = record.SubscriberId,
            Username = record.Username,
            StartedAt = started,
            StoredStart = started,
            UpdatedAt = record.HappenedAt,
            StoppedAt = stops ? record.HappenedAt : null,
            SessionSeconds = record.SessionSeconds,
            UploadedBytes = record.UploadedBytes,
            DownloadedBytes = record.DownloadedBytes,
            ConnectInfoStart = stops ? null : record.ConnectInfo,
            ConnectInfoStop = stops ? record.ConnectInfo : null,
            TerminateCause = stops ? record.TerminateCause : null,
        };
        return Describe(row, record);
    }

    /// <summary>A Start behind its own Interim or Stop tells the true beginning; otherwise it is a repetition.</summary>
    private static Projected Start(SessionRow current, AccountingRecord record) =>
        record.HappenedAt >= current.StartedAt
            ? Projected.Nothing
            : new Projected(
                Describe(
                    current with
                    {
                        StartedAt = record.HappenedAt,
                        ConnectInfoStart = record.ConnectInfo ?? current.ConnectInfoStart,
                    },
                    record
                ),
                0,
                0
            );

    private static Projected Interim(SessionRow current, AccountingRecord record)
    {
        // A late Interim of a closed session, or one overtaken by a newer: its octets are in the newer counters already.
        if (!current.IsOpen || record.HappenedAt <= current.UpdatedAt)
        {
            return Projected.Nothing;
        }

        return Count(current, record, Describe(current, record));
    }

    private static Projected Stop(SessionRow current, AccountingRecord record)
    {
        if (!current.IsOpen)
        {
            return Projected.Nothing;
        }

        var stopped = Describe(current, record) with
        {
            StoppedAt = record.HappenedAt > current.StartedAt ? record.HappenedAt : current.StartedAt,
            TerminateCause = record.TerminateCause,
            ConnectInfoStop = record.ConnectInfo,
        };
        var counted = Count(current, record, stopped);
        return counted with { Row = counted.Row! with { UploadBps = 0, DownloadBps = 0 } };
    }

    private static Projected Count(SessionRow current, AccountingRecord record, SessionRow row)
    {
        var uploaded = Difference(current.UploadedBytes, record.UploadedBytes);
        var downloaded = Difference(current.DownloadedBytes, record.DownloadedBytes);
        var seconds = (record.HappenedAt - current.UpdatedAt).TotalSeconds;
        return new Projected(
            row with
            {
                UpdatedAt = record.HappenedAt > current.UpdatedAt ? record.HappenedAt : current.UpdatedAt,
                IntervalSeconds = (long)Math.Max(0, seconds),
                SessionSeconds = Math.Max(current.SessionSeconds, record.SessionSeconds),
                UploadedBytes = record.UploadedBytes,
                DownloadedBytes = record.DownloadedBytes,
                UploadBps = seconds >= 1 ? (long)(uploaded * 8.0 / seconds) : current.UploadBps,
                DownloadBps = seconds >= 1 ? (long)(downloaded * 8.0 / seconds) : current.DownloadBps,
            },
            uploaded,
            downloaded
        );
    }

    /// <summary>A counter that went down was reset by the NAS: what it counts now came since.</summary>
    private static long Difference(long before, long now) => now >= before ? now - before : now;

    /// <summary>Takes over what the record says about the line; what it leaves out stays as it was.</summary>
    private static SessionRow Describe(SessionRow row, AccountingRecord record) =>
        row with
        {
            SubscriberId = row.SubscriberId ?? record.SubscriberId,
            NasPortId = record.NasPortId ?? row.NasPortId,
            NasPortType = record.NasPortType ?? row.NasPortType,
            CalledStationId = record.CalledStationId ?? row.CalledStationId,
            CallingStationId = record.CallingStationId ?? row.CallingStationId,
            ServiceType = record.ServiceType ?? row.ServiceType,
            FramedProtocol = record.FramedProtocol ?? row.FramedProtocol,
            Authentic = record.Authentic ?? row.Authentic,
            Class = record.Class ?? row.Class,
            FramedIpAddress = record.FramedIpAddress ?? row.FramedIpAddress,
            FramedIpv6Address = record.FramedIpv6Address ?? row.FramedIpv6Address,
            FramedIpv6Prefix = record.FramedIpv6Prefix ?? row.FramedIpv6Prefix,
            FramedInterfaceId = record.FramedInterfaceId ?? row.FramedInterfaceId,
            DelegatedIpv6Prefix = record.DelegatedIpv6Prefix ?? row.DelegatedIpv6Prefix,
        };
}
