using System.Net;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Radius;

/// <summary>Typed reads: the right value, or false, never a wrong value.</summary>
public sealed class PacketViewTests
{
    [Fact]
    public void Padding_behind_the_length_is_ignored()
    {
        var bytes = Request(builder => builder.Add(AttributeType.UserName, "bob"));
        PacketView.TryParse([.. bytes, 1, 0, 0xFF], out var packet, out _).ShouldBeTrue();
        packet.Bytes.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public void Values_are_read_by_type()
    {
        var bytes = Request(builder =>
            builder
                .Add(AttributeType.UserName, "bób")
                .Add(AttributeType.NasPort, 0xFFFFFFFE)
                .Add(AttributeType.FramedIpAddress, IPAddress.Parse("10.1.2.3"))
                .Add(AttributeType.FramedIpv6Address, IPAddress.Parse("2001:db8::5"))
                .Add("Delegated-IPv6-Prefix", "2001:db8:100::/56")
                .Add("Event-Timestamp", "2023-11-14T22:13:20Z")
                .Add(AttributeType.AcctInputOctets, 5)
                .Add(AttributeType.AcctInputGigawords, 2)
                .Add(AttributeType.AcctOutputOctets, 7)
                .AddVendor(9, 1, "a=1")
                .AddVendor(9, 1, "b=2")
                .AddVendor(14122, 7, [0, 0, 4, 0])
        );
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();

        packet.TryGetText(AttributeType.UserName, out var name).ShouldBeTrue();
        name.ShouldBe("bób");
        packet.TryGetUInt32(AttributeType.NasPort, out var port).ShouldBeTrue();
        port.ShouldBe(0xFFFFFFFE);
        packet.TryGetIpv4(AttributeType.FramedIpAddress, out uint number).ShouldBeTrue();
        number.ShouldBe(0x0A010203u);
        packet.TryGetIpv4(AttributeType.FramedIpAddress, out IPAddress ipv4).ShouldBeTrue();
        ipv4.ShouldBe(IPAddress.Parse("10.1.2.3"));
        packet.TryGetIpv6(AttributeType.FramedIpv6Address, out var ipv6).ShouldBeTrue();
        ipv6.ShouldBe(IPAddress.Parse("2001:db8::5"));
        packet.TryGetIpv6Prefix(AttributeType.DelegatedIpv6Prefix, out var prefix).ShouldBeTrue();
        prefix.ShouldBe(IPNetwork.Parse("2001:db8:100::/56"));
        packet.TryGetTime(AttributeType.EventTimestamp, out var time).ShouldBeTrue();
        time.ToUnixTimeSeconds().ShouldBe(1_700_000_000);
        packet.TryGetOctets(AttributeType.AcctInputOctets, AttributeType.AcctInputGigawords, out var input).ShouldBeTrue();
        input.ShouldBe((2UL << 32) + 5);
        packet.TryGetOctets(AttributeType.AcctOutputOctets, AttributeType.AcctOutputGigawords, out var output).ShouldBeTrue();
        output.ShouldBe(7UL);
        packet.TryGetVendorText(9, 1, out var first).ShouldBeTrue();
        first.ShouldBe("a=1");
        packet.TryGetVendorUInt32(14122, 7, out var rate).ShouldBeTrue();
        rate.ShouldBe(1024u);
        packet.Count(AttributeType.VendorSpecific).ShouldBe(3);
        packet.Has(AttributeType.ChapPassword).ShouldBeFalse();
        packet.TryGetVendor(9, 2, out _).ShouldBeFalse();
        packet.TryGetVendor(10, 1, out _).ShouldBeFalse();
    }

    [Fact]
    public void Values_of_the_wrong_length_are_not_read()
    {
        var bytes = Request(builder =>
            builder
                .Add(AttributeType.NasPort, [1, 2, 3])
                .Add(AttributeType.FramedIpAddress, [1, 2, 3, 4, 5])
                .Add(AttributeType.FramedIpv6Address, [1])
                .Add(AttributeType.DelegatedIpv6Prefix, [0, 129, 1])
                .Add(AttributeType.FramedIpv6Prefix, [0, 64, 1])
                .AddVendor(14122, 7, [1])
        );
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        packet.TryGetUInt32(AttributeType.NasPort, out _).ShouldBeFalse();
        packet.TryGetIpv4(AttributeType.FramedIpAddress, out IPAddress _).ShouldBeFalse();
        packet.TryGetIpv4(AttributeType.FramedIpAddress, out uint _).ShouldBeFalse();
        packet.TryGetIpv6(AttributeType.FramedIpv6Address, out _).ShouldBeFalse();
        packet.TryGetIpv6Prefix(AttributeType.DelegatedIpv6Prefix, out _).ShouldBeFalse();
        packet.TryGetIpv6Prefix(AttributeType.FramedIpv6Prefix, out _).ShouldBeFalse();
        packet.TryGetVendorUInt32(14122, 7, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_vsa_that_does_not_divide_yields_nothing_and_those_around_it_stay_readable()
    {
        var bytes = Request(builder =>
            builder
                .AddVendor(9, 1, "before")
                .Add(AttributeType.VendorSpecific, [0, 0, 0, 9, 1, 4, 65, 66, 2])
                .Add(AttributeType.VendorSpecific, [0, 0, 0, 9, 1, 1])
                .Add(AttributeType.VendorSpecific, [0, 0, 0, 9])
                .Add(AttributeType.VendorSpecific, [0, 0, 9])
                .AddVendor(9, 2, "after")
        );
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        var seen = new List<byte>();
        var vendorAttributes = packet.VendorAttributes;
        while (vendorAttributes.MoveNext())
        {
            seen.Add(vendorAttributes.Current.Type);
        }

        seen.ShouldBe([1, 2]);
        vendorAttributes.Opaque.ShouldBe(4);
    }

    [Fact]
    public void Text_that_is_no_utf8_is_read_leniently()
    {
        var bytes = Request(builder => builder.Add(AttributeType.UserName, [0x61, 0xFF, 0x62]));
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        packet.TryGetText(AttributeType.UserName, out var name).ShouldBeTrue();
        name.ShouldBe("a\uFFFDb");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("sixteen octets..")]
    [InlineData("seventeen octets.")]
    public void Pap_round_trips(string password)
    {
        var value = new byte[128];
        var clear = new byte[128];
        var authenticator = new byte[16];
        var octets = System.Text.Encoding.UTF8.GetBytes(password);
        var length = Pap.Encrypt(octets, "s"u8, authenticator, value);
        length.ShouldBe(octets.Length <= 16 ? 16 : 32);
        Pap.Decrypt(value.AsSpan(0, length), "s"u8, authenticator, clear).ShouldBe(octets.Length);
        Pap.Matches(value.AsSpan(0, length), "s"u8, authenticator, octets).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(144)]
    public void A_user_password_of_another_length_never_matches(int octets)
    {
        Pap.Decrypt(new byte[octets], "s"u8, new byte[16], new byte[256]).ShouldBe(-1);
        Pap.Matches(new byte[octets], "s"u8, new byte[16], []).ShouldBeFalse();
        Pap.Encrypt(new byte[129], "s"u8, new byte[16], new byte[256]).ShouldBe(-1);
    }

    [Fact]
    public void A_chap_password_of_another_length_never_matches()
    {
        foreach (var octets in new[] { 0, 1, 16, 18 })
        {
            var bytes = Request(builder => builder.Add(AttributeType.ChapPassword, new byte[octets]));
            PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
            Chap.Verify(packet, "secret"u8).ShouldBeFalse();
        }
    }

    private static byte[] Request(Func<RequestBuilder, RequestBuilder> add) =>
        add(new RequestBuilder(PacketCode.AccessRequest, 1)).Build("s"u8);
}
