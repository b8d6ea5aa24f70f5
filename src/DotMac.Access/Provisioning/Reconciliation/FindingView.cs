using System.Security.Cryptography;
using System.Text;
using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>One difference between what is wanted, applied and seen.</summary>
public sealed class FindingView
{
    public required Guid Id { get; init; }
    public required FindingKind Kind { get; init; }
    public required Guid? SubjectId { get; init; }

    /// <summary>The subscriber's number, or "nobody".</summary>
    public required string SubjectLabel { get; init; }
    public required string What { get; init; }
    public required string? Desired { get; init; }
    public required string? Applied { get; init; }
    public required string? Observed { get; init; }

    /// <summary>When what is seen was seen.</summary>
    public required DateTimeOffset? ObservedAt { get; init; }

    /// <summary>What the repair would do; null: nothing safe can be done from here.</summary>
    public required string? Fix { get; init; }

    /// <summary>What a person can do where no repair is safe; null: nothing is known.</summary>
    public required string? Advice { get; init; }

    /// <summary>Where that is done: change_network or settings, of the subscriber; null: nowhere yet.</summary>
    public FindingForm? AdviceForm => Words.Read<FindingForm>(Form);

    /// <summary>The permission that the repair needs of whoever confirms it, beside that of steering; null when there is nothing to repair.</summary>
    public string? FixNeeds => Fix is null ? null : RepairFinding.Needed(Kind);

    /// <summary>Stands for the finding as it is shown; the repair is told it, so that nobody confirms something else.</summary>
    public string Token =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Id}\n{What}\n{Desired}\n{Applied}\n{Fix}\n{Facts}")))[..32];

    public required DateTimeOffset FoundAt { get; init; }
    public required DateTimeOffset SeenAt { get; init; }
    public required DateTimeOffset? GoneAt { get; init; }
    public required DateTimeOffset? IgnoredAt { get; init; }
    public required string? IgnoredBy { get; init; }
    public required DateTimeOffset? IgnoredUntil { get; init; }
    public required string? IgnoreReason { get; init; }

    /// <summary>The latest repair.</summary>
    public required Guid? RunId { get; init; }
    public required string? RepairedBy { get; init; }

    /// <summary>The latest repair of many that asked for it and was refused it: when, for whom, and why. None once a repair has begun.</summary>
    public required DateTimeOffset? RefusedAt { get; init; }
    public required string? RefusedBy { get; init; }
    public required string? RefusedCode { get; init; }
    public required string? RefusedWhy { get; init; }

    internal string? Form { get; init; }
    internal string Facts { get; init; } = "";
    internal string Fingerprint { get; init; } = "";

    internal const string Select = """
        SELECT f.id, f.kind, f.subject_id, f.subject_label, f.what, f.desired, f.applied, f.observed, f.observed_at, f.fix, f.found_at, f.seen_at, f.gone_at,
            f.ignored_at, f.ignored_by, f.ignored_until, f.ignore_reason, f.run_id, f.repaired_by, f.refused_at, f.refused_by, f.refused_code, f.refused_why,
            f.facts ->> 'advice' AS advice, f.facts ->> 'form' AS form, f.facts::text AS facts, f.fingerprint
        FROM reconciliation_findings f

        """;

    /// <summary>Those of them that there are, each locked until the end of the transaction.</summary>
    internal static async Task<IReadOnlyDictionary<Guid, FindingView>> LockAsync(UnitOfWork work, Guid[] ids, CancellationToken ct) =>
        (
            await work.Connection.QueryAsync<FindingView>(
                new CommandDefinition(
                    Select + "WHERE f.id = ANY(@ids) ORDER BY f.id FOR UPDATE",
                    new { ids },
                    work.Transaction,
                    cancellationToken: ct
                )
            )
        ).ToDictionary(f => f.Id);

    internal static Task<FindingView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<FindingView>(
            new CommandDefinition(Select + "WHERE f.id = @id", new { id }, work.Transaction, cancellationToken: ct)
        );
}
