namespace DotMac.Contracts.Access;

/// <summary>What happens when a line signs on from elsewhere than its Circuit-Id and Remote-Id say (RFC 3046, RFC 4679). Stored as its number.</summary>
public enum Option82Policy : short
{
    /// <summary>Rejected; also when the request has neither id.</summary>
    Enforce = 0,

    /// <summary>Accepted, counted, and shown as an alert of the subscriber.</summary>
    Log = 1,

    /// <summary>Not looked at.</summary>
    Ignore = 2,
}
