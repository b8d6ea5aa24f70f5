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
        var file = Csv.Read("\uFEFFPrefix;Note\r\n10.0.0.0/8;\"two\r\nlines; \"\"quoted\"\"\"\r\n\r\n10.1.0.0/16;\r\n");
        (file.OpenQuote, file.TooWide).ShouldBe((null, null));
        file.Columns.ShouldBe(["prefix", "note"]);
        file.Lines.Select(l => (l.Number, l["prefix"], l["note"]))
            .ShouldBe([(2, "10.0.0.0/8", "two\r\nlines; \"quoted\""), (5, "10.1.0.0/16", null)]);
    }

    [Theory]
    [InlineData("a,b\r1,2\r3,4", "2 1 2|3 3 4")]
    [InlineData("a,b\r\r1,\"x\ry\"\r3,4\r", "3 1 x\ry|5 3 4")]
    [InlineData("a,b\r\n1,2\n3,4\r5,6", "2 1 2|3 3 4|4 5 6")]
    [InlineData("a,b\n1,\n,2,,\n", "2 1 |3  2")]
    public void Lines_end_as_the_file_ends_them(string text, string read) =>
        string.Join('|', Csv.Read(text).Lines.Select(l => $"{l.Number} {l["a"]} {l["b"]}")).ShouldBe(read);

    [Theory]
    [InlineData("a,b\n1,2\n3,\"4\n5,6\n7,8\n", 3, null)]
    [InlineData("a,b\n1,2\n3,4,\"x\n5,6\n7,8\n", 3, 3)]
    [InlineData("a,\"b\n1,2\n", 1, null)]
    [InlineData("a,b\n\"1\n1\",2\n3,\"", 4, null)]
    [InlineData("a,b\n1,2,,\n3,4,5\n", null, 3)]
    [InlineData("a,b\n1,\"\"\n3,\"\"\"\"\n", null, null)]
    public void A_quote_that_is_never_closed_and_a_cell_without_a_column_are_told_with_their_line(string text, int? openQuote, int? tooWide)
    {
        var file = Csv.Read(text);
        (file.OpenQuote, file.TooWide).ShouldBe((openQuote, tooWide));
    }
}
