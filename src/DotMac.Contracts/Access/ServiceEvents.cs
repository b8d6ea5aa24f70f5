namespace DotMac.Contracts.Access;

/// <summary>A subscriber was provisioned from end to end and may sign on.</summary>
/// <param name="IsDegraded">An optional step failed; a repair task waits in the run.</param>
public sealed record SubscriberActivated(Guid SubscriberId, Guid ServiceId, string Username, Guid RunId, bool IsDegraded);

/// <summary>A subscriber's service is over; what it held was given back.</summary>
/// <param name="ServiceId">All zeros when nothing was provisioned as a service, and only what it held was given back.</param>
public sealed record SubscriberTerminated(Guid SubscriberId, Guid ServiceId, string Username, Guid RunId);

/// <summary>A line is suspended, and the network, billing and its addresses follow.</summary>
/// <param name="Access">garden or rejected.</param>
/// <param name="Reasons">In force: non_payment, fraud …</param>
public sealed record SubscriberSuspended(Guid SubscriberId, Guid? ServiceId, Guid RunId, string Access, IReadOnlyList<string> Reasons);

/// <summary>No reason is left; the line is as it was before.</summary>
/// <param name="IsProved">The decision about its next login was asked, and accepts it.</param>
public sealed record SubscriberResumed(Guid SubscriberId, Guid? ServiceId, Guid RunId, bool IsProved);

/// <summary>A subscriber has another plan; billing knows from when.</summary>
public sealed record SubscriberPlanChanged(Guid SubscriberId, Guid? ServiceId, Guid? FromPlanId, Guid ToPlanId, Guid RunId);

/// <summary>A line is on other addresses, VLANs, devices, or at another place.</summary>
/// <param name="Changed">vlan, ipv4, ipv6, delegated_prefix, onu, cpe, place.</param>
public sealed record SubscriberNetworkChanged(Guid SubscriberId, Guid? ServiceId, Guid RunId, IReadOnlyList<string> Changed);
