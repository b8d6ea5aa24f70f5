using System.Text;

namespace DotMac.Network.Ipam.Import;

/// <summary>A line of a file with its cells by the names of the header.</summary>
internal sealed record CsvLine(int Number, IReadOnlyDictionary<string, string> Cells)
{
    public string? this[string column] => Cells.TryGetValue(column, out var cell) && cell.Trim() is { Length: > 0 } text ? text : null;
}

/// <summary>Reads CSV (RFC 4180): comma or semicolon, quotes doubled inside quotes, a header that names the columns.</summary>
internal static class Csv
{
    public static (IReadOnlyList<string> Columns, IReadOnlyList<CsvLine> Lines) Read(string text)
    {
        var records = Records(text.TrimStart('\uFEFF')).ToList();
        if (records.Count == 0)
        {
            return ([], []);
        }

        var columns = records[0].Cells.Select(c => c.Trim().ToLowerInvariant().Replace(' ', '_')).ToList();
        var lines = records
            .Skip(1)
            .Where(r => r.Cells.Exists(c => c.Trim().Length > 0))
            .Select(r => new CsvLine(
                r.Line,
                columns
                    .Zip(r.Cells)
                    .DistinctBy(p => p.First, StringComparer.Ordinal)
                    .ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal)
            ));
        return (columns, [.. lines]);
    }

    private static IEnumerable<(int Line, List<string> Cells)> Records(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var header = end < 0 ? text : text[..end];
        var separator = header.Contains(';', StringComparison.Ordinal) && !header.Contains(',', StringComparison.Ordinal) ? ';' : ',';
        var cells = new List<string>();
        var cell = new StringBuilder();
        var (quoted, line, begun) = (false, 1, 1);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            line += c == '\n' ? 1 : 0;
            if (quoted)
            {
                if (c != '"')
                {
                    cell.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (c == separator)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (c == '\n')
            {
                cells.Add(cell.ToString().TrimEnd('\r'));
                cell.Clear();
                yield return (begun, cells);
                cells = [];
                begun = line;
            }
            else
            {
                cell.Append(c);
            }
        }

        if (cell.Length > 0 || cells.Count > 0)
        {
            cells.Add(cell.ToString().TrimEnd('\r'));
            yield return (begun, cells);
        }
    }
}
