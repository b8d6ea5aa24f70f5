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
    bool Count = false
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

        var state = Active switch
        {
            true => Open,
            false => Closed,
            null => "",
        };
        var rows = await work.Connection.QueryAsync<SessionView.Row>(
            new CommandDefinition(
                string.Concat(SessionView.Select, Where, state, Active is true ? OpenOrder : Order),
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
        return Page<SessionView>.Of([.. rows], limit, r => r.ToView(), CursorOf, total);
    }

    private static string CursorOf(SessionView.Row row) =>
        Kernel.Paging.Cursor.Encode(
            row.Number.ToString(CultureInfo.InvariantCulture),
            row.StartedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
        );

    private bool TryReadCursor(DynamicParameters parameters)
    {
        long? number = null;
        DateTimeOffset? started = null;
        if (Cursor is { Length: > 0 })
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
