using System.Text;

namespace DotMac.Network.Ipam.Import;

/// <summary>A line of a file with its cells by the names of the header.</summary>
internal sealed record CsvLine(int Number, IReadOnlyDictionary<string, string> Cells)
{
    public string? this[string column] => Cells.TryGetValue(column, out var cell) && cell.Trim() is { Length: > 0 } text ? text : null;
}

/// <summary>A file that was read.</summary>
/// <param name="OpenQuote">The line on which a quote opens that is never closed: what follows it cannot be told apart from its cell.</param>
/// <param name="TooWide">The first line with more in it than the header has columns.</param>
internal sealed record CsvFile(IReadOnlyList<string> Columns, IReadOnlyList<CsvLine> Lines, int? OpenQuote = null, int? TooWide = null);

/// <summary>Reads CSV (RFC 4180): comma or semicolon, quotes doubled inside quotes, a header that names the columns. Lines end with CR LF, LF or CR.</summary>
internal static class Csv
{
    public static CsvFile Read(string text)
    {
        var (records, openQuote) = Records(text.TrimStart('\uFEFF'));
        if (records.Count == 0)
        {
            return new CsvFile([], [], openQuote);
        }

        var columns = records[0].Cells.Select(c => c.Trim().ToLowerInvariant().Replace(' ', '_')).ToList();
        var below = records.Skip(1).Where(r => r.Cells.Exists(c => c.Trim().Length > 0)).ToList();
        var wide = below.FindIndex(r => r.Cells.Skip(columns.Count).Any(c => c.Trim().Length > 0));
        var lines = below.Select(r => new CsvLine(
            r.Line,
            columns
                .Zip(r.Cells)
                .DistinctBy(p => p.First, StringComparer.Ordinal)
                .ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal)
        ));
        return new CsvFile(columns, [.. lines], openQuote, wide < 0 ? null : below[wide].Line);
    }

    private static (List<(int Line, List<string> Cells)> Records, int? OpenQuote) Records(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var header = end < 0 ? text : text[..end];
        var separator = header.Contains(';', StringComparison.Ordinal) && !header.Contains(',', StringComparison.Ordinal) ? ';' : ',';
        var records = new List<(int, List<string>)>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        int? quoted = null;
        var (line, begun) = (1, 1);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            var endsLine = c == '\n' || (c == '\r' && next != '\n');
            line += endsLine ? 1 : 0;
            if (quoted is not null)
            {
                if (c != '"')
                {
                    cell.Append(c);
                }
                else if (next == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else
                {
                    quoted = null;
                }
            }
            else if (c == '"' && cell.Length == 0)
            {
                quoted = line;
            }
            else if (c == separator || endsLine)
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (endsLine)
                {
                    records.Add((begun, cells));
                    cells = [];
                    begun = line;
                }
            }
            else if (c != '\r')
            {
                cell.Append(c);
            }
        }

        if (cell.Length > 0 || cells.Count > 0)
        {
            cells.Add(cell.ToString());
            records.Add((begun, cells));
        }

        return (records, quoted);
    }
}
