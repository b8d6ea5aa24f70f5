using System.Net;
using System.Net.Sockets;

namespace DotMac.Access.NasRegistry;

/// <summary>Reads and shows the address or network that a NAS's packets come from.</summary>
internal static class SourceAddress
{
    private const int WidestIpv4 = 8;
    private const int WidestIpv6 = 32;

    /// <summary>A network from "192.0.2.1", "192.0.2.0/24", "2001:db8::1" or "2001:db8::/48"; else why it is none.</summary>
    public static IPNetwork? Parse(string text, out string? reason)
    {
        reason = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(host, out var address) || !IsSpelledOut(address, host))
        {
            reason = "Give an IP address or a network such as 192.0.2.0/24.";
            return null;
        }

        var most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = most;
        if (slash >= 0 && !int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, provider: null, out length))
        {
            reason = "The prefix length after the slash is not a number.";
            return null;
        }

        var widest = most == 32 ? WidestIpv4 : WidestIpv6;
        if (length < widest || length > most)
        {
            reason = $"The prefix length must be from {widest} to {most}.";
            return null;
        }

        var network = Masked(address, length);
        if (!network.Equals(address))
        {
            reason = $"This has bits set beyond the prefix; the network is {network}/{length}.";
            return null;
        }

        if (!IsUnicast(address))
        {
            reason = "This is no address that packets can come from.";
            return null;
        }

        return new IPNetwork(network, length);
    }

    public static string Show(IPNetwork network) =>
        network.PrefixLength == (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            ? network.BaseAddress.ToString()
            : network.ToString();

    /// <summary>Refuses shorthands such as "10.1" or "0x0a000001", and zone ids.</summary>
    private static bool IsSpelledOut(IPAddress address, string text) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? string.Equals(address.ToString(), text, StringComparison.Ordinal)
            : !text.Contains('%', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal) && !address.IsIPv4MappedToIPv6;

    private static bool IsUnicast(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? bytes[0] is > 0 and < 224 : !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any);
    }

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
