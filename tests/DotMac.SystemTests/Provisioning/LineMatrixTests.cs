using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Provisioning;

/// <summary>
/// Every IPv6 mode, static and dynamic, single VLAN and Q-in-Q, at a NAS of every vendor: an order, a run, a login, and the Access-Accept
/// octet by octet. The octets are put together here from the RFCs and the vendors' dictionaries, not by the platform's code.
/// </summary>
public sealed class LineMatrixTests(LineMatrixTests.Vendors host) : IClassFixture<LineMatrixTests.Vendors>
{
    private static int places;

    /// <summary>The host with one NAS for each vendor.</summary>
    public sealed class Vendors : ProvisioningFixture
    {
        /// <summary>What 20 Mbit/s down and 5 up is to each vendor: 26, length, vendor, type, length, value.</summary>
        public static readonly Dictionary<string, string> Rates = new(StringComparer.Ordinal)
        {
            ["mikrotik"] = Vsa(14988, 8, "5000k/20000k"),
            ["cisco"] =
                Vsa(9, 1, "ip:rate-limit=input 5000000 937500 1875000 conform-action transmit exceed-action drop")
                + Vsa(9, 1, "ip:rate-limit=output 20000000 3750000 7500000 conform-action transmit exceed-action drop"),
            ["huawei"] = Vsa(2011, 2, 5_000_000) + Vsa(2011, 5, 20_000_000),
            ["juniper"] = Vsa(4874, 108, "T02 20000k"),
            ["nokia"] = Vsa(6527, 126, "i:a:root:rate=5000") + Vsa(6527, 126, "e:r:rate=20000"),
            ["zte"] = Vsa(3902, 89, 5_000) + Vsa(3902, 83, 20_000),
            ["ubiquiti"] = Wispr,
            ["cambium"] = Wispr,
            ["generic"] = Wispr,
        };

        private static string Wispr => Vsa(14122, 7, 5_000_000) + Vsa(14122, 8, 20_000_000);

        public Dictionary<string, TestNas> Nas { get; } = new(StringComparer.Ordinal);

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            foreach (var vendor in Rates.Keys)
            {
                Nas[vendor] = await NasAsync(vendor);
            }
        }

        private static string Vsa(int vendor, byte type, string text) => Vsa(vendor, type, Encoding.ASCII.GetBytes(text));

        private static string Vsa(int vendor, byte type, int number)
        {
            var value = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(value, number);
            return Vsa(vendor, type, value);
        }

