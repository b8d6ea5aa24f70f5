namespace DotMac.Contracts.Access;

/// <summary>A subscriber has used four fifths of its monthly volume.</summary>
/// <param name="Percent">80.</param>
/// <param name="LimitBytes">The cap with what was added to it this period.</param>
public sealed record QuotaWarned(Guid SubscriberId, string Username, int Percent, long UsedBytes, long LimitBytes);

/// <summary>A subscriber has used its monthly volume up.</summary>
/// <param name="Action">What follows: notify (nothing), throttle (other rates) or block (sign-on is refused).</param>
/// <param name="ThrottleProfileId">Whose rates, when throttled.</param>
public sealed record QuotaReached(
    Guid SubscriberId,
    string Username,
    string Action,
    Guid? ThrottleProfileId,
    long UsedBytes,
    long LimitBytes
);

/// <summary>A subscriber's reached cap is in force no more: a new period, a top-up, another cap.</summary>
/// <param name="WasBlocked">Sign-on had been refused; else it had been throttled.</param>
public sealed record QuotaRestored(Guid SubscriberId, string Username, bool WasBlocked);
