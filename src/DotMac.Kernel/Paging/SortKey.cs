using System.Globalization;
using System.Net;

namespace DotMac.Kernel.Paging;

/// <summary>Something that a list can be sorted by.</summary>
/// <param name="Word">What callers say: the name of the field that they see.</param>
/// <param name="Expression">The SQL of it.</param>
/// <param name="Sparse">Rows may be without it; they come last in both directions.</param>
public sealed record SortKey(string Word, string Expression, SortType Type, bool Sparse = false);

/// <summary>What the values of a sort are.</summary>
public enum SortType
{
    Text,
    Whole,
    Real,
    Time,
    Network,
    Id,
}

internal static class SortTypes
{
    /// <summary>How PostgreSQL writes a time as text, with whole hours and with others from UTC.</summary>
    private static readonly string[] Times = ["yyyy-MM-dd HH:mm:ss.FFFFFFzz", "yyyy-MM-dd HH:mm:ss.FFFFFFzzz"];

    public static string Sql(this SortType type) =>
        type switch
        {
            SortType.Whole => "bigint",
            SortType.Real => "float8",
            SortType.Time => "timestamptz",
            SortType.Network => "cidr",
            SortType.Id => "uuid",
            _ => "text",
        };

    /// <summary>The value of a cursor as PostgreSQL writes it; null for what it could not read as this type.</summary>
    public static string? Read(this SortType type, string text) =>
        type switch
        {
            SortType.Whole => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? whole.ToString(CultureInfo.InvariantCulture)
                : null,
            SortType.Real => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
                ? real.ToString("R", CultureInfo.InvariantCulture)
                : null,
            SortType.Time => DateTimeOffset.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                ? text
                : null,
            SortType.Network => ReadNetwork(text),
            SortType.Id => Guid.TryParse(text, out var id) ? id.ToString() : null,
            _ => text.Contains('\0', StringComparison.Ordinal) ? null : text,
        };

    /// <summary>Without bits behind its length, and without a zone.</summary>
    private static string? ReadNetwork(string text) =>
        IPNetwork.TryParse(text, out var network)
        && !text.Contains('%', StringComparison.Ordinal)
        && IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal)), out var address)
        && network.BaseAddress.Equals(address)
            ? network.ToString()
            : null;
}
