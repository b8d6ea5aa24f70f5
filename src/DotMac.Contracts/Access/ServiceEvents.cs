namespace DotMac.Contracts.Access;

/// <summary>A subscriber was provisioned from end to end and may sign on.</summary>
/// <param name="IsDegraded">An optional step failed; a repair task waits in the run.</param>
public sealed record SubscriberActivated(Guid SubscriberId, Guid ServiceId, string Username, Guid RunId, bool IsDegraded);

/// <summary>A subscriber's service is over; what it held was given back.</summary>
public sealed record SubscriberTerminated(Guid SubscriberId, Guid ServiceId, string Username, Guid RunId);
