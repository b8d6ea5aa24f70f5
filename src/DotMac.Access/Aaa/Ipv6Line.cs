using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;

namespace DotMac.Access.Aaa;

/// <summary>How a line gets IPv6.</summary>
internal static class Ipv6Line
{
    /// <summary>The mode that was chosen, or the one that what the line has amounts to; none when it has nothing.</summary>
    public static Ipv6Mode ModeOf(Login login)
    {
        var hasAddress = login.FramedIpv6Address is not null;
        var hasPrefix = login.FramedIpv6Prefix is not null || (login.FramedIpv6Pool is not null && !hasAddress);
        var hasDelegated = login.DelegatedIpv6Prefix is not null || login.DelegatedIpv6Pool is not null;
        var amountsTo = (hasPrefix, hasAddress, hasDelegated) switch
        {
            (false, false, false) => Ipv6Mode.None,
            (true, false, false) => Ipv6Mode.Slaac,
            (false, true, false) => Ipv6Mode.Stateful,
            (false, false, true) => Ipv6Mode.Pd,
            _ => Ipv6Mode.DualStack,
        };
        return amountsTo == Ipv6Mode.None ? Ipv6Mode.None : login.Ipv6Mode ?? amountsTo;
    }

    /// <summary>Whether an address or prefix of its own is sent, not one from a pool.</summary>
    public static bool IsStatic(Login login) =>
        ModeOf(login) switch
        {
            Ipv6Mode.None => false,
            Ipv6Mode.Slaac => login.FramedIpv6Prefix is not null,
            Ipv6Mode.Stateful => login.FramedIpv6Address is not null,
            Ipv6Mode.Pd => login.DelegatedIpv6Prefix is not null,
            _ => login.FramedIpv6Prefix is not null || login.FramedIpv6Address is not null || login.DelegatedIpv6Prefix is not null,
        };
}
