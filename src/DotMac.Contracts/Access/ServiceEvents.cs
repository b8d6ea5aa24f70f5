namespace DotMac.Contracts.Access;

/// <summary>A subscriber was provisioned from end to end and may sign on.</summary>
/// <param name="IsDegraded">An optional step failed; a repair task waits in the run.</param>
public sealed record SubscriberActivated(Guid SubscriberId, Guid ServiceId, string Username, Guid RunId, bool IsDegraded);

/// <summary>A subscriber's service is over; what it held was given back.</summary>
public sealed record SubscriberTerminated(Guid SubscriberId, Guid ServiceId, string Username, Guid RunId);

/// <summary>A line is suspended, and the network, billing and its addresses follow.</summary>
/// <param name="Access">garden or rejected.</param>
/// <param name="Reasons">In force: non_payment, fraud …</param>
public sealed record SubscriberSuspended(Guid SubscriberId, Guid? ServiceId, Guid RunId, string Access, IReadOnlyList<string> Reasons);

/// <summary>No reason is left; the line is as it was before.</summary>
/// <param name="IsProved">The decision about its next login was asked, and accepts it.</param>
public sealed record SubscriberResumed(Guid SubscriberId, Guid? ServiceId, Guid RunId, bool IsProved);
