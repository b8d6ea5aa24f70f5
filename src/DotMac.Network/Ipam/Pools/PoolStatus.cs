namespace DotMac.Network.Ipam.Pools;

/// <summary>Whether a pool hands out. Stored numbers only grow; <see cref="Depleted"/> is shown and never stored.</summary>
public enum PoolStatus
{
    /// <summary>Active, but nothing is left.</summary>
    Depleted = 0,
    Active = 1,

    /// <summary>Hands out only what is asked for by its address or number.</summary>
    Reserved = 2,
    Maintenance = 3,
}

/// <summary>What an address pool hands out. Stored numbers only grow.</summary>
public enum PoolType
{
    Ipv4Public = 0,
    Ipv4Private = 1,

    /// <summary>Single addresses (/128), or the /64 of a WAN link.</summary>
    Ipv6Address = 2,

    /// <summary>Delegated prefixes (RFC 8415), /48 to /64.</summary>
    Ipv6Pd = 3,
}
