namespace DotMac.Access.Home;

/// <summary>The home page's figures. Rates in bit/s, from the latest interval that each session reported.</summary>
public sealed record DashboardView(
    long SessionsOnline,
    SubscriberFigures Subscribers,
    NasFigures Nas,
    AuthFigures Auth,
    Throughput Throughput,
    IReadOnlyList<Attention> Attention
);

/// <param name="Online">Subscribers with at least one open session.</param>
public sealed record SubscriberFigures(long Total, long Enabled, long Online);

/// <param name="SeenRecently">Enabled NAS heard from in the last 15 minutes.</param>
public sealed record NasFigures(long Total, long SeenRecently);

/// <summary>Answers to Access-Requests in the last hour.</summary>
/// <param name="ByReason">Rejects by their code, most frequent first.</param>
/// <param name="Series">Per five minutes, without gaps; the last one is not over yet.</param>
public sealed record AuthFigures(
    int WindowMinutes,
    long Accepts,
    long Rejects,
    IReadOnlyList<ReasonCount> ByReason,
    IReadOnlyList<AuthBucket> Series
);

public sealed record ReasonCount(string Code, long Count);

public sealed record AuthBucket(DateTimeOffset At, long Accepts, long Rejects);

public sealed record Throughput(long UploadBps, long DownloadBps);

/// <summary>Something that somebody should look at.</summary>
/// <param name="Kind">Stable word: nas.silent, nas.unsigned, nas.weak_secret, login.rejected, sessions.stale, events.given_up.</param>
/// <param name="Severity">warning or critical.</param>
/// <param name="Href">Where in the console to look.</param>
public sealed record Attention(string Kind, string Severity, string Title, string Detail, string Href);
