namespace DotMac.Contracts.Access;

/// <summary>Which of several upstream servers a request goes to. Stored as its number.</summary>
public enum UpstreamStrategy : short
{
    /// <summary>The first that is alive, in the order given.</summary>
    Failover = 0,

    /// <summary>Spread over those that are alive, by user and NAS: the packets of one conversation stay together.</summary>
    Balance = 1,
}
