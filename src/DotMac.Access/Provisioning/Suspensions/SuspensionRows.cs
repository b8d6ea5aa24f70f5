using System.Globalization;
using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>A row of subscriber_suspensions that nobody has ended.</summary>
internal sealed record SuspensionRow(
    Guid Id,
    SuspensionReason Reason,
    string? Note,
    string? Evidence,
    DateTimeOffset StartsAt,
    DateTimeOffset? Until,
    DateTimeOffset? InForceAt,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? EndedAt,
    string? EndedBy,
    string? EndNote
)
{
    public RecordedReason Recorded => new(Reason, StartsAt, Until, Evidence is not null, InForceAt is not null);
}

/// <summary>A row of subscriber_shields.</summary>
internal sealed record ShieldRow(
    Guid Id,
    ShieldKind Kind,
    string Holds,
    string? Note,
    DateTimeOffset StartsAt,
    DateTimeOffset? Until,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? EndedAt,
    string? EndedBy,
    string? EndNote
)
{
    public RecordedShield Recorded => new(Kind, HeldReasons.ToHashSet(), StartsAt, Until);

    /// <summary>The numbers in <see cref="Holds"/>.</summary>
    public IEnumerable<SuspensionReason> HeldReasons =>
        Holds.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(h => (SuspensionReason)short.Parse(h, CultureInfo.InvariantCulture));
}

/// <summary>Reads what is recorded about one line.</summary>
internal static class SuspensionRows
{
    private const int MostShown = 100;

    public static Task<IReadOnlyList<SuspensionRow>> ReasonsAsync(UnitOfWork work, Guid subscriber, bool alsoEnded, CancellationToken ct) =>
        ReadAsync<SuspensionRow>(
            work,
            """
            SELECT id, reason, note, evidence, starts_at, until, in_force_at, created_at, created_by, ended_at, ended_by, end_note
            FROM subscriber_suspensions WHERE subscriber_id = @subscriber AND (@alsoEnded OR ended_at IS NULL)
            ORDER BY (ended_at IS NULL) DESC, created_at DESC, id LIMIT @MostShown
            """,
            subscriber,
            alsoEnded,
            ct
        );

    public static Task<IReadOnlyList<ShieldRow>> ShieldsAsync(UnitOfWork work, Guid subscriber, bool alsoEnded, CancellationToken ct) =>
        ReadAsync<ShieldRow>(
            work,
            """
            SELECT id, kind, array_to_string(holds, ',') AS holds, note, starts_at, until, created_at, created_by, ended_at, ended_by, end_note
            FROM subscriber_shields WHERE subscriber_id = @subscriber AND (@alsoEnded OR ended_at IS NULL)
            ORDER BY (ended_at IS NULL) DESC, created_at DESC, id LIMIT @MostShown
            """,
            subscriber,
            alsoEnded,
            ct
        );

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(
        UnitOfWork work,
        string sql,
        Guid subscriber,
        bool alsoEnded,
        CancellationToken ct
    ) =>
        [
            .. await work.Connection.QueryAsync<T>(
                new CommandDefinition(
                    sql,
                    new
                    {
                        subscriber,
                        alsoEnded,
                        MostShown,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            ),
        ];
}
