using System.Net;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Access.Aaa.Vendors;
using DotMac.Contracts.Access;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>What an Access-Accept tells the NAS about the login's line: addresses, VLAN, limits, rates.</summary>
/// <remarks>
/// <code>
/// IPv4               address: Framed-IP-Address (8) and, when given, Framed-IP-Netmask (9); else pool: Framed-Pool (88)
///                    each route: Framed-Route (22)
/// IPv6 none          nothing
///      slaac         Framed-IPv6-Prefix (97), else Framed-IPv6-Pool (100)
///      stateful      Framed-IPv6-Address (168), else the pool as Stateful-IPv6-Address-Pool (172, RFC 6911) and as Framed-IPv6-Pool (100),
///                    which many NAS take DHCPv6 addresses from as well
///      pd            Delegated-IPv6-Prefix (123), else Delegated-IPv6-Prefix-Pool (171)
///      dual_stack    Framed-IPv6-Prefix (97) and Framed-IPv6-Address (168), those of them that the line has, else Framed-IPv6-Pool (100);
///                    and Delegated-IPv6-Prefix (123), else Delegated-IPv6-Prefix-Pool (171)
///      not chosen    what the line has is sent: the mode that it amounts to
/// VLAN               Tunnel-Type VLAN (64), Tunnel-Medium-Type IEEE-802 (65), Tunnel-Private-Group-ID (81) with tag 1;
///                    Q-in-Q: the same three with tag 2 for the inner VLAN. Without an inner VLAN single, without an outer one nothing
/// limits             Session-Timeout (27), Idle-Timeout (28), Acct-Interim-Interval (85, 300 s unless told), Filter-Id (11)
/// walled garden      as above, with the garden's Filter-Id in place of the line's own
/// </code>
/// </remarks>
internal static class ReplyAttributes
{
    /// <summary>Seconds between Interim-Updates unless the login says otherwise (RFC 2869 §5.16).</summary>
    public const int DefaultInterimSeconds = 300;

    private const uint TunnelTypeVlan = 13; // RFC 3580 §3.31
    private const uint TunnelMediumIeee802 = 6;

    public static void Write(ref PacketWriter reply, Login login, Rates? rates, NasVendor vendor)
    {
        WriteIpv4(ref reply, login);
        WriteIpv6(ref reply, login);
        WriteVlans(ref reply, login.VlanId, login.InnerVlan);
        WriteLimits(ref reply, login);
        if (rates is not null)
        {
            RateAttributes.Write(ref reply, rates, vendor);
        }
    }

    private static void WriteIpv4(ref PacketWriter reply, Login login)
    {
        if (login.FramedIpv4Address is { } address)
        {
            reply.AddIpv4(AttributeType.FramedIpAddress, address);
            if (login.FramedIpv4Netmask is { } netmask)
            {
                reply.AddIpv4(AttributeType.FramedIpNetmask, netmask);
            }
        }
        else if (login.FramedIpv4Pool is { } pool)
        {
            reply.AddText(AttributeType.FramedPool, pool);
        }

        foreach (var route in login.FramedRoutes)
        {
            reply.AddText(AttributeType.FramedRoute, route);
        }
    }

    private static void WriteIpv6(ref PacketWriter reply, Login login)
    {
        switch (Ipv6Line.ModeOf(login))
        {
            case Ipv6Mode.Slaac:
                WritePrefix(
                    ref reply,
                    AttributeType.FramedIpv6Prefix,
                    login.FramedIpv6Prefix,
                    AttributeType.FramedIpv6Pool,
                    login.FramedIpv6Pool
                );
                break;
            case Ipv6Mode.Stateful:
                WriteStateful(ref reply, login);
                break;
            case Ipv6Mode.Pd:
                WriteDelegated(ref reply, login);
                break;
            case Ipv6Mode.DualStack:
                var pool = login.FramedIpv6Address is null ? login.FramedIpv6Pool : null;
                WritePrefix(ref reply, AttributeType.FramedIpv6Prefix, login.FramedIpv6Prefix, AttributeType.FramedIpv6Pool, pool);
                if (login.FramedIpv6Address is { } address)
                {
                    reply.AddIpv6(AttributeType.FramedIpv6Address, address);
                }

                WriteDelegated(ref reply, login);
                break;
        }
    }

    private static void WriteStateful(ref PacketWriter reply, Login login)
    {
        if (login.FramedIpv6Address is { } address)
        {
            reply.AddIpv6(AttributeType.FramedIpv6Address, address);
        }
        else if (login.FramedIpv6Pool is { } pool)
        {
            reply.AddText(AttributeType.StatefulIpv6AddressPool, pool);
            reply.AddText(AttributeType.FramedIpv6Pool, pool);
        }
    }

    private static void WriteDelegated(ref PacketWriter reply, Login login) =>
        WritePrefix(
            ref reply,
            AttributeType.DelegatedIpv6Prefix,
            login.DelegatedIpv6Prefix,
            AttributeType.DelegatedIpv6PrefixPool,
            login.DelegatedIpv6Pool
        );

    /// <summary>The line's own prefix, else the pool that the NAS takes one from.</summary>
    private static void WritePrefix(ref PacketWriter reply, byte type, IPNetwork? prefix, byte poolType, string? pool)
    {
        if (prefix is { } own)
        {
            reply.AddIpv6Prefix(type, own);
        }
        else if (pool is not null)
        {
            reply.AddText(poolType, pool);
        }
    }

    /// <summary>The service VLAN under tag 1; with a customer VLAN the same three again under tag 2 (Q-in-Q).</summary>
    public static void WriteVlans(ref PacketWriter reply, short? serviceVlan, short? customerVlan)
    {
        if (serviceVlan is not { } service)
        {
            return;
        }

        WriteVlan(ref reply, 1, service);
        if (customerVlan is { } customer)
        {
            WriteVlan(ref reply, 2, customer);
        }
    }

    private static void WriteVlan(ref PacketWriter reply, byte tag, short vlan)
    {
        Span<char> digits = stackalloc char[5];
        vlan.TryFormat(digits, out var length, provider: System.Globalization.CultureInfo.InvariantCulture);
        reply.AddTaggedUInt24(AttributeType.TunnelType, tag, TunnelTypeVlan);
        reply.AddTaggedUInt24(AttributeType.TunnelMediumType, tag, TunnelMediumIeee802);
        reply.AddTaggedText(AttributeType.TunnelPrivateGroupId, tag, digits[..length]);
    }

    private static void WriteLimits(ref PacketWriter reply, Login login)
    {
        if (login.SessionTimeoutSeconds is { } session)
        {
            reply.AddUInt32(AttributeType.SessionTimeout, (uint)session);
        }

        if (login.IdleTimeoutSeconds is { } idle)
        {
            reply.AddUInt32(AttributeType.IdleTimeout, (uint)idle);
        }

        reply.AddUInt32(AttributeType.AcctInterimInterval, (uint)(login.InterimSeconds ?? DefaultInterimSeconds));
        if ((login.Suspended ? login.WalledGardenFilterId : login.FilterId) is { Length: > 0 } filter)
        {
            reply.AddText(AttributeType.FilterId, filter);
        }
    }
}
