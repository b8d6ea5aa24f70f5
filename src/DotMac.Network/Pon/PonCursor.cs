using System.Globalization;
using DotMac.Kernel.Paging;

namespace DotMac.Network.Pon;

/// <summary>The place in a list that is sorted by time and id, the newest first.</summary>
internal static class PonCursor
{
    public static string Of(DateTimeOffset at, Guid id) => Cursor.Encode(at.ToString("O", CultureInfo.InvariantCulture), id.ToString());

    /// <summary>False when it is none of ours; without a cursor both values are null.</summary>
    public static bool TryRead(string? cursor, out DateTimeOffset? at, out Guid? id)
    {
        (at, id) = (null, null);
        if (cursor is not { Length: > 0 })
        {
            return true;
        }

        if (
            Cursor.Decode(cursor, 2) is [{ } time, { } last]
            && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)
            && Guid.TryParse(last, out var lastId)
        )
        {
            (at, id) = (read.ToUniversalTime(), lastId);
            return true;
        }

        return false;
    }
}
