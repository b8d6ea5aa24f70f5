namespace DotMac.Access.Usage;

/// <summary>Where the octets of a time line stand, in hours and in days, and over how long the shortest piece is that a peak is seen in.</summary>
/// <param name="Hours">SQL: the sums and peaks of each hour from <c>@from</c> to <c>@until</c>.</param>
/// <param name="Days">SQL: the same of each of the tenant's days.</param>
/// <param name="PeakSeconds">Length of that piece; peaks are means over it.</param>
internal sealed record UsageSource(string Hours, string Days, int PeakSeconds)
{
    /// <summary>The whole tenant: peaks over five minutes.</summary>
    public static readonly UsageSource Tenant = new(
        """
        SELECT date_trunc('hour', at, 'UTC') AS at, sum(uploaded_bytes) AS up, sum(downloaded_bytes) AS down,
            max(uploaded_bytes) AS peak_up, max(downloaded_bytes) AS peak_down
        FROM usage_tenant_samples WHERE at >= @from AND at < @until GROUP BY 1
        """,
        """
        SELECT u.day, u.uploaded_bytes AS up, u.downloaded_bytes AS down, p.peak_up, p.peak_down
        FROM usage_tenant_daily u LEFT JOIN LATERAL (
            SELECT max(s.uploaded_bytes) AS peak_up, max(s.downloaded_bytes) AS peak_down FROM usage_tenant_samples s
            WHERE s.at >= u.day::timestamp AT TIME ZONE @zone AND s.at < (u.day + 1)::timestamp AT TIME ZONE @zone
        ) p ON true
        WHERE u.day BETWEEN @first AND @last
        """,
        300
    );

    /// <summary>One NAS: peaks over an hour.</summary>
    public static readonly UsageSource Nas = new(
        """
        SELECT hour AS at, uploaded_bytes AS up, downloaded_bytes AS down, uploaded_bytes AS peak_up, downloaded_bytes AS peak_down
        FROM usage_nas_hourly WHERE nas_id = @id AND hour >= @from AND hour < @until
        """,
        """
        SELECT u.day, u.uploaded_bytes AS up, u.downloaded_bytes AS down, p.peak_up, p.peak_down
        FROM usage_nas_daily u LEFT JOIN LATERAL (
            SELECT max(h.uploaded_bytes) AS peak_up, max(h.downloaded_bytes) AS peak_down FROM usage_nas_hourly h
            WHERE h.nas_id = @id AND h.hour >= u.day::timestamp AT TIME ZONE @zone AND h.hour < (u.day + 1)::timestamp AT TIME ZONE @zone
        ) p ON true
        WHERE u.nas_id = @id AND u.day BETWEEN @first AND @last
        """,
        3600
    );

    /// <summary>One subscriber: peaks over an hour.</summary>
    public static readonly UsageSource Subscriber = new(
        """
        SELECT hour AS at, uploaded_bytes AS up, downloaded_bytes AS down, uploaded_bytes AS peak_up, downloaded_bytes AS peak_down
        FROM usage_hourly WHERE subscriber_id = @id AND hour >= @from AND hour < @until
        """,
        """
        SELECT u.day, u.uploaded_bytes AS up, u.downloaded_bytes AS down, p.peak_up, p.peak_down
        FROM usage_daily u LEFT JOIN LATERAL (
            SELECT max(h.uploaded_bytes) AS peak_up, max(h.downloaded_bytes) AS peak_down FROM usage_hourly h
            WHERE h.subscriber_id = @id AND h.hour >= u.day::timestamp AT TIME ZONE @zone AND h.hour < (u.day + 1)::timestamp AT TIME ZONE @zone
        ) p ON true
        WHERE u.subscriber_id = @id AND u.day BETWEEN @first AND @last
        """,
        3600
    );

    /// <summary>A bucket for every hour, with nothing in it when nothing was reported.</summary>
    public string HourLine =>
        string.Concat(
            "WITH u AS (",
            Hours,
            """
            )
            SELECT b.at, 3600 AS seconds, coalesce(u.up, 0)::bigint AS up, coalesce(u.down, 0)::bigint AS down, u.peak_up, u.peak_down
            FROM generate_series(@from, @until - interval '1 microsecond', interval '1 hour') AS b (at) LEFT JOIN u ON u.at = b.at
            ORDER BY b.at
            """
        );

    /// <summary>The same for every day; a day of a change of the clocks has an hour more or less.</summary>
    public string DayLine =>
        string.Concat(
            "WITH u AS (",
            Days,
            """
            )
            SELECT b.day::timestamp AT TIME ZONE @zone AS at,
                extract(epoch FROM (b.day + interval '1 day') AT TIME ZONE @zone - b.day AT TIME ZONE @zone)::int AS seconds,
                coalesce(u.up, 0)::bigint AS up, coalesce(u.down, 0)::bigint AS down, u.peak_up, u.peak_down
            FROM generate_series(@first::timestamp, @last::timestamp, interval '1 day') AS b (day) LEFT JOIN u ON u.day = b.day::date
            ORDER BY b.day
            """
        );
}
