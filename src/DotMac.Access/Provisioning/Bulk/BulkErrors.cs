using DotMac.Kernel.Results;

namespace DotMac.Access.Provisioning.Bulk;

internal static class BulkErrors
{
    public static readonly Error NotFound = Error.NotFound("bulk.not_found", "There is no such job.");

    public static readonly Error NobodyMeant = Error.Invalid("bulk.nobody", "The filter means nobody.");

    public static readonly Error SetChanged = Error.Conflict(
        "bulk.set_changed",
        "The filter means others than the preview showed. Look at the preview again."
    );

    public static readonly Error Over = Error.Conflict("bulk.over", "The job has ended.");

    public static readonly Error NotUndoable = Error.Conflict(
        "bulk.not_undoable",
        "Only suspensions, resumptions and changes of plan of a job that has ended can be undone, once."
    );

    public static Error TooMany(int total, int most) =>
        Error.Invalid("bulk.too_many", $"{total} subscribers are meant; {most} at once are the most. Narrow the filter.");
}
