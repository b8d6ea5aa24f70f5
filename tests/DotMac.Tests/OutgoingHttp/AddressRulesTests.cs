using System.Net;
using DotMac.Kernel.OutgoingHttp;

namespace DotMac.Tests.OutgoingHttp;

/// <summary>What counts as the public internet, and what a text may be to be called at all.</summary>
public sealed class AddressRulesTests
{
    [Theory]
    [InlineData("93.184.215.14")]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.63.255.255")]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void Public_ones(string address) => AddressRules.IsPublic(IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("192.0.0.192")]
    [InlineData("198.19.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::7f00:1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("ff02::1")]
    public void Others(string address) => AddressRules.IsPublic(IPAddress.Parse(address)).ShouldBeFalse();

    [Fact]
    public void A_named_network_also_holds_its_addresses_in_ipv6_clothes()
    {
        IPNetwork[] named = [IPNetwork.Parse("10.20.0.0/16")];
        AddressRules.IsIn(named, IPAddress.Parse("10.20.3.4")).ShouldBeTrue();
        AddressRules.IsIn(named, IPAddress.Parse("::ffff:10.20.3.4")).ShouldBeTrue();
        AddressRules.IsIn(named, IPAddress.Parse("10.21.0.1")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://coa.example.net/radius?site=1", true)]
    [InlineData("http://10.20.0.1:8080", true)]
    [InlineData(null, false)]
    [InlineData("coa.example.net", false)]
    [InlineData("/coa", false)]
    [InlineData("ftp://example.net/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("gopher://127.0.0.1:6379/_", false)]
    [InlineData("https://user:secret@example.net/", false)]
    [InlineData("https://example.net/#part", false)]
    [InlineData("https://example.net/a\r\nHost: b", false)]
    [InlineData("https://example.net/a b", false)]
    public void Texts(string? text, bool good) => (OutgoingGuard.FaultOf(text) is null).ShouldBe(good);
}
