using System.Net;
using System.Numerics;
using DotMac.Kernel.Results;

namespace DotMac.Network.Ipam.Pools;

/// <summary>A run of pieces that a pool hands out.</summary>
/// <param name="Start">The first piece.</param>
/// <param name="Size">How many pieces, at most 2^62: more are never used.</param>
internal sealed record PoolRange(IPNetwork Start, long Size)
{
    private static readonly BigInteger Most = BigInteger.One << 62;

    public IPAddress FirstAddress => Start.BaseAddress;

    public IPAddress LastAddress => Networks.Address(Start.First() + (Start.Size() * Size) - 1, Start.IsV4());

    /// <summary>
    /// The run from <paramref name="first"/> to <paramref name="last"/>, both included; without them what is usable of the network: of an
    /// IPv4 network up to /30 all but its first and last address, unless <paramref name="isPool"/>; of an IPv6 /64 and shorter all but the first
    /// (the subnet-router anycast address, RFC 4291 §2.6.1); every piece of longer ones.
    /// </summary>
    public static PoolRange? Of(IPNetwork network, int unit, string? first, string? last, bool isPool, Faults faults)
    {
        if (unit < network.PrefixLength)
        {
            faults.Add("network", "too_long", $"It is smaller than the /{unit} pieces to hand out.");
            return null;
        }

        var piece = BigInteger.One << (Networks.Bits(network.BaseAddress) - unit);
        var single = piece.IsOne;
        var edges = single && !isPool && network.Size() > 2;
        var from = Bound(network, first, network.First() + (edges ? 1 : 0), "first", faults);
        var to = Bound(network, last, network.Last() - (edges && network.IsV4() ? 1 : 0), "last", faults);
        if (from is null || to is null)
        {
            return null;
        }

        // Whole pieces alone: up to the next piece, down to the end of the last one.
        var begin = (from.Value + piece - 1) / piece * piece;
        var size = ((to.Value + 1) / piece) - (begin / piece);
        if (size <= 0)
        {
            faults.Add("last", "out_of_range", "No piece lies between the first and the last.");
            return null;
        }

        return new PoolRange(new IPNetwork(Networks.Address(begin, network.IsV4()), unit), (long)BigInteger.Min(size, Most));
    }

    private static BigInteger? Bound(IPNetwork network, string? text, BigInteger usual, string field, Faults faults)
    {
        if (text is null)
        {
            return usual;
        }

        if (!IPAddress.TryParse(text.Split('/')[0], out var address) || !network.Contains(address))
        {
            faults.Add(field, "out_of_range", $"An address within {network} is meant.");
            return null;
        }

        return Networks.Number(address);
    }
}
