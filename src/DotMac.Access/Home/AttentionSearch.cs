using System.Globalization;
using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Secrets;

namespace DotMac.Access.Home;

/// <summary>Looks for what an operator should know: silent NAS, unsigned requests, known secrets, failing logins, ghosts, stuck events.</summary>
internal sealed class AttentionSearch(UnitOfWork work, SecretBox box, DateTimeOffset now)
{
    /// <summary>Three default interim intervals: a NAS with open sessions is never quiet that long.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);

    private const string Warning = "warning";
    private const string Critical = "critical";
    private const int ManyRejects = 5;
    private const int MostOfAKind = 5;

    /// <summary>Secrets that stand in every manual.</summary>
    private static readonly HashSet<string> KnownSecrets = new(StringComparer.OrdinalIgnoreCase)
    {
        "testing123",
        "testing123-1",
        "password",
        "password1",
        "passw0rd",
        "changeme",
        "changeit",
        "radius123",
        "radiussecret",
        "radsecret",
        "mysecret",
        "sharedsecret",
        "secret123",
        "mikrotik",
        "cisco123",
        "huawei123",
        "admin123",
        "12345678",
        "123456789",
        "1234567890",
        "whatever",
    };

    private const string NasRows = """
        SELECT n.id, n.shortname, n.secret, n.message_authenticator_policy AS policy, a.last_seen_at,
            coalesce(a.unsigned_requests, 0) AS unsigned_requests, coalesce(o.sessions, 0) AS sessions
        FROM nas n LEFT JOIN nas_activity a ON a.nas_id = n.id
        LEFT JOIN (SELECT nas_id, count(*) AS sessions FROM radacct WHERE acctstoptime IS NULL GROUP BY nas_id) o ON o.nas_id = n.id
        WHERE n.enabled ORDER BY n.shortname LIMIT 2000
        """;

    private const string RejectedRows = """
        SELECT coalesce(s.username, r.username, '') AS username, r.subscriber_id, r.rejects, k.code
        FROM (
            SELECT subscriber_id, CASE WHEN subscriber_id IS NULL THEN username END AS username, count(*) AS rejects,
                mode() WITHIN GROUP (ORDER BY code) AS code
            FROM decisions WHERE at > @from AND code >= 100
            GROUP BY 1, 2 HAVING count(*) >= @ManyRejects ORDER BY count(*) DESC LIMIT @MostOfAKind
        ) r
        LEFT JOIN subscribers s ON s.id = r.subscriber_id
        LEFT JOIN decision_codes k ON k.number = r.code
        ORDER BY r.rejects DESC, 1
        """;

    private const string Stale =
        "SELECT count(*) FROM radacct WHERE acctstoptime IS NULL AND acctupdatetime < @before AND acctinterval IS NOT NULL";

    private const string GivenUp = "SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL";

    public async Task<IReadOnlyList<Attention>> FindAsync(CancellationToken ct)
    {
        var found = new List<Attention>();
        await FindEventsAsync(found, ct);
        await FindNasAsync(found, ct);
        await FindStaleAsync(found, ct);
        await FindLoginsAsync(found, ct);
        return [.. found.OrderBy(a => a.Severity == Critical ? 0 : 1)];
    }

    private async Task FindEventsAsync(List<Attention> found, CancellationToken ct)
    {
        var events = await work.Connection.ExecuteScalarAsync<long>(
            new CommandDefinition(GivenUp, transaction: work.Transaction, cancellationToken: ct)
        );
        if (events > 0)
        {
            found.Add(
                new(
                    "events.given_up",
                    Critical,
                    $"{events} tasks were given up",
                    "The worker tried them many times, for example to disconnect a login from a NAS that never answered.",
                    "/audit"
                )
            );
        }
    }

    private async Task FindNasAsync(List<Attention> found, CancellationToken ct)
    {
        var rows = (
            await work.Connection.QueryAsync<NasRow>(new CommandDefinition(NasRows, transaction: work.Transaction, cancellationToken: ct))
        ).ToList();
        Add(found, rows, n => n.Sessions > 0 && (n.LastSeenAt is null || now - n.LastSeenAt > Silence), Silent);
        Add(found, rows, n => n.UnsignedRequests > 0 && n.Policy != (short)MessageAuthenticatorPolicy.Require, Unsigned);
        Add(found, rows, n => KnownSecrets.Contains(box.Open(SecretPurpose.NasSecret, n.Secret)), KnownSecret);
    }

    private static void Add(List<Attention> found, List<NasRow> rows, Predicate<NasRow> concerns, Func<NasRow, Attention> item) =>
        found.AddRange(rows.Where(n => concerns(n)).Take(MostOfAKind).Select(item));

    private Attention Silent(NasRow nas) =>
        new(
            "nas.silent",
            Critical,
            $"{nas.Shortname} is silent",
            nas.LastSeenAt is { } seen
                ? $"{nas.Sessions} sessions are open on it, and nothing came from it for {Minutes(now - seen)} minutes."
                : $"{nas.Sessions} sessions are open on it, and nothing ever came from it.",
            $"/nas/{nas.Id}"
        );

    private static Attention Unsigned(NasRow nas) =>
        new(
            "nas.unsigned",
            Warning,
            $"{nas.Shortname} sends requests without Message-Authenticator",
            "Whoever can change its packets can forge our answers (CVE-2024-3596). Update it or switch the attribute on, then set its policy to require.",
            $"/nas/{nas.Id}"
        );

    private static Attention KnownSecret(NasRow nas) =>
        new(
            "nas.weak_secret",
            Warning,
            $"The shared secret of {nas.Shortname} stands in manuals",
            "Anybody can guess it. Give the NAS a random one, here and on the NAS.",
            $"/nas/{nas.Id}"
        );

    private async Task FindStaleAsync(List<Attention> found, CancellationToken ct)
    {
        var stale = await work.Connection.ExecuteScalarAsync<long>(
            new CommandDefinition(Stale, new { before = now - Silence }, work.Transaction, cancellationToken: ct)
        );
        if (stale > 0)
        {
            found.Add(
                new(
                    "sessions.stale",
                    Warning,
                    $"{stale} open sessions are not reported any more",
                    $"Their NAS has not sent an interim record for {Minutes(Silence)} minutes: they may be gone.",
                    "/sessions"
                )
            );
        }
    }

    private async Task FindLoginsAsync(List<Attention> found, CancellationToken ct)
    {
        var rows = await work.Connection.QueryAsync<RejectedRow>(
            new CommandDefinition(
                RejectedRows,
                new
                {
                    from = now.AddHours(-1),
                    ManyRejects,
                    MostOfAKind,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        found.AddRange(
            rows.Select(r => new Attention(
                "login.rejected",
                Warning,
                $"{r.Username} was rejected {r.Rejects} times in the last hour",
                $"Mostly {r.Code}.",
                r.SubscriberId is { } id ? $"/subscribers/{id}" : "/subscribers"
            ))
        );
    }

    private static string Minutes(TimeSpan time) => ((long)time.TotalMinutes).ToString(CultureInfo.InvariantCulture);

    private sealed record NasRow(
        Guid Id,
        string Shortname,
        byte[] Secret,
        short Policy,
        DateTimeOffset? LastSeenAt,
        long UnsignedRequests,
        long Sessions
    );

    private sealed record RejectedRow(string Username, Guid? SubscriberId, long Rejects, string Code);
}
