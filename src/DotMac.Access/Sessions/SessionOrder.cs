using System.Globalization;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;

namespace DotMac.Access.Sessions;

/// <summary>A sort of the open sessions. Every row has its place, because the row's number decides between equals.</summary>
internal sealed class SessionOrder
{
    /// <summary>The sort words. Only open sessions are sorted by them: as many as an ISP has online, not as many as it ever had.</summary>
    private static readonly Dictionary<string, Key> Keys = new(StringComparer.Ordinal)
    {
        ["started_at"] = new("r.acctstarttime", "@afterValue::timestamptz", r => Text(r.StartedAt)),
        ["updated_at"] = new("r.acctupdatetime", "@afterValue::timestamptz", r => Text(r.UpdatedAt)),
        ["username"] = new("coalesce(r.username, '')", "@afterValue::text", r => r.Username ?? ""),
        ["nas"] = new("coalesce(n.shortname, '')", "@afterValue::text", r => r.NasShortname ?? ""),
        ["download_bps"] = new("r.download_bps", "@afterValue::bigint", r => Text(r.DownloadBps)),
        ["upload_bps"] = new("r.upload_bps", "@afterValue::bigint", r => Text(r.UploadBps)),
        ["traffic"] = new("r.acctinputoctets + r.acctoutputoctets", "@afterValue::bigint", r => Text(r.UploadedBytes + r.DownloadedBytes)),
    };

    private readonly string word;
    private readonly Key key;
    private readonly string direction;
    private readonly string than;

    private SessionOrder(string word, Key key, bool descending)
    {
        this.word = word;
        this.key = key;
        (direction, than) = descending ? ("DESC", " < ") : ("ASC", " > ");
    }

    /// <summary>The refusal of an unknown sort word. Without a word there is no order to make: newest first needs none.</summary>
    public static Error? TryOf(string? sort, out SessionOrder? order)
    {
        order = null;
        if (Input.Clean(sort) is not { } asked)
        {
            return null;
        }

        var descending = asked.StartsWith('-');
        if (Keys.TryGetValue(descending ? asked[1..] : asked, out var known))
        {
            order = new SessionOrder(asked, known, descending);
            return null;
        }

        return new Faults().Add("sort", "unknown", $"One of {string.Join(", ", Keys.Keys)}, or one of them with - before it.").Error;
    }

    public string By => string.Concat("ORDER BY ", key.Column, " ", direction, ", r.radacctid ") + direction + " ";

    /// <summary>Only rows behind the one with the parameters afterValue and number.</summary>
    public string After => string.Concat("AND (", key.Column, ", r.radacctid)", than) + string.Concat("(", key.Parameter, ", @number) ");

    public string CursorOf(SessionView.Row row) => Cursor.Encode(word, key.ValueOf(row), row.Number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The cursor of a place just before this row.</summary>
    public string CursorBefore(SessionView.Row row) => CursorOf(row with { Number = row.Number + (than == " < " ? 1 : -1) });

    /// <summary>Value and number of the row to go on behind; null when the cursor is not one of this sort.</summary>
    public (string Value, long Number)? Read(string cursor) =>
        Cursor.Decode(cursor, 3) is [{ } cursorWord, { } value, { } text]
        && cursorWord == word
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && key.Takes(value)
            ? (value, number)
            : null;

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Key(string Column, string Parameter, Func<SessionView.Row, string> ValueOf)
    {
        /// <summary>False for a value that PostgreSQL could not read as the column's type.</summary>
        public bool Takes(string value) =>
            Parameter.EndsWith("timestamptz", StringComparison.Ordinal)
                ? DateTimeOffset.TryParseExact(value, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                : !Parameter.EndsWith("bigint", StringComparison.Ordinal)
                    || long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
    }
}
