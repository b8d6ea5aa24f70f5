using DotMac.Kernel.Results;

namespace DotMac.Network.Ipam.Import;

/// <summary>What became of a line, or would become of it.</summary>
/// <param name="Line">Line of the file, from 1; the header is line 1.</param>
/// <param name="Outcome"><c>created</c>, <c>unchanged</c> (stands in the plan already) or <c>failed</c>.</param>
public sealed record ImportedLine(int Line, string Value, string Outcome, string? Code = null, string? Message = null);

/// <summary>What became of a file. When a line fails, nothing of the file is kept.</summary>
/// <param name="IsKept">Whether it was written: no dry run, and no line failed.</param>
/// <param name="Lines">Those that failed first, at most 1,000.</param>
public sealed record ImportView(
    bool IsDryRun,
    bool IsKept,
    int Total,
    int Created,
    int Unchanged,
    int Failed,
    IReadOnlyList<ImportedLine> Lines
)
{
    /// <summary>More would keep a transaction open for too long.</summary>
    internal const int MostLines = 10_000;

    internal static ImportView Of(bool dryRun, IReadOnlyList<ImportedLine> lines)
    {
        var failed = lines.Count(l => l.Outcome == "failed");
        return new ImportView(
            dryRun,
            !dryRun && failed == 0,
            lines.Count,
            lines.Count(l => l.Outcome == "created"),
            lines.Count(l => l.Outcome == "unchanged"),
            failed,
            [.. lines.OrderBy(l => l.Outcome != "failed").ThenBy(l => l.Line).Take(1000)]
        );
    }

    /// <summary>The lines of a file whose header has the column that matters.</summary>
    internal static Result<IReadOnlyList<CsvLine>> ReadLines(string text, string column)
    {
        var file = Csv.Read(text);
        var (columns, lines) = (file.Columns, file.Lines);
        var faults = new Faults()
            .Check(
                columns.Contains(column, StringComparer.Ordinal),
                "file",
                "no_header",
                $"The first line must name the columns, and {column} among them."
            )
            .Check(
                lines.Count > 0 || !columns.Contains(column, StringComparer.Ordinal),
                "file",
                "empty",
                "There is nothing below the header."
            )
            .Check(lines.Count <= MostLines, "file", "too_long", $"At most {MostLines} lines.")
            .Check(file.OpenQuote is null, "file", "open_quote", $"The quote that opens on line {file.OpenQuote} is never closed.")
            .Check(file.TooWide is null, "file", "too_wide", $"Line {file.TooWide} has more cells than the first line names columns.");
        return faults.Error is { } error ? error : (Result<IReadOnlyList<CsvLine>>)new List<CsvLine>(lines);
    }
}