        private static string Vsa(int vendor, byte type, byte[] value) =>
            $"1a{value.Length + 8:x2}{vendor:x8}{type:x2}{value.Length + 2:x2}{Convert.ToHexStringLower(value)}";
    }

    public static TheoryData<string, bool, bool> Rows
    {
        get
        {
            var rows = new TheoryData<string, bool, bool>();
            foreach (var mode in new[] { "none", "slaac", "stateful", "pd", "dual_stack" })
            {
                foreach (var isStatic in new[] { false, true })
                {
                    rows.Add(mode, isStatic, false);
                    rows.Add(mode, isStatic, true);
                }
            }

            return rows;
        }
    }

    [PeerTheory("radclient")]
    [MemberData(nameof(Rows))]
    public async Task An_accept_carries_the_line_and_nothing_else(string mode, bool isStatic, bool isQinQ)
    {
        var place = Interlocked.Increment(ref places);
        var order = Line(mode, isStatic, isQinQ, place);
        var home = await host.ProvisionAsync(order);
        var kept = (await host.ServiceAsync(home.ServiceId)).GetProperty("service_metadata");
        if (isStatic)
        {
            kept.GetProperty("static_ip_bypass").GetBoolean().ShouldBeTrue();
            Network(kept, "ipv4").ShouldBe($"203.0.113.{place}/32");
        }

        var line = Expected(kept, mode, home.Id);
        foreach (var (vendor, nas) in host.Nas)
        {
            await Eventually.IsTrueAsync(
                async () => (await nas.AccessAsync(home.Username, home.Password)).Code == PacketCode.AccessAccept,
                "the login is in force"
            );
            var accept = await nas.AccessAsync(home.Username, home.Password);
            Attributes(accept.Reply.Span).ShouldBe(line.Before + Vendors.Rates[vendor] + line.After, $"{vendor}, {mode}");
        }

        await RadclientAsync(home, kept, mode, isQinQ);
    }

    /// <summary>Debian's radclient reads the same by its own dictionary.</summary>
    private async Task RadclientAsync(ProvisionedSubscriber home, JsonElement kept, string mode, bool isQinQ)
    {
        var answer = await host.Nas["mikrotik"]
            .RadclientAsync($"User-Name = \"{home.Username}\"\nUser-Password = \"{home.Password}\"\nMessage-Authenticator = 0x00");
        answer.ShouldBe("Access-Accept");
        answer["Framed-IP-Address"].ShouldBe([Network(kept, "ipv4").Split('/')[0]]);
        answer["Mikrotik-Rate-Limit"].ShouldBe(["5000k/20000k"]);
        var vlan = kept.GetProperty("vlan");
        string[] groups = isQinQ ? [Number(vlan, "service_vlan"), Number(vlan, "inner_vlan")] : [Number(vlan, "service_vlan")];
        answer
            .Attributes.Where(a => a.Name.StartsWith("Tunnel-Private-Group-", StringComparison.OrdinalIgnoreCase))
            .Select(a => a.Value)
            .ShouldBe(groups);
        answer["Delegated-IPv6-Prefix"].ShouldBe(mode is "pd" or "dual_stack" ? [Network(kept, "delegated_prefix")] : []);
        answer["Framed-IPv6-Prefix"].Length.ShouldBe(mode is "slaac" or "dual_stack" ? 1 : 0);
        answer["Framed-IPv6-Address"].Length.ShouldBe(mode == "stateful" ? 1 : 0);
    }

    private static object Line(string mode, bool isStatic, bool isQinQ, int place)
    {
        var line = new Dictionary<string, object?>
        {
            ["ipv6_assignment_mode"] = mode,
            ["vlan_pool"] = isQinQ ? ProvisioningFixture.QinqPool : ProvisioningFixture.VlanPool,
            ["qinq_enabled"] = isQinQ,
            ["ipv6_pool"] = mode == "stateful" ? ProvisioningFixture.AddressPool6 : null,
        };
        if (isStatic)
        {
            line["static_ipv4"] = $"203.0.113.{place}";
            line["static_ipv6"] = mode == "stateful" ? $"2001:db8:f:{place:x}::7" : null;
            line["ipv6_prefix"] = mode is "slaac" or "dual_stack" ? $"2001:db8:e:{place:x}::/64" : null;
            line["delegated_ipv6_prefix"] = mode is "pd" or "dual_stack" ? $"2001:db8:f0{place:x2}::/56" : null;
        }

        return line;
    }

    /// <summary>The attributes before and after the vendor's, in hexadecimal.</summary>
    private static (string Before, string After) Expected(JsonElement kept, string mode, Guid subscriber)
    {
        var text = new StringBuilder();
        text.Append("0806").Append(Hex(Network(kept, "ipv4"), 4)); // Framed-IP-Address (RFC 2865 §5.8)
        if (mode is "slaac" or "dual_stack")
        {
            text.Append(Prefix(97, Network(kept, "ipv6"))); // Framed-IPv6-Prefix (RFC 3162 §2.3)
        }

        if (mode == "stateful")
        {
            text.Append("a812").Append(Hex(Network(kept, "ipv6"), 16)); // Framed-IPv6-Address (RFC 6911 §3.1)
        }

        if (mode is "pd" or "dual_stack")
        {
            text.Append(Prefix(123, Network(kept, "delegated_prefix"))); // Delegated-IPv6-Prefix (RFC 4818 §3)
        }

        var vlan = kept.GetProperty("vlan");
        text.Append(Vlan(1, Number(vlan, "service_vlan")));
        if (vlan.GetProperty("inner_vlan").ValueKind == JsonValueKind.Number)
        {
            text.Append(Vlan(2, Number(vlan, "inner_vlan")));
        }

        text.Append("5506").Append("0000012c"); // Acct-Interim-Interval 300 (RFC 2869 §5.16)
        return (text.ToString(), "1915" + "646d01" + Convert.ToHexStringLower(subscriber.ToByteArray())); // Class (RFC 2865 §5.25)
    }

    /// <summary>RFC 3162 §2.3: type, length, 0, prefix length, and of the prefix the octets that it has.</summary>
    private static string Prefix(byte type, string network)
    {
        var length = int.Parse(network.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
        var octets = (length + 7) / 8;
        return $"{type:x2}{octets + 4:x2}00{length:x2}{Hex(network, octets)}";
    }

    /// <summary>RFC 3580 §3.31 with the tags of RFC 2868 §3: VLAN, 802, and the VLAN's number in digits.</summary>
    private static string Vlan(int tag, string number) =>
        $"4006{tag:x2}00000d4106{tag:x2}00000651{number.Length + 3:x2}{tag:x2}{Convert.ToHexStringLower(Encoding.ASCII.GetBytes(number))}";

    private static string Hex(string network, int octets) =>
        Convert.ToHexStringLower(IPAddress.Parse(network.Split('/')[0]).GetAddressBytes()[..octets]);

    private static string Network(JsonElement kept, string name) => kept.GetProperty(name).GetProperty("network").GetString()!;

    private static string Number(JsonElement vlan, string name) =>
        vlan.GetProperty(name).GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Everything behind the header but the Message-Authenticator, which is another one each time.</summary>
    private static string Attributes(ReadOnlySpan<byte> packet)
    {
        var text = new StringBuilder();
        for (var at = 20; at < packet.Length; at += packet[at + 1])
        {
            if (packet[at] != 80)
            {
                text.Append(Convert.ToHexStringLower(packet.Slice(at, packet[at + 1])));
            }
        }

        return text.ToString();
    }
}
