using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using DotMac.Kernel.Results;

namespace DotMac.Kernel.Paging;

/// <summary>One page of a keyset-paged list.</summary>
/// <param name="NextCursor">Opaque; give it back as <c>cursor</c> for the next page. Null on the last page.</param>
/// <param name="Total">Exact number of rows, only when asked for with <c>count=true</c>.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor = null, long? Total = null)
{
    /// <summary>Makes a page of rows read with <c>LIMIT limit + 1</c>: the extra row only tells that there is more.</summary>
    public static Page<T> Of<TRow>(IReadOnlyList<TRow> rows, int limit, Func<TRow, T> item, Func<TRow, string> cursor, long? total = null)
    {
        var more = rows.Count > limit;
        var shown = more ? rows.Take(limit).ToList() : rows;
        return new Page<T>([.. shown.Select(item)], more ? cursor(shown[^1]) : null, total);
    }
}

/// <summary>Encodes the last row's sort values as an opaque cursor, and reads them back.</summary>
public static class Cursor
{
    public static readonly Error Malformed = new(
        ErrorKind.Validation,
        "validation.failed",
        "The cursor is not one that this list gave.",
        [new Fault("cursor", "bad_cursor", "Start again from the first page.")]
    );

    public static string Encode(params string?[] values) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(values));

    /// <summary>The values of a cursor, or null when it is not one with exactly <paramref name="count"/> values.</summary>
    public static string?[]? Decode(string cursor, int count)
    {
        try
        {
            var values = JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromUtf8(Encoding.UTF8.GetBytes(cursor)));
            return values?.Length == count ? values : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>The limits of every list: 1 to 500 rows a page, 50 unless told.</summary>
public static class PageSize
{
    public const int Default = 50;
    public const int Most = 500;

    public static int Of(int? asked) => Math.Clamp(asked ?? Default, 1, Most);
}
