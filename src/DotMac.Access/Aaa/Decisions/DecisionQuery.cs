using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>
/// Reads decisions, newest first. Every question walks an index: a login's rows by subscriber or name; rejects by code (each code's newest
/// rows, then the newest of these); anything else by time, in windows that grow until they hold enough.
/// </summary>
/// <param name="From">Not before; never null, or every day's partition would be read.</param>
/// <param name="Before">Only rows that stand after this one in the list.</param>
internal sealed record DecisionQuery(
    DateTimeOffset From,
    DateTimeOffset To,
    bool? Accepted = null,
    IReadOnlyList<short>? Codes = null,
    Guid? SubscriberId = null,
    string? Username = null,
    int? NasNumber = null,
    (DateTimeOffset At, short Writer)? Before = null
)
{
    private const string Narrowed = """
        AND d.at >= @From AND d.at <= @To
        AND (@at::timestamptz IS NULL OR (d.at <= @at AND (d.at, d.writer) < (@at, @writer)))
        AND (@NasNumber::int IS NULL OR d.nas_number = @NasNumber)

        """;

    private const string Coded = """
        AND (@codes::smallint[] IS NULL OR d.code = ANY (@codes)) AND (@Accepted::boolean IS NULL OR (d.code < 100) = @Accepted)

        """;

    private const string Newest = " ORDER BY d.at DESC, d.writer DESC LIMIT @take";

    private const string OfLogin =
        DecisionRow.Select
        + "FROM ((SELECT * FROM decisions d WHERE d.subscriber_id = @SubscriberId "
        + Narrowed
        + Coded
        + Newest
        + ") UNION ALL (SELECT * FROM decisions d WHERE d.subscriber_id IS NULL AND d.username = ANY (@names) "
        + Narrowed
        + Coded
        + Newest
        + ")) d"
        + DecisionRow.Joins
        + " LIMIT @take";

    private const string Rejected =
        DecisionRow.Select
        + "FROM (SELECT d.* FROM unnest(@codes::smallint[]) AS k (code) CROSS JOIN LATERAL "
        + "(SELECT * FROM decisions d WHERE d.code >= 100 AND d.code = k.code "
        + Narrowed
        + " ORDER BY d.at DESC LIMIT @take) d "
        + Newest
        + ") d"
        + DecisionRow.Joins;

    private const string ByTime =
        DecisionRow.Select + "FROM (SELECT * FROM decisions d WHERE true " + Narrowed + Coded + Newest + ") d" + DecisionRow.Joins;

    private static readonly TimeSpan[] Windows =
    [
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(4),
        TimeSpan.FromDays(2),
        TimeSpan.MaxValue,
    ];

    public async Task<IReadOnlyList<DecisionRow>> ReadAsync(UnitOfWork work, int take, CancellationToken ct)
    {
        if (Username is not null || SubscriberId is not null)
        {
            return await RunAsync(work, OfLogin, From, take, ct);
        }

        if (Accepted is false)
        {
            return await RunAsync(work, Rejected, From, take, ct);
        }

        var end = Before is { } last && last.At < To ? last.At : To;
        IReadOnlyList<DecisionRow> rows = [];
        foreach (var window in Windows)
        {
            var from = window < end - From ? end - window : From;
            rows = await RunAsync(work, ByTime, from, take, ct);
            if (rows.Count >= take || from == From)
            {
                break;
            }
        }

        return rows;
    }

    public static Task<DecisionRow?> FindAsync(UnitOfWork work, string id, CancellationToken ct) =>
        DecisionRow.ReadId(id) is not { } key
            ? Task.FromResult<DecisionRow?>(null)
            : work.Connection.QueryFirstOrDefaultAsync<DecisionRow>(
                new CommandDefinition(
                    DecisionRow.Select
                        + "FROM (SELECT * FROM decisions d WHERE d.at = @At AND d.writer = @Writer LIMIT 1) d"
                        + DecisionRow.Joins,
                    new { key.At, key.Writer },
                    work.Transaction,
                    cancellationToken: ct
                )
            );

    private async Task<IReadOnlyList<DecisionRow>> RunAsync(
        UnitOfWork work,
        string sql,
        DateTimeOffset from,
        int take,
        CancellationToken ct
    ) =>
        (
            await work.Connection.QueryAsync<DecisionRow>(
                new CommandDefinition(
                    sql,
                    new
                    {
                        From = from,
                        To,
                        Accepted,
                        codes = (Codes ?? (Accepted is false ? DecisionCodes.Rejects : null))?.ToArray(),
                        SubscriberId,
                        names = Username is null ? [] : new[] { Username, Username.ToLowerInvariant() },
                        NasNumber,
                        at = Before?.At,
                        writer = Before?.Writer,
                        take,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            )
        ).AsList();
}
