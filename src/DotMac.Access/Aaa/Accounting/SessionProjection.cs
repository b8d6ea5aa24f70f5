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

    /// <summary>Acct-Terminate-Cause of sessions that Accounting-On or -Off ended (RFC 2866 §5.10).</summary>
    public const string NasReboot = "NAS-Reboot";

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

    /// <summary>When the session began by the record's own account: a Start may be late or lost, and then it is as long ago as it says it has lasted.</summary>
    public static DateTimeOffset BeganAt(AccountingRecord record) =>
        record.Status == AcctStatus.Start
            ? record.HappenedAt
            : record.HappenedAt.AddSeconds(-Math.Min(record.SessionSeconds, LongestBelievedSeconds));

    private static SessionRow Begin(AccountingRecord record)
    {
        var started = BeganAt(record);
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
        // A late Interim of a session that ended, or one overtaken by a newer: its octets are in the newer counters already.
        if ((!current.IsOpen && !current.PresumedStop) || record.HappenedAt <= current.UpdatedAt)
        {
            return Projected.Nothing;
        }

        // What came before the NAS restarted still counts, but it does not bring the session back.
        var stillOver = current.TerminateCause == NasReboot && record.HappenedAt <= current.StoppedAt;
        return Count(current, record, stillOver ? Describe(current, record) : Describe(current, record).Reopened());
    }

    private static Projected Stop(SessionRow current, AccountingRecord record)
    {
        if (!current.IsOpen && !current.PresumedStop)
        {
            return Projected.Nothing;
        }

        var stopped = Describe(current, record) with
        {
            StoppedAt = record.HappenedAt > current.StartedAt ? record.HappenedAt : current.StartedAt,
            PresumedStop = false,
            TerminateCause = record.TerminateCause,
            ConnectInfoStop = record.ConnectInfo,
        };
        var counted = Count(current, record, stopped);
        return counted with { Row = counted.Row! with { UploadBps = 0, DownloadBps = 0 } };
    }

    private static Projected Count(SessionRow current, AccountingRecord record, SessionRow row)
    {
        var up = new Counter(current.UploadedBytes, current.UploadBase, record.UploadedBytes);
        var down = new Counter(current.DownloadedBytes, current.DownloadBase, record.DownloadedBytes);
        var overtaken = record.HappenedAt < current.UpdatedAt;
        // A NAS begins both counters again, or none: the one that did not go down was overtaken by its new self.
        var mayWrap = !record.HasGigawords;
        var reset = !overtaken && ((up.WentDown && !(mayWrap && up.HasWrapped)) || (down.WentDown && !(mayWrap && down.HasWrapped)));
        var (uploadedTotal, uploadBase, uploaded) = up.Counted(overtaken, reset);
        var (downloadedTotal, downloadBase, downloaded) = down.Counted(overtaken, reset);
        var seconds = (record.HappenedAt - current.UpdatedAt).TotalSeconds;
        var isOpen = row.IsOpen;
        return new Projected(
            row with
            {
                UpdatedAt = overtaken ? current.UpdatedAt : record.HappenedAt,
                IntervalSeconds = (long)Math.Max(0, seconds),
                SessionSeconds = Math.Max(current.SessionSeconds, record.SessionSeconds),
                UploadedBytes = uploadedTotal,
                UploadBase = uploadBase,
                DownloadedBytes = downloadedTotal,
                DownloadBase = downloadBase,
                UploadBps =
                    !isOpen ? 0
                    : seconds >= 1 ? (long)(uploaded * 8.0 / seconds)
                    : current.UploadBps,
                DownloadBps =
                    !isOpen ? 0
                    : seconds >= 1 ? (long)(downloaded * 8.0 / seconds)
                    : current.DownloadBps,
            },
            uploaded,
            downloaded
        );
    }

    /// <summary>One direction's octets: counted so far, of those before the NAS's counter began again, and what the counter shows now.</summary>
    private readonly record struct Counter(long Total, long Base, long Now)
    {
        private const long Wrap = 1L << 32;

        private long Before => Total - Base;

        public bool WentDown => Now < Before;

        /// <summary>A 32-bit counter passed its end (RFC 2866 §5.3): it stood in its upper half, and no Gigawords were ever seen.</summary>
        public bool HasWrapped => WentDown && Before is >= Wrap / 2 and < Wrap;

        /// <summary>The new total, its base, and the octets that came since. A record overtaken by a newer one takes nothing back.</summary>
        public (long Total, long Base, long Since) Counted(bool overtaken, bool reset)
        {
            if (reset)
            {
                return (Add(Total, Now), Total, Now);
            }

            if (!WentDown)
            {
                return (Add(Total, Now - Before), Base, Now - Before);
            }

            return overtaken ? (Total, Base, 0) : (Add(Total, Now + Wrap - Before), Add(Base, Wrap), Now + Wrap - Before);
        }

        /// <summary>Stays at the top instead of turning negative.</summary>
        private static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
    }

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
