using System.Text;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Access.Aaa.Vendors;
using DotMac.Contracts.Access;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Aaa;

/// <summary>The vendor table, one row per case, read as octets: 26, length, vendor, type, length, value.</summary>
public class VendorRatesTests
{
    private static readonly Rates Plain = new()
    {
        TenantId = Guid.Empty,
        Id = Guid.Empty,
        Name = "50/10",
        DownKbps = 50_000,
        UpKbps = 10_000,
    };

    private static readonly Rates Burst = Plain with { DownBurstKbps = 100_000, UpBurstKbps = 20_000 };
    private static readonly Rates Named = Plain with { VendorProfileName = "gold" };

    private static readonly Login Login = new()
    {
        TenantId = Guid.Empty,
        SubscriberId = Guid.Empty,
        Username = "bob",
        Password = [],
    };

    public static TheoryData<string, NasVendor, string[]> Rows =>
        new()
        {
            // RouterOS sees the subscriber from its own side: upload first.
            { nameof(Plain), NasVendor.Mikrotik, [Text("00003a8c", 8, "10000k/50000k")] },
            { nameof(Burst), NasVendor.Mikrotik, [Text("00003a8c", 8, "10000k/50000k 20000k/100000k 10000k/50000k 8/8")] },
            { nameof(Named), NasVendor.Mikrotik, [Text("00003a8c", 8, "10000k/50000k")] },
            {
                nameof(Named),
                NasVendor.Cisco,
                [Text("00000009", 1, "subscriber:sub-qos-policy-in=gold"), Text("00000009", 1, "subscriber:sub-qos-policy-out=gold")]
            },
            {
                nameof(Plain),
                NasVendor.Cisco,
                [
                    Text("00000009", 1, "ip:rate-limit=input 10000000 1875000 3750000 conform-action transmit exceed-action drop"),
                    Text("00000009", 1, "ip:rate-limit=output 50000000 9375000 18750000 conform-action transmit exceed-action drop"),
                ]
            },
            {
                nameof(Burst),
                NasVendor.Cisco,
                [
                    Text("00000009", 1, "ip:rate-limit=input 10000000 1875000 3750000 conform-action transmit exceed-action drop"),
                    Text("00000009", 1, "ip:rate-limit=output 50000000 9375000 18750000 conform-action transmit exceed-action drop"),
                ]
            },
            { nameof(Plain), NasVendor.Huawei, [Number("000007db", 2, "00989680"), Number("000007db", 5, "02faf080")] },
            {
                nameof(Burst),
                NasVendor.Huawei,
                [
                    Number("000007db", 2, "00989680"),
                    Number("000007db", 5, "02faf080"),
                    Number("000007db", 3, "01312d00"),
                    Number("000007db", 6, "05f5e100"),
                ]
            },
            {
                nameof(Named),
                NasVendor.Huawei,
                [Number("000007db", 2, "00989680"), Number("000007db", 5, "02faf080"), Text("000007db", 31, "gold")]
            },
            {
                nameof(Named),
                NasVendor.Juniper,
                [Text("0000130a", 26, "gold"), Text("0000130a", 10, "gold-qos-in"), Text("0000130a", 11, "gold-qos-out")]
            },
            { nameof(Plain), NasVendor.Juniper, [Text("0000130a", 108, "T02 50000k")] },
            { nameof(Named), NasVendor.Nokia, [Text("0000197f", 12, "gold"), Text("0000197f", 13, "gold")] },
            { nameof(Plain), NasVendor.Nokia, [Text("0000197f", 126, "i:a:root:rate=10000"), Text("0000197f", 126, "e:r:rate=50000")] },
            { nameof(Plain), NasVendor.Zte, [Number("00000f3e", 89, "00002710"), Number("00000f3e", 83, "0000c350")] },
            {
                nameof(Burst),
                NasVendor.Zte,
                [
                    Number("00000f3e", 89, "00002710"),
                    Number("00000f3e", 83, "0000c350"),
                    Number("00000f3e", 192, "00004e20"),
                    Number("00000f3e", 191, "000186a0"),
                ]
            },
            {
                nameof(Named),
                NasVendor.Zte,
                [
                    Number("00000f3e", 89, "00002710"),
                    Number("00000f3e", 83, "0000c350"),
                    Text("00000f3e", 94, "gold"),
                    Text("00000f3e", 82, "gold"),
                ]
            },
            { nameof(Plain), NasVendor.Ubiquiti, Wispr },
            { nameof(Named), NasVendor.Cambium, Wispr },
            { nameof(Burst), NasVendor.Generic, Wispr },
            { nameof(Plain), (NasVendor)999, Wispr },
        };

