using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;

namespace DotMac.Network.Ipam.Registry;

/// <summary>A row of a list with what it is sorted by.</summary>
internal interface IListed
{
    Guid Id { get; }

    /// <summary>The sort value as text: what the cursor holds.</summary>
    string Sort { get; }
}

/// <summary>A keyset-paged list over SQL: one sort, then the id.</summary>
/// <param name="Select">SELECT … FROM, with the columns <c>id</c> and <c>sort</c> (text).</param>
/// <param name="Sort">The expression that it is sorted by.</param>
/// <param name="SortType">PostgreSQL type of that expression.</param>
/// <param name="Id">The id's expression.</param>
internal sealed record Listing(string Select, string Sort, string SortType, string Id, bool Descending = false)
{
    public async Task<Result<Page<TView>>> ReadAsync<TRow, TView>(
        UnitOfWork work,
        string where,
        DynamicParameters values,
        int? limit,
        string? cursor,
        bool? count,
        Func<TRow, TView> view,
        CancellationToken ct
    )
        where TRow : IListed
    {
        var after = "";
        if (cursor is { Length: > 0 })
        {
            if (Cursor.Decode(cursor, 2) is not [{ } sort, { } text] || !Guid.TryParse(text, out var id))
            {
                return Cursor.Malformed;
            }

            values.Add("afterSort", sort);
            values.Add("afterId", id);
            after = string.Concat(
                " AND (",
                Sort,
                ", ",
                Id,
                Descending ? ") < (@afterSort::" : ") > (@afterSort::",
                SortType,
                ", @afterId)"
            );
        }

        var most = PageSize.Of(limit);
        values.Add("take", most + 1);
        var (one, two) = Descending ? (" DESC, ", " DESC LIMIT @take") : (", ", " LIMIT @take");
        var sql = string.Concat([Select, where, after, " ORDER BY ", Sort, one, Id, two]);
        var rows = await work.Connection.QueryAsync<TRow>(new CommandDefinition(sql, values, work.Transaction, cancellationToken: ct));
        long? total = count is true
            ? await work.Connection.ExecuteScalarAsync<long>(
                new CommandDefinition(
                    string.Concat("SELECT count(*) FROM (", Select, where, ") AS counted"),
                    values,
                    work.Transaction,
                    cancellationToken: ct
                )
            )
            : null;
        return Page<TView>.Of([.. rows], most, view, r => Cursor.Encode(r.Sort, r.Id.ToString()), total);
    }
}

/// <summary>What every list of the plan takes.</summary>
internal static class Filters
{
    /// <summary>Without surrounding white space; null when nothing is left.</summary>
    public static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>A LIKE pattern that finds the text anywhere, its wildcards taken literally; null finds everything.</summary>
    public static string? Contains(string? text) =>
        Clean(text) is { } clean
            ? $"%{clean.ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%"
            : null;
}
