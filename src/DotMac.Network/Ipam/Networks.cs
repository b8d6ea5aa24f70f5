using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace DotMac.Network.Ipam;

/// <summary>Reading networks from text, and counting in them.</summary>
internal static class Networks
{
    /// <summary>The network, an address alone taken as one of full length; null when it is none or has bits behind its length.</summary>
    public static IPNetwork? Read(string? text)
    {
        var clean = text?.Trim() ?? "";
        var slash = clean.IndexOf('/', StringComparison.Ordinal);
        if (
            !IPAddress.TryParse(slash < 0 ? clean : clean[..slash], out var address)
            || (address.AddressFamily == AddressFamily.InterNetwork && clean.Count(c => c == '.') != 3)
        )
        {
            return null;
        }

        var full = Bits(address);
        if (slash < 0)
        {
            return new IPNetwork(address, full);
        }

        return
            int.TryParse(clean.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out var length)
            && length <= full
            && (Number(address) & ((BigInteger.One << (full - length)) - 1)).IsZero
            ? new IPNetwork(address, length)
            : null;
    }

    public static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    public static BigInteger Number(IPAddress address) => new(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);

    public static IPAddress Address(BigInteger number, bool isV4)
    {
        var bytes = new byte[isV4 ? 4 : 16];
        var digits = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(bytes, bytes.Length - digits.Length);
        return new IPAddress(bytes);
    }

    /// <summary>How many addresses it has.</summary>
    public static BigInteger Size(this IPNetwork network) => BigInteger.One << (Bits(network.BaseAddress) - network.PrefixLength);

    public static BigInteger First(this IPNetwork network) => Number(network.BaseAddress);

    public static BigInteger Last(this IPNetwork network) => network.First() + network.Size() - 1;

    /// <summary>The network and every one that contains it, the shortest first.</summary>
    public static IPNetwork[] Around(IPNetwork network)
    {
        var bits = Bits(network.BaseAddress);
        return
        [
            .. Enumerable
                .Range(0, network.PrefixLength + 1)
                .Select(length => new IPNetwork(Address(network.First() >> (bits - length) << (bits - length), network.IsV4()), length)),
        ];
    }

    public static bool IsV4(this IPNetwork network) => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>Whether the other lies within it, or is the same.</summary>
    public static bool Holds(this IPNetwork network, IPNetwork other) =>
        network.PrefixLength <= other.PrefixLength && network.IsV4() == other.IsV4() && network.Contains(other.BaseAddress);
}
