using System.Net;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Aaa;

/// <summary>The Access-Accept, read as octets: type, length, value.</summary>
public class ReplyAttributesTests
{
    private static readonly Login Plain = new()
    {
        TenantId = Guid.Empty,
        SubscriberId = Guid.Empty,
        Username = "bob",
        Password = [],
    };

    private static string Hex(Login login, Rates? rates = null, NasVendor vendor = NasVendor.Generic)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var writer = new PacketWriter(buffer, PacketCode.AccessAccept, 1);
        ReplyAttributes.Write(ref writer, login, rates, vendor);
        writer.Fault.ShouldBe(WriteFault.None);
        return Convert.ToHexStringLower(buffer[20..writer.Length]);
    }

    [Fact]
    public void A_plain_login_is_told_the_interim_interval_alone() => Hex(Plain).ShouldBe("5506" + "0000012c");

    [Fact]
    public void Addresses_of_both_families() =>
        Hex(
                Plain with
                {
                    FramedIpv4Address = IPAddress.Parse("100.64.0.9"),
                    FramedIpv4Netmask = IPAddress.Parse("255.255.255.255"),
                    FramedIpv6Prefix = IPNetwork.Parse("2001:db8:1::/64"),
                    FramedIpv6Address = IPAddress.Parse("2001:db8:1::9"),
                    DelegatedIpv6Prefix = IPNetwork.Parse("2001:db8:ff00::/56"),
                }
            )
            .ShouldBe(
                "0806"
                    + "64400009" // Framed-IP-Address
                    + "0906"
                    + "ffffffff" // Framed-IP-Netmask
                    + "610c"
                    + "0040"
                    + "20010db800010000" // Framed-IPv6-Prefix: reserved, length, prefix
                    + "a812"
                    + "20010db8000100000000000000000009" // Framed-IPv6-Address
                    + "7b0b"
                    + "0038"
                    + "20010db8ff0000" // Delegated-IPv6-Prefix
                    + "5506"
                    + "0000012c"
            );

    [Fact]
    public void A_service_vlan_under_tag_1() =>
        Hex(Plain with { VlanId = 100 })
            .ShouldBe("4006" + "0100000d" + "4106" + "01000006" + "5106" + "01" + "313030" + "5506" + "0000012c");

    [Fact]
    public void Q_in_q_adds_the_customer_vlan_under_tag_2() =>
        Hex(Plain with { VlanId = 100, InnerVlan = 4094 })
            .ShouldBe(
                "4006"
                    + "0100000d"
                    + "4106"
                    + "01000006"
                    + "5106"
                    + "01"
                    + "313030"
                    + "4006"
                    + "0200000d"
                    + "4106"
                    + "02000006"
                    + "5107"
                    + "02"
                    + "34303934"
                    + "5506"
                    + "0000012c"
            );

    [Fact]
    public void An_inner_vlan_without_an_outer_is_not_sent() => Hex(Plain with { InnerVlan = 7 }).ShouldBe("5506" + "0000012c");

    [Fact]
    public void Limits() =>
        Hex(Plain with { SessionTimeoutSeconds = 86_400, IdleTimeoutSeconds = 600, InterimSeconds = 60, FilterId = "walled" })
            .ShouldBe("1b06" + "00015180" + "1c06" + "00000258" + "5506" + "0000003c" + "0b08" + "77616c6c6564");
}
