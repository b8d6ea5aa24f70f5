using System.Globalization;
using DotMac.Kernel.Results;
using Quartz;

namespace DotMac.Platform.Jobs;

/// <summary>
/// Looks at every field of a cron expression as Quartz reads it, and tells all faults at once: Quartz itself lets numbers pass that no clock
/// ever shows, and such a schedule would never fire, or at other times than it says.
/// </summary>
/// <remarks>
/// Fields: seconds, minutes, hours, day of month, month, day of week, and a year if wanted. Each is <c>*</c>, a value, a range <c>a-b</c>, a step
/// (<c>*/n</c>, <c>a/n</c>, <c>a-b/n</c>), or a list of these. One of the two days is <c>?</c>. A day of month may be <c>L</c>, <c>L-n</c>, <c>LW</c> or
/// <c>15W</c>, a day of week <c>L</c>, <c>6L</c> or <c>6#3</c>; months and days of week have names too, Sunday is 1.
/// </remarks>
internal static class CronFields
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private static readonly Part[] Parts =
    [
        new("seconds", 0, 59),
        new("minutes", 0, 59),
        new("hours", 0, 23),
        new("day_of_month", 1, 31),
        new("month", 1, 12, Months),
        new("day_of_week", 1, 7, Days),
        new("year", 1970, 2099),
    ];

    private const int DayOfMonth = 3;
    private const int DayOfWeek = 5;

    /// <summary>Adds a fault for each field that is wrong: <c>cron.minutes</c> and so on, or <c>cron</c> for the whole.</summary>
    public static void Check(Faults faults, string cron, DateTimeOffset now)
    {
        var fields = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length is not (6 or 7))
        {
            faults.Add("cron", "bad_format", "Six or seven fields, as 0 30 2 * * ?");
            return;
        }

        var wrong = false;
        for (var i = 0; i < fields.Length; i++)
        {
            if (Fault(Parts[i], i, fields[i].ToUpperInvariant()) is { } fault)
            {
                wrong = true;
                faults.Add("cron." + Parts[i].Name, fault.Code, fault.Message);
            }
        }

        if ((fields[DayOfMonth] == "?") == (fields[DayOfWeek] == "?"))
        {
            wrong = true;
            faults.Add("cron.day_of_week", "one_day", "One of day of month and day of week is ?, and only one.");
        }

        if (wrong)
        {
            return;
        }

        if (!CronExpression.TryParse(cron, out var read))
        {
            faults.Add("cron", "bad_format", "Six or seven fields, as 0 30 2 * * ?");
        }
        else if (read.GetNextValidTimeAfter(now) is null)
        {
            faults.Add("cron", "never", "No such time is to come: a day that the month does not have, or a year that is over.");
        }
    }

    private static (string Code, string Message)? Fault(Part part, int index, string text) =>
        text == "?"
            ? index is DayOfMonth or DayOfWeek
                ? null
                : part.Unread
            : text.Split(',').Select(piece => OfPiece(part, index, piece)).FirstOrDefault(f => f is not null);

    private static (string Code, string Message)? OfPiece(Part part, int index, string piece)
    {
        if (OfLast(part, index, piece) is { } special)
        {
            return special.Fault;
        }

        var halves = piece.Split('/');
        var ends = halves[0].Split('-');
        if (halves.Length > 2 || ends.Length > 2)
        {
            return part.Unread;
        }

        if (halves.Length == 2 && Number(halves[1]) is not >= 1)
        {
            return Number(halves[1]) is null ? part.Unread : ("out_of_range", "A step is at least 1.");
        }

        if (halves.Length == 2 && Number(halves[1]) > part.Most - part.Least + 1)
        {
            return ("out_of_range", $"A step is at most {part.Most - part.Least + 1}.");
        }

        if (halves[0] == "*")
        {
            return null;
        }

        var numbers = ends.Select(part.Value).ToList();
        return numbers.Contains(null) ? part.Unread
            : numbers.Exists(n => n < part.Least || n > part.Most) ? ("out_of_range", $"From {part.Least} to {part.Most}.")
            : null;
    }

    /// <summary>The days that are counted from the end of the month, or the nearest working day, or the third Friday.</summary>
    private static Special? OfLast(Part part, int index, string piece)
    {
        (int? number, int most) = (index, piece) switch
        {
            (DayOfMonth, "L" or "LW") or (DayOfWeek, "L") => (1, 1),
            (DayOfMonth, ['L', '-', .. var before]) => (Number(before), 30),
            (DayOfMonth, [.. var day, 'W']) => (Number(day), 31),
            (DayOfWeek, [.. var day, 'L']) => (part.Value(day), 7),
            (DayOfWeek, [.. var day, '#', >= '1' and <= '5']) => (part.Value(day), 7),
            _ => (null, 0),
        };
        return most == 0 ? null
            : number is null ? new Special(part.Unread)
            : new Special(number >= 1 && number <= most ? null : ("out_of_range", $"From 1 to {most}."));
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed record Special((string Code, string Message)? Fault);

    private sealed record Part(string Name, int Least, int Most, string[]? Names = null)
    {
        public (string Code, string Message) Unread =>
            ("bad_format", $"*, a value from {Least} to {Most}, a range, a step, or a list of these.");

        public int? Value(string text) =>
            Names is not null && Array.IndexOf(Names, text) is >= 0 and var place ? place + Least : Number(text);
    }
}
