using System.Globalization;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;

namespace DotMac.Access.Subscribers;

/// <summary>A sort of the list. Every row has its place, because the id decides between equals.</summary>
internal sealed class SubscriberOrder
{
    /// <summary>The sort words; each column is indexed or small enough to sort, and never null.</summary>
    private static readonly Dictionary<string, Key> Keys = new(StringComparer.Ordinal)
    {
        ["username"] = new("s.username", "@afterValue::text", r => r.Username),
        ["subscriber_number"] = new("s.subscriber_number", "@afterValue::text", r => r.SubscriberNumber),
        ["full_name"] = new("coalesce(s.full_name, '')", "@afterValue::text", r => r.FullName ?? ""),
        ["created_at"] = new("s.created_at", "@afterValue::timestamptz", r => Text(r.CreatedAt)),
        ["updated_at"] = new("s.updated_at", "@afterValue::timestamptz", r => Text(r.UpdatedAt)),
    };

    private readonly string word;
    private readonly Key key;
    private readonly string direction;
    private readonly string than;

    private SubscriberOrder(string word, Key key, bool descending)
    {
        this.word = word;
        this.key = key;
        (direction, than) = descending ? ("DESC", " < ") : ("ASC", " > ");
    }

    /// <param name="sort">A sort word, with - before it from the end; null is by username.</param>
    public static Result<SubscriberOrder> Of(string? sort)
    {
        var asked = Input.Clean(sort) ?? "username";
        var descending = asked.StartsWith('-');
        return Keys.TryGetValue(descending ? asked[1..] : asked, out var known)
            ? new SubscriberOrder(asked, known, descending)
            : new Faults().Add("sort", "unknown", $"One of {string.Join(", ", Keys.Keys)}, or one of them with - before it.").Error!;
    }

    public string Clause => string.Concat("ORDER BY ", key.Column, " ", direction, ", s.id ") + direction + " ";

    /// <summary>Only rows behind the one with the parameters afterValue and afterId.</summary>
    public string After => string.Concat("AND (", key.Column, ", s.id)", than) + string.Concat("(", key.Parameter, ", @afterId::uuid) ");

    public string CursorOf(SubscriberView.Row row) => Cursor.Encode(word, key.ValueOf(row), row.Id.ToString());

    /// <summary>Value and id of the row to go on behind; null when the cursor is not one of this sort.</summary>
    public (string Value, Guid Id)? Read(string cursor) =>
        Cursor.Decode(cursor, 3) is [{ } cursorWord, { } value, { } id]
        && cursorWord == word
        && Guid.TryParse(id, out var guid)
        && (!key.Parameter.EndsWith("timestamptz", StringComparison.Ordinal) || IsTime(value))
            ? (value, guid)
            : null;

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static bool IsTime(string text) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private sealed record Key(string Column, string Parameter, Func<SubscriberView.Row, string> ValueOf);
}
