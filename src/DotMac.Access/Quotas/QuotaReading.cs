using DotMac.Contracts.Access;

namespace DotMac.Access.Quotas;

/// <summary>How far a period's volume is used. Stored as its number: numbers are only ever added.</summary>
internal enum QuotaLevel : short
{
    Below = 0,

    /// <summary>Four fifths are used.</summary>
    Warned = 1,
    Reached = 2,
}

/// <summary>What a reached cap does to the login: refuse it, or give it another profile's rates.</summary>
internal sealed record QuotaMark(bool Blocked, Guid? ThrottleProfileId);

/// <summary>A subscriber's cap and use of this period, and what was found and done before. Octets.</summary>
/// <param name="QuotaBytes">Null: there is no cap.</param>
/// <param name="KnownLevel">As it was last seen in this period.</param>
/// <param name="Mark">What is in force now; null for nothing. It may be of the period before.</param>
internal sealed record QuotaReading(
    Guid SubscriberId,
    string Username,
    long? QuotaBytes,
    string Direction,
    string Action,
    Guid? ThrottleProfileId,
    long UploadedBytes,
    long DownloadedBytes,
    long BonusBytes,
    QuotaLevel KnownLevel,
    QuotaMark? Mark
)
{
    private const int WarnPercent = 80;

    public long UsedBytes =>
        Direction switch
        {
            "up" => UploadedBytes,
            "down" => DownloadedBytes,
            _ => UploadedBytes > long.MaxValue - DownloadedBytes ? long.MaxValue : UploadedBytes + DownloadedBytes,
        };

    public long LimitBytes => (QuotaBytes ?? 0) + BonusBytes;

    /// <summary>What follows from it: the level, the mark that must stand, and what is to be told.</summary>
    public QuotaOutcome Decide()
    {
        var level =
            QuotaBytes is null ? QuotaLevel.Below
            : UsedBytes >= LimitBytes ? QuotaLevel.Reached
            : UsedBytes >= LimitBytes / 100.0 * WarnPercent ? QuotaLevel.Warned
            : QuotaLevel.Below;
        var mark =
            level != QuotaLevel.Reached ? null
            : Action == "block" ? new QuotaMark(true, null)
            : Action == "throttle" ? new QuotaMark(false, ThrottleProfileId)
            : null;
        var told = new List<object>();
        if (level >= QuotaLevel.Warned && KnownLevel < QuotaLevel.Warned)
        {
            told.Add(new QuotaWarned(SubscriberId, Username, WarnPercent, UsedBytes, LimitBytes));
        }

        if (level == QuotaLevel.Reached && (KnownLevel < QuotaLevel.Reached || (mark is not null && mark != Mark)))
        {
            told.Add(new QuotaReached(SubscriberId, Username, Action, ThrottleProfileId, UsedBytes, LimitBytes));
        }

        if (Mark is { } former && mark is null)
        {
            told.Add(new QuotaRestored(SubscriberId, Username, former.Blocked));
        }

        return new QuotaOutcome(level, mark, told);
    }
}

internal sealed record QuotaOutcome(QuotaLevel Level, QuotaMark? Mark, IReadOnlyList<object> Told);
