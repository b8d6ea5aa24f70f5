using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;

namespace DotMac.Kernel.Paging;

/// <summary>What a caller asks of a list beside its filters.</summary>
/// <param name="Sort">One of the list's sort words, with - before it from the end; null is the list's own sort.</param>
public sealed record Asked(string? Sort = null, int? Limit = null, string? Cursor = null, bool? Count = null);

/// <summary>A keyset-paged list over SQL in one of its sorts. Every row has its place, because the id decides between equals.</summary>
/// <param name="Select">SELECT … FROM, the id as its first column.</param>
/// <param name="Id">The id's expression: alias and column.</param>
/// <param name="Initial">The sort when none is asked for.</param>
/// <param name="Keys">What it can be sorted by: something indexed, or of rows few enough to sort.</param>
public sealed record Listing(string Select, string Id, string Initial, params SortKey[] Keys)
{
    public SortType IdType { get; init; } = SortType.Id;

    /// <summary>
    /// Where <see cref="Select"/> counts beside each row: FROM … with only what filters and sorts name. The page is chosen there, and counted
    /// beside are its rows alone, not all that there are.
    /// </summary>
    public string? ChosenFrom { get; init; }

    /// <summary>Adds the fault of a sort word that this list does not have.</summary>
    public Faults Check(Faults faults, string? sort) =>
        faults.Check(
            OrderOf(sort) is not null,
            "sort",
            "unknown",
            $"One of {string.Join(", ", Keys.Select(k => k.Word))}, or one of them with - before it."
        );

    /// <param name="where">WHERE …: the filters, with the parameters in <paramref name="values"/>.</param>
    public async Task<Result<Page<TView>>> ReadAsync<TRow, TView>(
        UnitOfWork work,
        string where,
        DynamicParameters values,
        Asked asked,
        Func<TRow, TView> view,
        CancellationToken ct
    )
        where TRow : class
    {
        if (OrderOf(asked.Sort) is not { } order)
        {
            return Check(new Faults(), asked.Sort).Error!;
        }

        var after = "";
        if (asked.Cursor is { Length: > 0 })
        {
            if (order.Read(asked.Cursor) is not { } place)
            {
                return Cursor.Malformed;
            }

            values.Add("afterValue", place.Value);
            values.Add("afterKey", place.Key);
            after = order.After(place);
        }

        var limit = PageSize.Of(asked.Limit);
        values.Add("take", limit + 1);
        var rows = await work.Connection.QueryAsync<Place, TRow, (Place Place, TRow Row)>(
            new CommandDefinition(
                string.Concat(
                    ChosenFrom is null
                        ? [order.Places, Whole, where, after, order.By, " LIMIT @take"]
                        :
                        [
                            string.Concat([order.Places, Whole, "WHERE ", Id, " = ANY(ARRAY(SELECT ", Id, " ", ChosenFrom]),
                            string.Concat([where, after, order.By, " LIMIT @take)) ", order.By]),
                        ]
                ),
                values,
                work.Transaction,
                cancellationToken: ct
            ),
            (place, row) => (place, row),
            splitOn: Id[(Id.IndexOf('.', StringComparison.Ordinal) + 1)..]
        );
        long? total = asked.Count is true
            ? await work.Connection.ExecuteScalarAsync<long>(
                new CommandDefinition(
                    ChosenFrom is null
                        ? string.Concat("SELECT count(*) FROM (", Select, where, ") AS counted")
                        : string.Concat("SELECT count(*) ", ChosenFrom, where),
                    values,
                    work.Transaction,
                    cancellationToken: ct
                )
            )
            : null;
        return Page<TView>.Of([.. rows], limit, r => view(r.Row), r => order.CursorOf(r.Place), total);
    }

    public Task<Result<Page<TRow>>> ReadAsync<TRow>(
        UnitOfWork work,
        string where,
        DynamicParameters values,
        Asked asked,
        CancellationToken ct
    )
        where TRow : class => ReadAsync<TRow, TRow>(work, where, values, asked, r => r, ct);

    private string Whole => Select["SELECT".Length..];

    private Order? OrderOf(string? sort)
    {
        var word = string.IsNullOrWhiteSpace(sort) ? Initial : sort.Trim();
        return Keys.SingleOrDefault(k => k.Word == word.TrimStart('-')) is { } key && !word.StartsWith("--", StringComparison.Ordinal)
            ? new Order(word, key, Id, IdType)
            : null;
    }

    /// <summary>Where a row stands in its list.</summary>
    /// <param name="Value">What it is sorted by, as text; null when the row has none.</param>
    private sealed record Place(string? Value, string Key);

    /// <summary>One sort in one direction.</summary>
    private sealed class Order(string word, SortKey key, string id, SortType idType)
    {
        private readonly bool descending = word.StartsWith('-');

        public string Places => string.Concat(["SELECT (", key.Expression, ")::text AS value, ", id, "::text AS key,"]);

        public string By
        {
            get
            {
                var direction = descending ? " DESC" : "";
                return string.Concat([" ORDER BY ", key.Expression, direction, key.Sparse ? " NULLS LAST, " : ", ", id, direction]);
            }
        }

        /// <summary>Only rows behind this one.</summary>
        public string After(Place place)
        {
            var than = descending ? " < " : " > ";
            var value = string.Concat("@afterValue::", key.Type.Sql());
            var last = string.Concat("@afterKey::", idType.Sql());
            return place.Value is null ? string.Concat([" AND ", key.Expression, " IS NULL AND ", id, than, last])
                : key.Sparse
                    ? string.Concat([
                        string.Concat([" AND (", key.Expression, than, value, " OR ", key.Expression, " = ", value]),
                        string.Concat([" AND ", id, than, last, " OR ", key.Expression, " IS NULL)"]),
                    ])
                : string.Concat([" AND (", key.Expression, ", ", id, ")", than, "(", value, ", ", last, ")"]);
        }

        public string CursorOf(Place place) => Cursor.Encode(word, place.Value, place.Key);

        /// <summary>The row to go on behind; null when the cursor is not one of this sort.</summary>
        public Place? Read(string cursor)
        {
            if (
                Cursor.Decode(cursor, 3) is not [{ } cursorWord, var value, { } last]
                || cursorWord != word
                || idType.Read(last) is not { } decider
            )
            {
                return null;
            }

            return value is null
                ? key.Sparse
                    ? new Place(null, decider)
                    : null
                : key.Type.Read(value) is { } read
                    ? new Place(read, decider)
                    : null;
        }
    }
}
