using DotMac.Access;
using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Kernel.Results;
using FsCheck;
using FsCheck.Fluent;

namespace DotMac.Tests.Access;

/// <summary>Ids, MAC addresses and routes: what is taken, and in which one spelling it is kept.</summary>
public sealed class LineInputTests
{
    private static readonly Arbitrary<byte[]> Octets = ArbMap.Default.ArbFor<byte[]>();
    private static readonly Config Thorough = Config
        .QuickThrowOnFailure.WithMaxTest(1000)
        .WithReplay(new Replay(new Rnd(20_261_121, 83), null));

    [Theory]
    [InlineData("02:00:5e:10:00:01", "02:00:5e:10:00:01")]
    [InlineData("02-00-5E-10-00-01", "02:00:5e:10:00:01")]
    [InlineData("0200.5e10.0001", "02:00:5e:10:00:01")]
    [InlineData("02005E100001", "02:00:5e:10:00:01")]
    [InlineData("0200-5e10-0001", "02:00:5e:10:00:01")]
    [InlineData("02:00:5e:10:00", null)]
    [InlineData("02:00:5e:10:00:01:02", null)]
    [InlineData("02:00-5e:10-00:01", null)]
    [InlineData("0:200:5e:10:00:01", null)]
    [InlineData("02:00:5e:10:00:0g", null)]
    [InlineData("::::::02005e10000", null)]
    [InlineData("bob", null)]
    [InlineData("", null)]
    public void Mac_addresses(string text, string? spelling) => MacAddress.Of(text).ShouldBe(spelling);

    [Theory]
    [InlineData("203.0.113.0/29 100.64.0.10 1", true)]
    [InlineData("203.0.113.0/29 0.0.0.0 1 2 -1 3 400", true)]
    [InlineData("10.0.0.0 100.64.0.10 1", true)]
    [InlineData("0.0.0.0/0 100.64.0.10", true)]
    [InlineData("203.0.113.0/29", false)]
    [InlineData("203.0.113.1/29 0.0.0.0 1", false)]
    [InlineData("203.0.113.0/33 0.0.0.0 1", false)]
    [InlineData("203.0.113.0/29 0.0.0.0 1 2 3 4 5 6", false)]
    [InlineData("203.0.113.0/29 0.0.0.0 x", false)]
    [InlineData("203.0.113.0/29 gateway 1", false)]
    [InlineData("2001:db8::/32 :: 1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Framed_routes(string? text, bool isTaken)
    {
        var faults = new Faults();
        FramedRoute.Read(faults, [text]).Length.ShouldBe(isTaken ? 1 : 0);
        faults.Any.ShouldBe(!isTaken);
    }

    [Theory]
    [InlineData("olt1/1/2:100", "olt1/1/2:100")]
    [InlineData("0x6f6c7431", "olt1")]
    [InlineData("0X0004AABB", "0004aabb")]
    [InlineData("0x", "0x")]
    [InlineData("0x123", null)]
    [InlineData("0x01046f6c7431", "olt1")]
    [InlineData("0xzz", null)]
    [InlineData("ünicode", null)]
    [InlineData("tab\t", null)]
    public void Typed_ids(string text, string? spelling) => LineId.OfTyped(text).ShouldBe(spelling);

    /// <summary>Printable text stays as it is; anything else is the lower-case hex of its octets; typing it as 0x… gives the same.</summary>
    [Fact]
    public void Any_octets_have_one_spelling() => Prop.ForAll(Octets, HaveOneSpelling).Check(Thorough);

    private static void HaveOneSpelling(byte[] id)
    {
        if (id.Length is 0 or > LineId.MostOctets)
        {
            return;
        }

        var isPrintable = id.All(b => b is >= 0x20 and <= 0x7e);
        LineId.Of(id).ShouldBe(isPrintable ? System.Text.Encoding.ASCII.GetString(id) : Convert.ToHexStringLower(id));
        LineId.OfTyped("0x" + Convert.ToHexString(id)).ShouldBe(LineId.Of(LineId.Unwrapped(id, remote: false)));
    }

    /// <summary>A sub-option around an id is taken off, wherever it stands in the list, and nothing else is.</summary>
    [Fact]
    public void Wrapping_is_taken_off() => Prop.ForAll(Octets, Octets, IsTakenOff).Check(Thorough);

    private static void IsTakenOff(byte[] circuit, byte[] remote)
    {
        if (circuit.Length > 100 || remote.Length is 0 or > 100)
        {
            return;
        }

        byte[] list = [1, (byte)circuit.Length, .. circuit, 2, (byte)remote.Length, .. remote];
        LineId.Unwrapped(list, remote: false).ToArray().ShouldBe(circuit);
        LineId.Unwrapped(list, remote: true).ToArray().ShouldBe(remote);
        LineId.Unwrapped([82, (byte)list.Length, .. list], remote: true).ToArray().ShouldBe(remote);
        LineId
            .Unwrapped(list.AsSpan(..^1), remote: false)
            .ToArray()
            .ShouldBe(list[..^1], "a list that does not end where it says is no list");
    }

    [Fact]
    public void Words_are_spelled_as_the_API_spells_them()
    {
        Words.All<Ipv6Mode>().ShouldBe("none, slaac, stateful, pd, dual_stack");
        Words.Read<Option82Policy>("ENFORCE").ShouldBe(Option82Policy.Enforce);
        Words.Read<Option82Policy>("1").ShouldBeNull();
    }
}
