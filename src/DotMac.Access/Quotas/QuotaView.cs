using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Quotas;

/// <summary>A subscriber's volume cap and what it has used of it in this period. Octets; days are the tenant's.</summary>
/// <param name="Source">Whose cap it is: subscriber, profile, or none.</param>
/// <param name="PeriodEnd">The last day of the period.</param>
/// <param name="LimitBytes">The cap and this period's top-ups; null without a cap.</param>
/// <param name="Percent">Used of the limit; null without a cap.</param>
/// <param name="InForce">What the login meets now: none, throttled or blocked.</param>
public sealed record QuotaView(
    Guid SubscriberId,
    string Source,
    long? QuotaBytes,
    string Direction,
    int ResetDay,
    string Action,
    QuotaProfile? ThrottleProfile,
    DateOnly PeriodStart,
    DateOnly PeriodEnd,
    long UploadedBytes,
    long DownloadedBytes,
    long UsedBytes,
    long BonusBytes,
    long? LimitBytes,
    long? RemainingBytes,
    int? Percent,
    string InForce,
    IReadOnlyList<QuotaTopUp> TopUps
)
{
    private const string Read = """
        SELECT q.source, q.quota_bytes, q.direction, q.reset_day::int AS reset_day, q.action, p.id AS throttle_id, p.name AS throttle_name,
            quota_period_start(@today::date, q.reset_day)::timestamp AS start, m.blocked
        FROM effective_quotas q
        LEFT JOIN radius_bandwidth_profiles p ON p.id = q.throttle_profile_id
        LEFT JOIN quota_marks m ON m.subscriber_id = q.subscriber_id
        WHERE q.subscriber_id = @subscriber
        """;

    private const string Used = """
        SELECT add_octets(0, coalesce(sum(uploaded_bytes), 0)) AS up, add_octets(0, coalesce(sum(downloaded_bytes), 0)) AS down
        FROM usage_daily WHERE subscriber_id = @subscriber AND day >= @start::date AND day < @start::date + interval '1 month'
        """;

    private const string TopUpsOf = """
        SELECT id, bytes, note, created_at, created_by FROM quota_top_ups
        WHERE subscriber_id = @subscriber AND period_start = @start::date ORDER BY created_at, id
        """;

    internal static async Task<QuotaView> ReadAsync(UnitOfWork work, Guid subscriber, DateTimeOffset now, CancellationToken ct)
    {
        CommandDefinition Sql(string text, object values) => new(text, values, work.Transaction, cancellationToken: ct);

        var today = await QuotaPeriod.TodayAsync(work, now, ct);
        var cap = await work.Connection.QuerySingleAsync<Row>(Sql(Read, new { subscriber, today }));
        var (up, down) = await work.Connection.QuerySingleAsync<(long, long)>(Sql(Used, new { subscriber, start = cap.Start }));
        var topUps = (await work.Connection.QueryAsync<QuotaTopUp>(Sql(TopUpsOf, new { subscriber, start = cap.Start }))).ToList();
        var reading = new QuotaReading(
            subscriber,
            "",
            cap.QuotaBytes,
            cap.Direction,
            cap.Action,
            cap.ThrottleId,
            up,
            down,
            topUps.Sum(t => t.Bytes),
            QuotaLevel.Below,
            null
        );
        long? limit = cap.QuotaBytes is null ? null : reading.LimitBytes;
        return new QuotaView(
            subscriber,
            cap.QuotaBytes is null && cap.Source == "profile" ? "none" : cap.Source,
            cap.QuotaBytes,
            cap.Direction,
            cap.ResetDay,
            cap.Action,
            cap.ThrottleId is { } id ? new QuotaProfile(id, cap.ThrottleName!) : null,
            DateOnly.FromDateTime(cap.Start),
            DateOnly.FromDateTime(cap.Start.AddMonths(1).AddDays(-1)),
            up,
            down,
            reading.UsedBytes,
            reading.BonusBytes,
            limit,
            limit - Math.Min(limit ?? 0, reading.UsedBytes),
            limit is { } most ? (int)Math.Min(int.MaxValue, (decimal)reading.UsedBytes * 100 / most) : null,
            cap.Blocked switch
            {
                null => "none",
                true => "blocked",
                false => "throttled",
            },
            topUps
        );
    }

    private sealed record Row
    {
        public string Source { get; init; } = "";
        public long? QuotaBytes { get; init; }
        public string Direction { get; init; } = "";
        public int ResetDay { get; init; }
        public string Action { get; init; } = "";
        public Guid? ThrottleId { get; init; }
        public string? ThrottleName { get; init; }
        public DateTime Start { get; init; }
        public bool? Blocked { get; init; }
    }
}

/// <summary>The bandwidth profile whose rates a throttled subscriber gets.</summary>
public sealed record QuotaProfile(Guid Id, string Name);

/// <summary>Octets added to a period's cap.</summary>
public sealed record QuotaTopUp(Guid Id, long Bytes, string? Note, DateTimeOffset CreatedAt, string CreatedBy);
