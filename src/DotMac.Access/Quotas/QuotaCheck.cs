using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;

namespace DotMac.Access.Quotas;

/// <summary>
/// Holds subscribers' use of their period against their caps, in the caller's unit of work: state, mark and events commit together. One
/// check of a tenant at a time, so that nobody is told anything twice.
/// </summary>
internal sealed class QuotaCheck(UnitOfWork work, EventOutbox outbox, TimeProvider clock)
{
    private const string Read = """
        SELECT q.subscriber_id, q.username, q.quota_bytes, q.direction, q.action, q.throttle_profile_id, p.start::timestamp AS period_start,
            (p.start + interval '1 month') AS period_end, coalesce(u.up, 0)::bigint AS uploaded_bytes, coalesce(u.down, 0)::bigint AS downloaded_bytes,
            coalesce(b.bytes, 0)::bigint AS bonus_bytes, coalesce(t.level, 0)::smallint AS level, t.used_bytes AS known_used, t.limit_bytes AS known_limit,
            m.blocked, m.throttle_profile_id AS marked_profile_id
        FROM effective_quotas q
        CROSS JOIN LATERAL (SELECT quota_period_start(@today::date, q.reset_day) AS start) p
        LEFT JOIN LATERAL (
            SELECT least(coalesce(sum(d.uploaded_bytes), 0), 4611686018427387903) AS up, least(coalesce(sum(d.downloaded_bytes), 0), 4611686018427387903) AS down FROM usage_daily d
            WHERE d.subscriber_id = q.subscriber_id AND d.day >= p.start AND d.day < p.start + interval '1 month' AND q.quota_bytes IS NOT NULL
        ) u ON true
        LEFT JOIN LATERAL (
            SELECT least(coalesce(sum(x.bytes), 0), 4611686018427387903) AS bytes FROM quota_top_ups x
            WHERE x.subscriber_id = q.subscriber_id AND x.period_start = p.start
        ) b ON true
        LEFT JOIN quota_states t ON t.subscriber_id = q.subscriber_id AND t.period_start = p.start
        LEFT JOIN quota_marks m ON m.subscriber_id = q.subscriber_id
        WHERE (q.quota_bytes IS NOT NULL OR m.subscriber_id IS NOT NULL)
        """;

    /// <summary>Whether the tenant has any cap or mark at all: without one there is nothing to look at.</summary>
    public Task<bool> IsNeededAsync(CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<bool>(
            Sql(
                """
                SELECT EXISTS (SELECT FROM bandwidth_profile_quotas) OR EXISTS (SELECT FROM subscriber_quotas) OR EXISTS (SELECT FROM quota_marks)
                """,
                null,
                ct
            )
        );

    /// <summary>Looks at the subscribers given, or at all; answers how many limits were put in force or lifted.</summary>
    public async Task<int> RunAsync(IReadOnlyCollection<Guid>? subscribers, CancellationToken ct)
    {
        await work.Connection.ExecuteAsync(
            Sql("SELECT pg_advisory_xact_lock(hashtextextended('quotas' || @TenantId::text, 0))", new { work.TenantId }, ct)
        );
        var today = await QuotaPeriod.TodayAsync(work, clock.GetUtcNow(), ct);
        var rows = await work.Connection.QueryAsync<Row>(
            Sql(
                subscribers is null ? Read : Read + " AND q.subscriber_id = ANY (@subscribers)",
                new { today, subscribers = subscribers?.ToArray() },
                ct
            )
        );
        var changed = 0;
        foreach (var row in rows.ToList())
        {
            var reading = row.ToReading();
            var outcome = reading.Decide();
            if (reading.QuotaBytes is not null && row.IsNews(reading, outcome))
            {
                await KeepAsync(row, reading, outcome, ct);
            }

            if (outcome.Mark != reading.Mark)
            {
                await MarkAsync(reading.SubscriberId, outcome.Mark, ct);
                changed++;
            }

            foreach (var happened in outcome.Told)
            {
                outbox.Publish(happened);
            }
        }

        return changed;
    }

    private Task<int> KeepAsync(Row row, QuotaReading reading, QuotaOutcome outcome, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            Sql(
                """
                INSERT INTO quota_states (tenant_id, subscriber_id, period_start, period_end, limit_bytes, used_bytes, level)
                VALUES (@TenantId, @SubscriberId, @PeriodStart::date, @PeriodEnd::date, @LimitBytes, @UsedBytes, @level)
                ON CONFLICT (tenant_id, subscriber_id, period_start) DO UPDATE SET period_end = excluded.period_end, limit_bytes = excluded.limit_bytes,
                    used_bytes = excluded.used_bytes, level = excluded.level, updated_at = now()
                """,
                new
                {
                    work.TenantId,
                    row.SubscriberId,
                    row.PeriodStart,
                    row.PeriodEnd,
                    reading.LimitBytes,
                    reading.UsedBytes,
                    level = (short)outcome.Level,
                },
                ct
            )
        );

    private Task<int> MarkAsync(Guid subscriber, QuotaMark? mark, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            Sql(
                mark is null
                    ? "DELETE FROM quota_marks WHERE subscriber_id = @subscriber"
                    : """
                    INSERT INTO quota_marks (tenant_id, subscriber_id, blocked, throttle_profile_id) VALUES (@TenantId, @subscriber, @Blocked, @profile)
                    ON CONFLICT (tenant_id, subscriber_id) DO UPDATE SET blocked = excluded.blocked,
                        throttle_profile_id = excluded.throttle_profile_id, version = nextval('quota_mark_version')
                    """,
                new
                {
                    work.TenantId,
                    subscriber,
                    mark?.Blocked,
                    profile = mark?.ThrottleProfileId,
                },
                ct
            )
        );

    private CommandDefinition Sql(string text, object? values, CancellationToken ct) =>
        new(text, values, work.Transaction, cancellationToken: ct);

    private sealed record Row
    {
        public Guid SubscriberId { get; init; }
        public string Username { get; init; } = "";
        public long? QuotaBytes { get; init; }
        public string Direction { get; init; } = "";
        public string Action { get; init; } = "";
        public Guid? ThrottleProfileId { get; init; }
        public DateTime PeriodStart { get; init; }
        public DateTime PeriodEnd { get; init; }
        public long UploadedBytes { get; init; }
        public long DownloadedBytes { get; init; }
        public long BonusBytes { get; init; }
        public short Level { get; init; }
        public long? KnownUsed { get; init; }
        public long? KnownLimit { get; init; }
        public bool? Blocked { get; init; }
        public Guid? MarkedProfileId { get; init; }

        public QuotaReading ToReading() =>
            new(
                SubscriberId,
                Username,
                QuotaBytes,
                Direction,
                Action,
                ThrottleProfileId,
                UploadedBytes,
                DownloadedBytes,
                BonusBytes,
                (QuotaLevel)Level,
                Blocked is { } blocked ? new QuotaMark(blocked, MarkedProfileId) : null
            );

        public bool IsNews(QuotaReading reading, QuotaOutcome outcome) =>
            KnownUsed != reading.UsedBytes || KnownLimit != reading.LimitBytes || Level != (short)outcome.Level;
    }
}
