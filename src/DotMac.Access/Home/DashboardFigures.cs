using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Home;

/// <summary>Counts and sums of the home page, in one round trip; each query walks an index of what is open, enabled or recent.</summary>
internal static class DashboardFigures
{
    private const int WindowMinutes = 60;

    private const string Sql = """
        SELECT count(*) AS online, count(DISTINCT subscriber_id) AS subscribers,
            coalesce(sum(upload_bps), 0)::bigint AS upload, coalesce(sum(download_bps), 0)::bigint AS download
        FROM radacct WHERE acctstoptime IS NULL;

        SELECT count(*) AS total, count(*) FILTER (WHERE enabled) AS enabled FROM subscribers WHERE deleted_at IS NULL;

        SELECT count(*) AS total, count(*) FILTER (WHERE n.enabled AND a.last_seen_at > @recent) AS seen
        FROM nas n LEFT JOIN nas_activity a ON a.nas_id = n.id;

        SELECT k.code, sum(c.count)::bigint AS count FROM decision_counts c JOIN decision_codes k ON k.number = c.code
        WHERE c.bucket >= date_bin('5 minutes', @now, '2000-01-01') - interval '55 minutes' AND c.code >= 100
        GROUP BY k.code ORDER BY sum(c.count) DESC, k.code;

        SELECT b.at, coalesce(sum(c.count) FILTER (WHERE c.code < 100), 0)::bigint AS accepts,
            coalesce(sum(c.count) FILTER (WHERE c.code >= 100), 0)::bigint AS rejects
        FROM generate_series(date_bin('5 minutes', @now, '2000-01-01') - interval '55 minutes', @now, interval '5 minutes') AS b (at)
        LEFT JOIN decision_counts c ON c.bucket = b.at
        GROUP BY b.at ORDER BY b.at;
        """;

    public static async Task<DashboardView> ReadAsync(UnitOfWork work, DateTimeOffset now, CancellationToken ct)
    {
        var values = new { now, recent = now - AttentionSearch.Silence };
        await using var answers = await work.Connection.QueryMultipleAsync(
            new CommandDefinition(Sql, values, work.Transaction, cancellationToken: ct)
        );
        var sessions = await answers.ReadSingleAsync<Open>();
        var subscribers = await answers.ReadSingleAsync<Counted>();
        var nas = await answers.ReadSingleAsync<Heard>();
        var reasons = (await answers.ReadAsync<ReasonCount>()).ToList();
        var series = (await answers.ReadAsync<AuthBucket>()).ToList();
        return new DashboardView(
            sessions.Online,
            new SubscriberFigures(subscribers.Total, subscribers.Enabled, sessions.Subscribers),
            new NasFigures(nas.Total, nas.Seen),
            new AuthFigures(WindowMinutes, series.Sum(b => b.Accepts), reasons.Sum(r => r.Count), reasons, series),
            new Throughput(sessions.Upload, sessions.Download),
            []
        );
    }

    private sealed record Open(long Online, long Subscribers, long Upload, long Download);

    private sealed record Counted(long Total, long Enabled);

    private sealed record Heard(long Total, long Seen);
}
