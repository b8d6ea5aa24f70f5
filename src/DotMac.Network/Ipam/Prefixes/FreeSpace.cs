using System.Net;
using System.Numerics;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>What is left of a network beside what is taken of it.</summary>
internal static class FreeSpace
{
    /// <summary>The largest aligned blocks that cover exactly what is free, in order.</summary>
    public static IEnumerable<IPNetwork> Blocks(IPNetwork network, IEnumerable<IPNetwork> taken)
    {
        var full = Networks.Bits(network.BaseAddress);
        foreach (var (from, to) in Gaps(network, taken))
        {
            for (var at = from; at <= to; )
            {
                // As large as its place allows, and as what is left.
                var bits = at.IsZero ? full : (int)BigInteger.TrailingZeroCount(at);
                while (bits > 0 && at + (BigInteger.One << bits) - 1 > to)
                {
                    bits--;
                }

                yield return new IPNetwork(Networks.Address(at, network.IsV4()), full - bits);
                at += BigInteger.One << bits;
            }
        }
    }

    /// <summary>Free networks of one length, lowest first.</summary>
    public static IEnumerable<IPNetwork> OfLength(IPNetwork network, IEnumerable<IPNetwork> taken, int length)
    {
        var piece = BigInteger.One << (Networks.Bits(network.BaseAddress) - length);
        foreach (var (from, to) in Gaps(network, taken))
        {
            for (var at = (from + piece - 1) / piece * piece; at + piece - 1 <= to; at += piece)
            {
                yield return new IPNetwork(Networks.Address(at, network.IsV4()), length);
            }
        }
    }

    private static IEnumerable<(BigInteger From, BigInteger To)> Gaps(IPNetwork network, IEnumerable<IPNetwork> taken)
    {
        var at = network.First();
        foreach (var piece in taken.Where(t => network.Holds(t)).OrderBy(t => t.First()))
        {
            if (piece.First() > at)
            {
                yield return (at, piece.First() - 1);
            }

            at = BigInteger.Max(at, piece.Last() + 1);
        }

        if (at <= network.Last())
        {
            yield return (at, network.Last());
        }
    }
}
