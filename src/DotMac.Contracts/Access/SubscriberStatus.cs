namespace DotMac.Contracts.Access;

/// <summary>Where a subscriber stands in its life. Stored as its number: numbers are only ever added.</summary>
public enum SubscriberStatus : short
{
    /// <summary>Being provisioned: RADIUS refuses it, whatever else is set already.</summary>
    Pending = 0,
    Active = 1,

    /// <summary>For a reason that can go away; rejected, or let into the walled garden.</summary>
    Suspended = 2,

    /// <summary>Switched off by hand, without a reason that could go away by itself.</summary>
    Disconnected = 3,

    /// <summary>Its service is over and what it held was given back. Final.</summary>
    Terminated = 4,

    /// <summary>Kept away from the network because of what it did there.</summary>
    Quarantined = 5,
}
