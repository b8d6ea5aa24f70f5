using System.Globalization;
using System.Net;
using System.Text;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.NetworkProfiles;

/// <summary>The lines of the table: every IPv6 mode, own addresses or the NAS's pools, one VLAN or two; each with a profile put through the API.</summary>
public sealed class LineTableFixture : RadiusFixture
{
    public static readonly string[] Modes = ["none", "slaac", "stateful", "pd", "dual_stack"];

    /// <summary>In the order in which they were made; the number is part of every address of the line.</summary>
    public List<TableLine> Lines { get; } = [];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var plan = await ProfileAsync(50_000, 10_000);
        foreach (var mode in Modes)
        {
            foreach (var isStatic in new[] { true, false })
            {
                foreach (var isQinq in new[] { false, true })
                {
                    var user = await SubscriberAsync(new { bandwidth_profile_id = plan });
                    var line = new TableLine(Lines.Count + 1, mode, isStatic, isQinq, user);
                    (await Admin.PutAsync($"/api/v1/network/subscribers/{user.Id}/profile", line.Profile)).ShouldHave(HttpStatusCode.OK);
                    Lines.Add(line);
                }
            }
        }

        await SettleAsync();
    }
}

/// <summary>One line of the table: its profile, and the octets that an Access-Accept must say it in.</summary>
public sealed record TableLine(int Number, string Mode, bool IsStatic, bool IsQinq, TestSubscriber User)
{
    private int Vlan => 100 + Number;
    private int InnerVlan => 1000 + Number;

    /// <summary>The single line has an inner VLAN too: only qinq_enabled says that it is not used.</summary>
    public object Profile =>
        new
        {
            service_vlan = Vlan,
            inner_vlan = InnerVlan,
            qinq_enabled = IsQinq,
            ipv6_assignment_mode = Mode,
            static_ipv4 = IsStatic ? $"100.70.0.{Number}" : null,
            ipv6_prefix = IsStatic ? $"2001:db8:{Number:x}::/64" : null,
            static_ipv6 = IsStatic ? $"2001:db8:{Number:x}::9" : null,
            delegated_ipv6_prefix = IsStatic ? $"2001:db8:ff{Number:x2}::/56" : null,
            nas_ipv4_pool = IsStatic ? null : "res",
            nas_ipv6_pool = IsStatic ? null : "wan6",
            nas_pd_pool = IsStatic ? null : "pd56",
        };

    public string Octets => Ipv4 + Ipv6 + VlanOf(1, Vlan) + (IsQinq ? VlanOf(2, InnerVlan) : "") + "5506" + "0000012c";

    private string Ipv4 => IsStatic ? $"0806644600{Number:x2}" : "5805" + "726573"; // Framed-IP-Address, or Framed-Pool "res"

    private string Ipv6 =>
        (Mode, IsStatic) switch
        {
            ("none", _) => "",
            ("slaac", true) => Prefix97,
            ("slaac", false) => Pool100,
            ("stateful", true) => Address168,
            ("stateful", false) => "ac06" + Wan6 + Pool100, // Stateful-IPv6-Address-Pool beside Framed-IPv6-Pool
            ("pd", true) => Delegated123,
            ("pd", false) => Pool171,
            ("dual_stack", true) => Prefix97 + Address168 + Delegated123,
            _ => Pool100 + Pool171,
        };

    private const string Wan6 = "77616e36";
    private const string Pool100 = "6406" + Wan6; // Framed-IPv6-Pool
    private const string Pool171 = "ab06" + "70643536"; // Delegated-IPv6-Prefix-Pool
    private string Prefix97 => $"610c0040" + $"20010db8{Number:x4}0000"; // Framed-IPv6-Prefix, /64
    private string Address168 => "a812" + $"20010db8{Number:x4}0000" + "0000000000000009"; // Framed-IPv6-Address
    private string Delegated123 => "7b0b0038" + $"20010db8ff{Number:x2}00"; // Delegated-IPv6-Prefix, /56

    private static string VlanOf(int tag, int vlan)
    {
        var digits = Convert.ToHexStringLower(Encoding.ASCII.GetBytes(vlan.ToString(CultureInfo.InvariantCulture)));
        return $"40060{tag}00000d" + $"41060{tag}000006" + $"51{(digits.Length / 2) + 3:x2}0{tag}" + digits;
    }
}

/// <summary>
/// Issue 4's table: all IPv6 modes × static or dynamic × single or Q-in-Q × every vendor, asked over UDP, compared on the octets of the
/// Access-Accept. What is expected is written out here, from the RFCs and the vendors' dictionaries, not taken from the code.
/// </summary>
public sealed class LineTableTests(LineTableFixture host) : IClassFixture<LineTableFixture>
{
    /// <summary>50 Mbit/s down, 10 up, in each vendor's words.</summary>
    public static TheoryData<string, string> Vendors =>
        new()
        {
            { "generic", Wispr },
            { "mikrotik", Text("00003a8c", 8, "10000k/50000k") },
            {
                "cisco",
                Text("00000009", 1, "ip:rate-limit=input 10000000 1875000 3750000 conform-action transmit exceed-action drop")
                    + Text("00000009", 1, "ip:rate-limit=output 50000000 9375000 18750000 conform-action transmit exceed-action drop")
            },
            { "huawei", Number("000007db", 2, "00989680") + Number("000007db", 5, "02faf080") },
            { "juniper", Text("0000130a", 108, "T02 50000k") },
            { "nokia", Text("0000197f", 126, "i:a:root:rate=10000") + Text("0000197f", 126, "e:r:rate=50000") },
            { "zte", Number("00000f3e", 89, "00002710") + Number("00000f3e", 83, "0000c350") },
            { "ubiquiti", Wispr },
            { "cambium", Wispr },
        };

    private static string Wispr => Number("0000372a", 7, "00989680") + Number("0000372a", 8, "02faf080");

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Every_line_at_a_nas_of_this_vendor(string vendor, string rates)
    {
        var nas = await host.NasAsync(vendor);
        host.Lines.Count.ShouldBe(20);
        foreach (var line in host.Lines)
        {
            var answer = await nas.AccessAsync(line.User.Username, line.User.Password);
            answer.Code.ShouldBe(PacketCode.AccessAccept, $"{line}");
            var hex = Convert.ToHexStringLower(answer.Reply.Span[20..]);
            hex.ShouldStartWith("5012", customMessage: "Message-Authenticator is first");
            hex[36..^ClassLength].ShouldBe(line.Octets + rates, $"{vendor}: {line}");
        }
    }

    /// <summary>Class, which names the subscriber, is last: type, length, mark and id.</summary>
    private const int ClassLength = 2 * (2 + 19);

    private static string Text(string vendor, byte type, string text) =>
        Vendor(vendor, type, Convert.ToHexStringLower(Encoding.ASCII.GetBytes(text)));

    private static string Number(string vendor, byte type, string number) => Vendor(vendor, type, number);

    private static string Vendor(string vendor, byte type, string value) =>
        $"1a{(value.Length / 2) + 8:x2}{vendor}{type:x2}{(value.Length / 2) + 2:x2}{value}";
}
