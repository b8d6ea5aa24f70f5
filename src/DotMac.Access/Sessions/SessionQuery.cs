using System.Globalization;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;

namespace DotMac.Access.Sessions;

/// <summary>Reads pages of sessions, newest first: open ones by their number, others by their start (each has an index for that).</summary>
internal sealed record SessionQuery(
    bool? Active = null,
    Guid? SubscriberId = null,
    string? Username = null,
    Guid? NasId = null,
    string? Pattern = null,
    int? Limit = null,
    string? Cursor = null,
    bool Count = false,
    SessionOrder? Sorted = null
)
{
    private const string Where = """
        WHERE (@NasId::uuid IS NULL OR r.nas_id = @NasId)
            AND (@SubscriberId::uuid IS NULL OR r.subscriber_id = @SubscriberId)
            AND (@Username::text IS NULL OR lower(r.username) = @Username)
            AND (@Pattern::text IS NULL OR lower(concat_ws(' ', r.username, r.acctsessionid, r.callingstationid, host(r.framedipaddress),
                r.framedipv6prefix::text, r.delegatedipv6prefix::text, r.nasportid, n.shortname)) LIKE @Pattern)

        """;

    private const string Open = "AND r.acctstoptime IS NULL ";
    private const string Closed = "AND r.acctstoptime IS NOT NULL ";
    private const string OpenOrder = "AND (@number::bigint IS NULL OR r.radacctid < @number) ORDER BY r.radacctid DESC LIMIT @take";
    private const string Marked = """
        JOIN places p ON p.radacctid = r.radacctid AND p.acctstarttime = r.acctstarttime
        WHERE (p.place - 1) % @every = 0 ORDER BY p.place
        """;

    private const string Order = """
        AND (@number::bigint IS NULL OR (r.acctstarttime, r.radacctid) < (@started::timestamptz, @number))
        ORDER BY r.acctstarttime DESC, r.radacctid DESC LIMIT @take
        """;

    public async Task<Result<Page<SessionView>>> ReadAsync(UnitOfWork work, CancellationToken ct)
    {
        var limit = PageSize.Of(Limit);
        var parameters = new DynamicParameters(
            new
            {
                NasId,
                SubscriberId,
                Username,
                Pattern,
                take = limit + 1,
            }
        );
        if (!TryReadCursor(parameters))
        {
            return Kernel.Paging.Cursor.Malformed;
        }

        var state = State;
        var order = (Sorted, Active) switch
        {
            ({ } sorted, _) => string.Concat(Cursor is { Length: > 0 } ? sorted.After : "", sorted.By, "LIMIT @take"),
            (null, true) => OpenOrder,
            _ => Order,
        };
        var rows = await work.Connection.QueryAsync<SessionView.Row>(
            new CommandDefinition(
                string.Concat(SessionView.Select, Where, state, order),
                parameters,
                work.Transaction,
                cancellationToken: ct
            )
        );
        long? total = Count
            ? await work.Connection.ExecuteScalarAsync<long>(
                new CommandDefinition(
                    string.Concat("SELECT count(*) FROM radacct r LEFT JOIN nas n ON n.id = r.nas_id ", Where, state),
                    parameters,
                    work.Transaction,
                    cancellationToken: ct
                )
            )
            : null;
        return Page<SessionView>.Of([.. rows], limit, r => r.ToView(), Sorted is null ? CursorOf : Sorted.CursorOf, total);
    }

    /// <summary>How many rows there are, and the cursor before the first of every so many of them: the doors to each page of the list.</summary>
    public async Task<(long Total, IReadOnlyList<string> Cursors)> MarksAsync(UnitOfWork work, int every, CancellationToken ct)
    {
        var places = string.Concat(
            "WITH places AS (SELECT r.radacctid, r.acctstarttime, row_number() OVER (",
            Sorted?.By ?? "ORDER BY r.radacctid DESC",
            ") AS place FROM radacct r LEFT JOIN nas n ON n.id = r.nas_id "
        );
        var parameters = new
        {
            NasId,
            SubscriberId,
            Username,
            Pattern,
            every,
        };
        var rows = await work.Connection.QueryAsync<SessionView.Row>(
            new CommandDefinition(
                string.Concat(places, Where, State, ") ") + SessionView.Select + Marked,
                parameters,
                work.Transaction,
                cancellationToken: ct
            )
        );
        var total = await work.Connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                string.Concat("SELECT count(*) FROM radacct r LEFT JOIN nas n ON n.id = r.nas_id ", Where, State),
                parameters,
                work.Transaction,
                cancellationToken: ct
            )
        );
        Func<SessionView.Row, string> before = Sorted is null ? (r => CursorOf(r with { Number = r.Number + 1 })) : Sorted.CursorBefore;
        return (total, [.. rows.Select(before)]);
    }

    private string State =>
        Active switch
        {
            true => Open,
            false => Closed,
            null => "",
        };

    private static string CursorOf(SessionView.Row row) =>
        Kernel.Paging.Cursor.Encode(
            row.Number.ToString(CultureInfo.InvariantCulture),
            row.StartedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
        );

    private bool TryReadCursor(DynamicParameters parameters)
    {
        long? number = null;
        DateTimeOffset? started = null;
        if (Cursor is { Length: > 0 } && Sorted is not null)
        {
            if (Sorted.Read(Cursor) is not { } behind)
            {
                return false;
            }

            parameters.Add("afterValue", behind.Value);
            number = behind.Number;
        }
        else if (Cursor is { Length: > 0 })
        {
            if (
                Kernel.Paging.Cursor.Decode(Cursor, 2) is not [{ } n, { } s]
                || !long.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var parsedNumber)
                || !DateTimeOffset.TryParseExact(s, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsedStart)
            )
            {
                return false;
            }

            (number, started) = (parsedNumber, parsedStart);
        }

        parameters.Add("number", number, System.Data.DbType.Int64);
        parameters.Add("started", started);
        return true;
    }
}
