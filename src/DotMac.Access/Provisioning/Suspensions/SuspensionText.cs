using DotMac.Contracts.Access;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>What stands beside a suspended subscriber, in one line.</summary>
internal static class SuspensionText
{
    private const int Most = 500;

    /// <summary>The note of a reason that somebody gave by hand stands alone; others begin with their word. Null when nothing is in force.</summary>
    public static string? Of(IReadOnlyCollection<SuspensionRow> inForce)
    {
        if (inForce.Count == 0 || inForce.All(r => r.Reason == SuspensionReason.Administrative && r.Note is null))
        {
            return null;
        }

        var text = string.Join("; ", inForce.OrderBy(r => r.CreatedAt).ThenBy(r => r.Reason).Select(Of));
        return text.Length <= Most ? text : text[..Most];
    }

    private static string Of(SuspensionRow row)
    {
        var word = Words.Of(row.Reason).Replace('_', ' ');
        return (row.Reason, row.Note ?? row.Evidence) switch
        {
            (SuspensionReason.Administrative, { } note) => note,
            (_, { } note) => $"{word}: {note}",
            _ => word,
        };
    }
}
