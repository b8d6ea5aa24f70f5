using System.Net;
using System.Numerics;
using DotMac.Kernel.Results;
using DotMac.Network.Ipam;
using DotMac.Network.Ipam.Import;
using DotMac.Network.Ipam.Pools;
using DotMac.Network.Ipam.Prefixes;

namespace DotMac.Tests.Network;

/// <summary>Counting in networks: what is left of one, what a pool consists of, what a file says.</summary>
public sealed class FreeSpaceTests
{
    [Fact]
    public void What_is_left_and_what_is_taken_make_the_whole_without_overlap()
    {
        var random = new Random(42);
        for (var round = 0; round < 200; round++)
        {
            var whole = IPNetwork.Parse(round % 2 == 0 ? "10.0.0.0/16" : "2001:db8::/48");
            var taken = new List<IPNetwork>();
            for (var n = 0; n < random.Next(0, 12); n++)
            {
                var length = whole.PrefixLength + random.Next(1, 9);
                var piece = BigInteger.One << (Networks.Bits(whole.BaseAddress) - length);
                var at = whole.First() + (piece * random.Next(0, 1 << (length - whole.PrefixLength)));
                var network = new IPNetwork(Networks.Address(at, whole.IsV4()), length);
                if (!taken.Exists(t => t.Holds(network) || network.Holds(t)))
                {
                    taken.Add(network);
                }
            }

            var free = FreeSpace.Blocks(whole, taken).ToList();
            free.Concat(taken).Aggregate(BigInteger.Zero, (sum, n) => sum + n.Size()).ShouldBe(whole.Size());
            var all = free.Concat(taken).OrderBy(n => n.First()).ToList();
            all.Zip(all.Skip(1)).ShouldAllBe(p => p.First.Last() < p.Second.First());
            var wanted = whole.PrefixLength + 4;
            FreeSpace
                .OfLength(whole, taken, wanted)
                .Count()
                .ShouldBe(free.Sum(f => f.PrefixLength <= wanted ? 1 << (wanted - f.PrefixLength) : 0));
        }
    }

    [Theory]
    [InlineData("100.64.0.0/24", 32, null, null, false, "100.64.0.1", "100.64.0.254", 254)]
    [InlineData("100.64.0.0/24", 32, null, null, true, "100.64.0.0", "100.64.0.255", 256)]
    [InlineData("100.64.0.0/31", 32, null, null, false, "100.64.0.0", "100.64.0.1", 2)]
    [InlineData("100.64.0.0/24", 32, "100.64.0.10", "100.64.0.19", false, "100.64.0.10", "100.64.0.19", 10)]
    [InlineData("2001:db8::/32", 56, null, null, false, "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 1 << 24)]
    [InlineData("2001:db8::/48", 56, "2001:db8:0:1::", null, false, "2001:db8:0:100::", "2001:db8:0:ffff:ffff:ffff:ffff:ffff", 255)]
    [InlineData("2001:db8::/126", 128, null, null, false, "2001:db8::1", "2001:db8::3", 3)]
    public void A_range_holds_whole_pieces_and_leaves_the_edges_out(
        string network,
        int unit,
        string? first,
        string? last,
        bool isPool,
        string from,
        string to,
        long size
    )
    {
        var faults = new Faults();
        var range = PoolRange.Of(IPNetwork.Parse(network), unit, first, last, isPool, faults)!;
        faults.Any.ShouldBeFalse();
        (range.FirstAddress.ToString(), range.LastAddress.ToString(), range.Size).ShouldBe((from, to, size));
    }

    [Theory]
    [InlineData("100.64.0.1", "100.64.0.1/32")]
    [InlineData(" 10.0.0.0/8 ", "10.0.0.0/8")]
    [InlineData("2001:DB8::/32", "2001:db8::/32")]
    [InlineData("10.0.0.1/8", null)]
    [InlineData("10.0/16", null)]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("10.0.0.0/", null)]
    [InlineData("10.0.0.0/-1", null)]
    [InlineData("rubbish", null)]
    [InlineData(null, null)]
    public void Networks_are_read_strictly(string? text, string? expected) => Networks.Read(text)?.ToString().ShouldBe(expected);

    [Fact]
    public void Files_are_read_with_quotes_semicolons_and_their_line_numbers()
    {
        var (columns, lines) = Csv.Read("\uFEFFPrefix;Note\r\n10.0.0.0/8;\"two\r\nlines; \"\"quoted\"\"\"\r\n\r\n10.1.0.0/16;\r\n");
        columns.ShouldBe(["prefix", "note"]);
        lines
            .Select(l => (l.Number, l["prefix"], l["note"]))
            .ShouldBe([(2, "10.0.0.0/8", "two\r\nlines; \"quoted\""), (5, "10.1.0.0/16", null)]);
    }
}
