using DotMac.Access.Aaa.Snapshot;
using DotMac.Access.Aaa.Vendors;
using DotMac.Contracts.Access;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>What an Access-Accept tells the NAS about the login's line: addresses, VLAN, limits, rates.</summary>
internal static class ReplyAttributes
{
    /// <summary>Seconds between Interim-Updates unless the login says otherwise (RFC 2869 §5.16).</summary>
    public const int DefaultInterimSeconds = 300;

    private const uint TunnelTypeVlan = 13; // RFC 3580 §3.31
    private const uint TunnelMediumIeee802 = 6;

    public static void Write(ref PacketWriter reply, Login login, Rates? rates, NasVendor vendor)
    {
        WriteAddresses(ref reply, login);
        WriteVlans(ref reply, login);
        WriteLimits(ref reply, login);
        if (rates is not null)
        {
            RateAttributes.Write(ref reply, rates, vendor);
        }
    }

    private static void WriteAddresses(ref PacketWriter reply, Login login)
    {
        if (login.FramedIpv4Address is { } ipv4)
        {
            reply.AddIpv4(AttributeType.FramedIpAddress, ipv4);
        }

        if (login.FramedIpv4Netmask is { } netmask)
        {
            reply.AddIpv4(AttributeType.FramedIpNetmask, netmask);
        }

        if (login.FramedIpv6Prefix is { } prefix)
        {
            reply.AddIpv6Prefix(AttributeType.FramedIpv6Prefix, prefix);
        }

        if (login.FramedIpv6Address is { } ipv6)
        {
            reply.AddIpv6(AttributeType.FramedIpv6Address, ipv6);
        }

        if (login.DelegatedIpv6Prefix is { } delegated)
        {
            reply.AddIpv6Prefix(AttributeType.DelegatedIpv6Prefix, delegated);
        }
    }

    /// <summary>The service VLAN under tag 1; with a customer VLAN the same three again under tag 2 (Q-in-Q).</summary>
    private static void WriteVlans(ref PacketWriter reply, Login login)
    {
        if (login.VlanId is not { } service)
        {
            return;
        }

        WriteVlan(ref reply, 1, service);
        if (login.InnerVlan is { } customer)
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
        if (login.FilterId is { Length: > 0 } filter)
        {
            reply.AddText(AttributeType.FilterId, filter);
        }
    }
}
