using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DotMac.Kernel.Results;

namespace DotMac.Access.Subscribers;

/// <summary>Reads the addresses and prefixes that a line gets, and says what is wrong with them.</summary>
internal static class LineAddress
{
    private const string NotIpv4 = "Give an IPv4 address such as 100.64.0.10.";
    private const string NotIpv6 = "Give an IPv6 address such as 2001:db8::1.";
    private const string NotPrefix = "Give an IPv6 prefix such as 2001:db8:1::/56.";

    /// <summary>An address that a host can have: not 0/8, 127/8, multicast, reserved; not its subnet's first or last one.</summary>
    public static IPAddress? HostIpv4(Faults faults, string field, string? text, IPAddress? mask)
    {
        if (text is null)
        {
            return null;
        }

        if (Ipv4(text) is not { } address)
        {
            faults.Add(field, "bad_format", NotIpv4);
            return null;
        }

        var number = Number(address);
        var first = number >> 24;
        if (first is 0 or 127 or >= 224)
        {
            faults.Add(field, "bad_address", "No host can have this address (0/8, 127/8, multicast and reserved are out).");
            return null;
        }

        if (mask is not null)
        {
            var hostBits = ~Number(mask);
            if (hostBits > 1 && ((number & hostBits) == 0 || (number & hostBits) == hostBits))
            {
                faults.Add(field, "bad_address", "This is the network or broadcast address of its subnet.");
                return null;
            }
        }

        return address;
    }

    /// <summary>A netmask whose ones are all on the left, 255.0.0.0 to 255.255.255.255.</summary>
    public static IPAddress? Netmask(Faults faults, string field, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (Ipv4(text) is { } mask)
        {
            var hostBits = ~Number(mask);
            if ((hostBits & (hostBits + 1)) == 0 && hostBits <= 0x00FFFFFF)
            {
                return mask;
            }
        }

        faults.Add(field, "bad_format", "Give a netmask from 255.0.0.0 to 255.255.255.255.");
        return null;
    }

    public static IPAddress? HostIpv6(Faults faults, string field, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (Ipv6(text) is not { } address)
        {
            faults.Add(field, "bad_format", NotIpv6);
            return null;
        }

        if (!IsUnicast(address))
        {
            faults.Add(field, "bad_address", "No line can have this address (link-local, loopback and multicast are out).");
            return null;
        }

        return address;
    }

    /// <summary>A prefix without bits beyond its length, so that one prefix has one spelling.</summary>
    public static IPNetwork? Prefix(Faults faults, string field, string? text, int shortest, int longest)
    {
        if (text is null)
        {
            return null;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (
            slash < 0
            || Ipv6(text[..slash]) is not { } address
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > 128
        )
        {
            faults.Add(field, "bad_format", NotPrefix);
            return null;
        }

        if (length < shortest || length > longest)
        {
            faults.Add(field, "out_of_range", $"The prefix length must be from {shortest} to {longest}.");
            return null;
        }

        if (!IsUnicast(address))
        {
            faults.Add(field, "bad_address", "No line can have this prefix (link-local, loopback and multicast are out).");
            return null;
        }

        var network = Masked(address, length);
        if (!network.Equals(address))
        {
            faults.Add(field, "not_canonical", $"This has bits set beyond the prefix; did you mean {network}/{length}?");
            return null;
        }

        return new IPNetwork(network, length);
    }

    /// <summary>Four decimal numbers, nothing shorter ("10.1" and "0x0a.1" are somebody's typing error).</summary>
    private static IPAddress? Ipv4(string text) =>
        IPAddress.TryParse(text, out var address)
        && address.AddressFamily == AddressFamily.InterNetwork
        && string.Equals(address.ToString(), text, StringComparison.Ordinal)
            ? address
            : null;

    private static IPAddress? Ipv6(string text) =>
        IPAddress.TryParse(text, out var address)
        && address.AddressFamily == AddressFamily.InterNetworkV6
        && text.AsSpan().IndexOfAny('%', '[', ']') < 0
        && !address.IsIPv4MappedToIPv6
            ? address
            : null;

    private static uint Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static bool IsUnicast(IPAddress address) =>
        !address.IsIPv6Multicast
        && !address.IsIPv6LinkLocal
        && !address.Equals(IPAddress.IPv6Any)
        && !address.Equals(IPAddress.IPv6Loopback);

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var bits = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - bits));
        }

        return new IPAddress(bytes);
    }
}
