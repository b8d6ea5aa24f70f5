using System.Net;
using DotMac.Access;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Aaa;

/// <summary>Each row of the reply table, read as octets: type, length, value. What a line does not have is not sent.</summary>
public class ReplyTableTests
{
    private const string Interim = "5506" + "0000012c"; // Acct-Interim-Interval 300
    private const string Prefix97 = "610c" + "0040" + "20010db800010000"; // Framed-IPv6-Prefix 2001:db8:1::/64
    private const string Address168 = "a812" + "20010db8000100000000000000000009"; // Framed-IPv6-Address
    private const string Delegated123 = "7b0b" + "0038" + "20010db8ff0000"; // Delegated-IPv6-Prefix 2001:db8:ff00::/56
    private const string FramedPool100 = "6406" + "77616e36"; // Framed-IPv6-Pool "wan6"
    private const string StatefulPool172 = "ac06" + "77616e36"; // Stateful-IPv6-Address-Pool "wan6"
    private const string DelegatedPool171 = "ab06" + "70643536"; // Delegated-IPv6-Prefix-Pool "pd56"

    private static readonly Login Plain = new()
    {
        TenantId = Guid.Empty,
        SubscriberId = Guid.Empty,
        Username = "bob",
        Password = [],
    };

    private static string Hex(Login login)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var writer = new PacketWriter(buffer, PacketCode.AccessAccept, 1);
        ReplyAttributes.Write(ref writer, login, null, NasVendor.Generic);
        writer.Fault.ShouldBe(WriteFault.None);
        var hex = Convert.ToHexStringLower(buffer[20..writer.Length]);
        return hex.EndsWith(Interim, StringComparison.Ordinal) ? hex[..^Interim.Length] : hex;
    }

    /// <summary>mode ('-' is not chosen); what the line has: p(refix) a(ddress) w(an pool) d(elegated) q (delegated pool); what is sent.</summary>
    public static TheoryData<string, string, string> Ipv6 =>
        new()
        {
            { "none", "pawdq", "" },
            { "slaac", "pawdq", Prefix97 },
            { "slaac", "wdq", FramedPool100 },
            { "slaac", "adq", "" },
            { "stateful", "pawdq", Address168 },
            { "stateful", "pwdq", StatefulPool172 + FramedPool100 },
            { "stateful", "pd", "" },
            { "pd", "pawdq", Delegated123 },
            { "pd", "pawq", DelegatedPool171 },
            { "pd", "paw", "" },
            { "dual_stack", "pawdq", Prefix97 + Address168 + Delegated123 },
            { "dual_stack", "pwdq", Prefix97 + Delegated123 },
            { "dual_stack", "awq", Address168 + DelegatedPool171 },
            { "dual_stack", "wq", FramedPool100 + DelegatedPool171 },
            { "dual_stack", "d", Delegated123 },
            { "dual_stack", "", "" },
            { "-", "", "" },
            { "-", "p", Prefix97 },
            { "-", "a", Address168 },
            { "-", "w", FramedPool100 },
            { "-", "d", Delegated123 },
            { "-", "pad", Prefix97 + Address168 + Delegated123 },
            { "-", "pa", Prefix97 + Address168 },
            { "-", "wq", FramedPool100 + DelegatedPool171 },
        };

    [Theory]
    [MemberData(nameof(Ipv6))]
    public void Ipv6_by_mode(string mode, string has, string sent) =>
        Hex(
                Plain with
                {
                    Ipv6Mode = Words.Read<Ipv6Mode>(mode),
                    FramedIpv6Prefix = has.Contains('p') ? IPNetwork.Parse("2001:db8:1::/64") : null,
                    FramedIpv6Address = has.Contains('a') ? IPAddress.Parse("2001:db8:1::9") : null,
                    FramedIpv6Pool = has.Contains('w') ? "wan6" : null,
                    DelegatedIpv6Prefix = has.Contains('d') ? IPNetwork.Parse("2001:db8:ff00::/56") : null,
                    DelegatedIpv6Pool = has.Contains('q') ? "pd56" : null,
                }
            )
            .ShouldBe(sent);

    [Fact]
    public void An_address_goes_with_its_netmask_and_leaves_the_pool_out() =>
        Hex(
                Plain with
                {
                    FramedIpv4Address = IPAddress.Parse("100.64.0.9"),
                    FramedIpv4Netmask = IPAddress.Parse("255.255.255.0"),
                    FramedIpv4Pool = "residential",
                }
            )
            .ShouldBe("0806" + "64400009" + "0906" + "ffffff00");

    [Fact]
    public void A_pool_stands_for_an_address() => Hex(Plain with { FramedIpv4Pool = "res" }).ShouldBe("5805" + "726573");

    [Fact]
    public void Each_route_is_an_attribute_of_its_own() =>
        Hex(Plain with { FramedRoutes = ["10.0.0.0/8 0.0.0.0 1", "10.9.0.0/16 1.2.3.4 5"] })
            .ShouldBe(
                "1616" + Convert.ToHexStringLower("10.0.0.0/8 0.0.0.0 1"u8) + "1617" + Convert.ToHexStringLower("10.9.0.0/16 1.2.3.4 5"u8)
            );

    [Fact]
    public void A_suspended_line_gets_everything_as_usual_but_the_gardens_filter()
    {
        var line = Plain with { VlanId = 7, FilterId = "own", WalledGardenFilterId = "garden" };
        Hex(line).ShouldEndWith(Interim + "0b05" + Convert.ToHexStringLower("own"u8));
        Hex(line with { Suspended = true })
            .ShouldBe(Hex(line).Replace("0b05" + Convert.ToHexStringLower("own"u8), "0b08" + Convert.ToHexStringLower("garden"u8)));
    }

    [Theory]
    [InlineData((short)1, "5104" + "01" + "31")]
    [InlineData((short)4094, "5107" + "01" + "34303934")]
    public void A_single_vlan_under_tag_1(short vlan, string group) =>
        Hex(Plain with { VlanId = vlan }).ShouldBe("4006" + "0100000d" + "4106" + "01000006" + group);

    [Fact]
    public void The_largest_line_fits_into_one_packet()
    {
        var most = new string('x', 253);
        Hex(
            Plain with
            {
                FramedIpv4Pool = most,
                FramedIpv6Pool = most,
                DelegatedIpv6Pool = most,
                FilterId = most,
                VlanId = 4094,
                InnerVlan = 4094,
                FramedRoutes =
                [
                    .. Enumerable
                        .Range(0, 16)
                        .Select(i =>
                            $"100.100.100.{i * 16}/28 100.100.100.100 -2147483648 -2147483648 -2147483648 -2147483648 -2147483648"
                        ),
                ],
            }
        )
            .Length.ShouldBeLessThan(2 * 3500);
    }
}
