namespace DotMac.Contracts.Access;

/// <summary>A subscriber may not sign on any more; what is online under the login is to be disconnected.</summary>
public sealed record LoginDisabled(Guid SubscriberId, string Username);

/// <summary>A subscriber was suspended; what is online under the login is to sign on anew, to be rejected or to land in the walled garden.</summary>
public sealed record LoginSuspended(Guid SubscriberId, string Username);

/// <summary>A subscriber's suspension ended; what is online under the login is to sign on anew, out of the walled garden.</summary>
public sealed record LoginResumed(Guid SubscriberId, string Username);

/// <summary>A subscriber was removed; what is online under the login is to be disconnected.</summary>
public sealed record SubscriberDeleted(Guid SubscriberId, string Username);

/// <summary>A login got another name; what is online under the old one is to be disconnected, so that it signs on anew.</summary>
public sealed record LoginRenamed(Guid SubscriberId, string OldUsername, string Username);
