namespace DotMac.Contracts.Access;

/// <summary>How a line gets IPv6: decides which attributes an Access-Accept carries. Stored as its number.</summary>
public enum Ipv6Mode : short
{
    /// <summary>No IPv6.</summary>
    None = 0,

    /// <summary>A prefix is advertised on the link; the CPE makes its own address (RFC 4862).</summary>
    Slaac = 1,

    /// <summary>The CPE asks for an address by DHCPv6 (IA_NA).</summary>
    Stateful = 2,

    /// <summary>The CPE asks for a prefix by DHCPv6 (IA_PD) and numbers its link by itself.</summary>
    Pd = 3,

    /// <summary>Beside IPv4 all of it: a prefix or an address for the link, and a delegated prefix.</summary>
    DualStack = 4,
}
