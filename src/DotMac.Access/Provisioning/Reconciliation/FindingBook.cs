using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>The findings as they are kept: the same difference is the same finding, however often it is seen.</summary>
internal sealed class FindingBook(UnitOfWork work, TimeProvider clock)
{
    private const string Keep = """
        INSERT INTO reconciliation_findings AS f (tenant_id, id, fingerprint, kind, subject_id, subject_label, what, desired, applied, observed, observed_at,
            fix, facts, found_at, seen_at)
        VALUES (@TenantId, @id, @Fingerprint, @kind, @SubjectId, @SubjectLabel, @What, @Desired, @Applied, @Observed, @ObservedAt, @Fix, @facts::jsonb, @now, @now)
        ON CONFLICT (tenant_id, fingerprint) DO UPDATE SET what = excluded.what, desired = excluded.desired, applied = excluded.applied,
            observed = excluded.observed, observed_at = excluded.observed_at, fix = excluded.fix, facts = excluded.facts, seen_at = excluded.seen_at,
            subject_label = excluded.subject_label,
            id = CASE WHEN f.gone_at IS NULL THEN f.id ELSE excluded.id END,
            found_at = CASE WHEN f.gone_at IS NULL THEN f.found_at ELSE excluded.found_at END,
            ignored_at = CASE WHEN f.gone_at IS NULL THEN f.ignored_at END, ignored_by = CASE WHEN f.gone_at IS NULL THEN f.ignored_by END,
            ignored_until = CASE WHEN f.gone_at IS NULL THEN f.ignored_until END,
            ignore_reason = CASE WHEN f.gone_at IS NULL THEN f.ignore_reason END,
            run_id = CASE WHEN f.gone_at IS NULL THEN f.run_id END, repaired_by = CASE WHEN f.gone_at IS NULL THEN f.repaired_by END,
            refused_at = CASE WHEN f.gone_at IS NULL THEN f.refused_at END, refused_by = CASE WHEN f.gone_at IS NULL THEN f.refused_by END,
            refused_code = CASE WHEN f.gone_at IS NULL THEN f.refused_code END, refused_why = CASE WHEN f.gone_at IS NULL THEN f.refused_why END,
            gone_at = NULL
        RETURNING found_at = @now
        """;

    // Whoever repairs many locks them in this order too; one by one as they were found, each would wait for the other.
    private const string LockAll = """
        SELECT FROM reconciliation_findings WHERE gone_at IS NULL OR fingerprint = ANY(@prints) ORDER BY id FOR UPDATE
        """;

    private const string NotSeen = """
        UPDATE reconciliation_findings SET gone_at = @now WHERE gone_at IS NULL AND seen_at < @now AND kind <> ALL(@silent)
            AND (subject_id = ANY(@busy)) IS NOT TRUE AND ((facts->>'other_id')::uuid = ANY(@busy)) IS NOT TRUE
        """;

    private const string Started = """
        UPDATE reconciliation_findings SET run_id = @run, refused_at = NULL, refused_by = NULL, refused_code = NULL, refused_why = NULL WHERE id = @id
        """;

    private const string Refused = """
        UPDATE reconciliation_findings SET refused_at = @now, refused_by = @by, refused_code = @Code, refused_why = @Message
        WHERE id = @id AND gone_at IS NULL
        """;

    /// <summary>
    /// Keeps what was found, and marks as gone what was not. Of kinds whose system was silent, and of subscribers that something was working on,
    /// nothing was said: they stay as they were.
    /// </summary>
    public async Task<(int Appeared, int Gone)> KeepAsync(
        IReadOnlyList<Found> found,
        IReadOnlyList<FindingKind> silent,
        IReadOnlySet<Guid> busy,
        CancellationToken ct
    )
    {
        var now = Now();
        var appeared = 0;
        await work.Connection.ExecuteAsync(Command(LockAll, new { prints = found.Select(f => f.Fingerprint).ToArray() }, ct));
        foreach (var one in found)
        {
            appeared += await work.Connection.ExecuteScalarAsync<bool>(
                Command(
                    Keep,
                    new
                    {
                        work.TenantId,
                        id = Guid.CreateVersion7(now),
                        one.Fingerprint,
                        kind = (short)one.Kind,
                        one.SubjectId,
                        one.SubjectLabel,
                        one.What,
                        one.Desired,
                        one.Applied,
                        one.Observed,
                        one.ObservedAt,
                        one.Fix,
                        facts = JsonSerializer.Serialize(one.Facts, SagaJson.Options),
                        now,
                    },
                    ct
                )
            )
                ? 1
                : 0;
        }

        var gone = await work.Connection.ExecuteAsync(
            Command(
                NotSeen,
                new
                {
                    now,
                    silent = silent.Select(k => (short)k).ToArray(),
                    busy = busy.ToArray(),
                },
                ct
            )
        );
        return (appeared, gone);
    }

    /// <summary>The repair saw to it: gone, by whom.</summary>
    public Task CloseAsync(Guid id, string by, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            Command(
                "UPDATE reconciliation_findings SET gone_at = @now, repaired_by = @by WHERE id = @id AND gone_at IS NULL",
                new
                {
                    id,
                    by,
                    now = Now(),
                },
                ct
            )
        );

    public Task RunStartedAsync(Guid id, Guid run, CancellationToken ct) =>
        work.Connection.ExecuteAsync(Command(Started, new { id, run }, ct));

    /// <summary>Its repair was asked for and not begun; of one that is gone nothing is kept.</summary>
    public Task RefusedAsync(Guid id, string by, Error why, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            Command(
                Refused,
                new
                {
                    id,
                    by,
                    why.Code,
                    why.Message,
                    now = Now(),
                },
                ct
            )
        );

    // PostgreSQL keeps microseconds; what was just written must compare equal.
    private DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % 10), TimeSpan.Zero);
    }

    private CommandDefinition Command(string sql, object values, CancellationToken ct) =>
        new(sql, values, work.Transaction, cancellationToken: ct);
}