    private static string[] Wispr => [Number("0000372a", 7, "00989680"), Number("0000372a", 8, "02faf080")];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Rates_of_a_vendor(string rates, NasVendor vendor, string[] attributes)
    {
        Hex(PacketCode.AccessAccept, Of(rates), vendor).ShouldBe(string.Concat(attributes));
        Hex(PacketCode.CoaRequest, Of(rates), vendor).ShouldBe(string.Concat(attributes));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_access_accept_ends_with_them(string rates, NasVendor vendor, string[] attributes)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var writer = new PacketWriter(buffer, PacketCode.AccessAccept, 1);
        ReplyAttributes.Write(ref writer, Login, Of(rates), vendor);
        Convert.ToHexStringLower(buffer[20..writer.Length]).ShouldBe("5506" + "0000012c" + string.Concat(attributes));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_preview_names_each_of_them(string rates, NasVendor vendor, string[] attributes)
    {
        var preview = PreviewBandwidthProfile.Of(Of(rates), vendor);
        preview.AccessAccept.Select(a => a.Hex).ShouldBe(attributes);
        preview.CoaRequest.Select(a => a.Hex).ShouldBe(attributes);
        preview.AccessAccept.ShouldAllBe(a => !a.Name.StartsWith("Attr-", StringComparison.Ordinal));
        preview.Warnings.Any(w => w.Contains("WISPr", StringComparison.Ordinal)).ShouldBe(!preview.Known);
    }

    [Fact]
    public void Every_vendor_has_a_row() =>
        Rows.Select(r => (NasVendor)r[1]).Where(Enum.IsDefined).Distinct().Order().ShouldBe(Enum.GetValues<NasVendor>().Order());

    [Fact]
    public void Bits_per_second_say_no_more_than_fits()
    {
        var fast = Plain with { DownKbps = 10_000_000 };
        Hex(PacketCode.AccessAccept, fast, NasVendor.Generic).ShouldEndWith("0806" + "ffffffff");
        RateWarnings.Of(fast, NasVendor.Huawei).ShouldContain(w => w.Contains("4,294,967,295"));
        RateWarnings.Of(fast, NasVendor.Mikrotik).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(NasVendor.Cisco)]
    [InlineData(NasVendor.Juniper)]
    [InlineData(NasVendor.Nokia)]
    [InlineData(NasVendor.Huawei)]
    [InlineData(NasVendor.Zte)]
    public void The_longest_name_still_fits(NasVendor vendor)
    {
        var buffer = new byte[4096];
        var writer = new PacketWriter(buffer, PacketCode.AccessAccept, 1);
        RateAttributes.Write(ref writer, Plain with { VendorProfileName = new string('n', 200) }, vendor);
        writer.Fault.ShouldBe(WriteFault.None);
    }

    [Fact]
    public void Numbers_are_those_of_the_dictionary()
    {
        (string Name, uint Vendor, uint Number)[] known =
        [
            ("Mikrotik-Rate-Limit", 14988, 8),
            ("Cisco-AVPair", 9, 1),
            ("Huawei-Input-Average-Rate", 2011, 2),
            ("Huawei-Output-Average-Rate", 2011, 5),
            ("Huawei-Input-Peak-Rate", 2011, 3),
            ("Huawei-Output-Peak-Rate", 2011, 6),
            ("Huawei-Qos-Profile-Name", 2011, 31),
            ("ERX-Qos-Profile-Name", 4874, 26),
            ("ERX-Ingress-Policy-Name", 4874, 10),
            ("ERX-Egress-Policy-Name", 4874, 11),
            ("Alc-Subsc-Prof-Str", 6527, 12),
            ("Alc-SLA-Prof-Str", 6527, 13),
            ("Alc-Subscriber-QoS-Override", 6527, 126),
            ("ZTE-Rate-Ctrl-SCR-Up", 3902, 89),
            ("ZTE-Rate-Ctrl-SCR-Down", 3902, 83),
            ("WISPr-Bandwidth-Max-Up", 14122, 7),
            ("WISPr-Bandwidth-Max-Down", 14122, 8),
        ];
        foreach (var (name, vendor, number) in known)
        {
            RadiusDictionary.Default.TryFind(name, out var attribute).ShouldBeTrue(name);
            (attribute.Vendor, attribute.Number).ShouldBe((vendor, number), name);
        }
    }

    [Theory]
    [InlineData(20_000, 100_000, 75, 12, 8, "10000k/50000k 20000k/100000k 7500k/37500k 12/12 8")]
    [InlineData(20_000, null, null, null, null, "10000k/50000k 20000k/50000k 10000k/50000k 8/8")]
    public void Mikrotik_bursts(int? up, int? down, int? percent, int? seconds, int? priority, string text) =>
        MikrotikRates
            .Text(
                Plain with
                {
                    UpBurstKbps = up,
                    DownBurstKbps = down,
                    BurstThresholdPercent = percent,
                    BurstTimeSeconds = seconds,
                    Priority = priority,
                }
            )
            .ShouldBe(text);

    private static Rates Of(string name) =>
        name switch
        {
            nameof(Burst) => Burst,
            nameof(Named) => Named,
            _ => Plain,
        };

    private static string Hex(PacketCode code, Rates rates, NasVendor vendor)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var writer = new PacketWriter(buffer, code, 1);
        RateAttributes.Write(ref writer, rates, vendor);
        writer.Fault.ShouldBe(WriteFault.None);
        return Convert.ToHexStringLower(buffer[20..writer.Length]);
    }

    private static string Number(string vendor, byte type, string value) => $"1a0c{vendor}{type:x2}06{value}";

    private static string Text(string vendor, byte type, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        return $"1a{8 + octets.Length:x2}{vendor}{type:x2}{2 + octets.Length:x2}{Convert.ToHexStringLower(octets)}";
    }
}
