using DotMac.Radius.Client;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Radius;

/// <summary>The dictionary syntax, the built-in dictionary, and values as text.</summary>
public sealed class DictionaryTests
{
    private const string StockFolder = "/usr/share/freeradius";

    [Theory]
    [InlineData("User-Name", "1", AttributeDataType.String)]
    [InlineData("Framed-IPv6-Prefix", "97", AttributeDataType.Ipv6Prefix)]
    [InlineData("Delegated-IPv6-Prefix", "123", AttributeDataType.Ipv6Prefix)]
    [InlineData("Framed-IPv6-Address", "168", AttributeDataType.Ipv6Address)]
    [InlineData("Tunnel-Private-Group-Id", "81", AttributeDataType.String)]
    [InlineData("Mikrotik-Rate-Limit", "26.14988.8", AttributeDataType.String)]
    [InlineData("WISPr-Bandwidth-Max-Up", "26.14122.7", AttributeDataType.Integer)]
    [InlineData("WISPr-Bandwidth-Max-Down", "26.14122.8", AttributeDataType.Integer)]
    [InlineData("Cisco-AVPair", "26.9.1", AttributeDataType.String)]
    [InlineData("Huawei-Input-Average-Rate", "26.2011.2", AttributeDataType.Integer)]
    [InlineData("Huawei-Output-Average-Rate", "26.2011.5", AttributeDataType.Integer)]
    [InlineData("Huawei-Qos-Profile-Name", "26.2011.31", AttributeDataType.String)]
    [InlineData("ERX-Qos-Profile-Name", "26.4874.26", AttributeDataType.String)]
    [InlineData("ERX-Ingress-Policy-Name", "26.4874.10", AttributeDataType.String)]
    [InlineData("Alc-Subsc-Prof-Str", "26.6527.12", AttributeDataType.String)]
    [InlineData("Alc-SLA-Prof-Str", "26.6527.13", AttributeDataType.String)]
    [InlineData("Alc-Subscriber-QoS-Override", "26.6527.126", AttributeDataType.String)]
    [InlineData("ADSL-Agent-Circuit-Id", "26.3561.1", AttributeDataType.Octets)]
    [InlineData("ADSL-Agent-Remote-Id", "26.3561.2", AttributeDataType.Octets)]
    [InlineData("MS-CHAP2-Response", "26.311.25", AttributeDataType.Octets)]
    [InlineData("ADSL-Forum-Device-Serial-Number", "26.3561.255.2", AttributeDataType.String)]
    public void The_built_in_dictionary_knows(string name, string path, AttributeDataType dataType)
    {
        RadiusDictionary.Default.TryFind(name, out var attribute).ShouldBeTrue();
        attribute.Path.ShouldBe(path);
        attribute.DataType.ShouldBe(dataType);
    }

    [Fact]
    public void Names_are_found_without_regard_to_case_and_numbers_lead_back()
    {
        RadiusDictionary.Default.TryFind("tunnel-private-group-ID", out var attribute).ShouldBeTrue();
        attribute.HasTag.ShouldBeTrue();
        RadiusDictionary.Default.TryFind(0, 81, out var same).ShouldBeTrue();
        same.ShouldBeSameAs(attribute);
    }

    [Fact]
    public void The_constants_of_the_wire_are_those_of_the_dictionary()
    {
        foreach (var field in typeof(AttributeType).GetFields())
        {
            var number = (byte)field.GetRawConstantValue()!;
            RadiusDictionary.Default.TryFind(0, number, out var attribute).ShouldBeTrue(field.Name);
            attribute.Name.Replace("-", string.Empty, StringComparison.Ordinal).ShouldBe(field.Name, StringComparer.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("ATTRIBUTE X", "expected ATTRIBUTE")]
    [InlineData("ATTRIBUTE X 1 stringy", "unknown type stringy")]
    [InlineData("ATTRIBUTE X one string", "not a number: one")]
    [InlineData("ATTRIBUTE X 1 string sparkling", "unknown flag sparkling")]
    [InlineData("ATTRIBUTE X 9.1 string", "undefined parent")]
    [InlineData("ATTRIBUTE X 1 octets[ten]", "unknown type octets[ten]")]
    [InlineData("VALUE X A 1", "unknown attribute X")]
    [InlineData("VALUE X A", "expected VALUE")]
    [InlineData("VENDOR V", "expected VENDOR")]
    [InlineData("VENDOR V 0", "expected VENDOR")]
    [InlineData("VENDOR V 5 format=3,1", "unknown format")]
    [InlineData("BEGIN-VENDOR V", "unknown vendor V")]
    [InlineData("END-VENDOR V", "does not match")]
    [InlineData("BEGIN-TLV T", "expected BEGIN-TLV")]
    [InlineData("END-TLV T", "does not match")]
    [InlineData("$INCLUDE nowhere", "cannot open nowhere")]
    [InlineData("PROTOCOL X 1", "unknown keyword PROTOCOL")]
    public void A_line_that_cannot_be_used_is_named_with_its_number(string line, string message)
    {
        new DictionaryBuilder()
            .AddText("site.dict", $"# first\n\n{line}\nATTRIBUTE After 200 string\n")
            .Build(out var faults)
            .TryFind("After", out _)
            .ShouldBeTrue();
        var fault = faults.ShouldHaveSingleItem();
        fault.File.ShouldBe("site.dict");
        fault.Line.ShouldBe(3);
        fault.Message.ShouldContain(message);
    }

    [Fact]
    public void Open_blocks_and_contradictions_are_faults()
    {
        Faults("VENDOR V 5\nBEGIN-VENDOR V\n").ShouldBe(["site.dict:2: BEGIN-VENDOR without END-VENDOR"]);
        Faults("ATTRIBUTE T 1 tlv\nBEGIN-TLV T\n").ShouldBe(["site.dict:2: BEGIN-TLV T without END-TLV"]);
        Faults("ATTRIBUTE X 1 string\nATTRIBUTE X 2 string\n").ShouldBe(["site.dict:2: attribute X is already defined as 1"]);
        Faults("VENDOR V 5\nVENDOR V 6\n").ShouldBe(["site.dict:2: vendor V already has number 5"]);
        Faults("ATTRIBUTE X 1 integer\nVALUE X A 1\nVALUE X A 2\n").ShouldBe(["site.dict:3: value A of X already has another number"]);
        Faults("ATTRIBUTE X 1 integer\nVALUE X A 1\nVALUE X B 1\nATTRIBUTE Y 1 integer\n").ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_includes_itself_ends_in_a_fault()
    {
        var folder = Directory.CreateTempSubdirectory("dotmac-dictionary");
        var file = Path.Combine(folder.FullName, "loop");
        File.WriteAllText(file, "ATTRIBUTE X 1 string\n$INCLUDE loop\n$INCLUDE- absent\n");
        new DictionaryBuilder().AddFile(file).Build(out var faults).TryFind("X", out _).ShouldBeTrue();
        folder.Delete(recursive: true);
        faults.ShouldHaveSingleItem().Message.ShouldContain("nested");
    }

    [Fact]
    public void A_site_adds_to_the_built_in_dictionary()
    {
        var dictionary = new DictionaryBuilder()
            .AddBuiltIn()
            .AddText(
                "site",
                "VENDOR Acme 64999\nBEGIN-VENDOR Acme\nATTRIBUTE Acme-Mood 1 integer\nVALUE Acme-Mood Merry 3\nEND-VENDOR Acme\n"
            )
            .Build(out var faults);
        faults.ShouldBeEmpty();
        Decode(dictionary, builder => builder.AddVendor(64999, 1, [0, 0, 0, 3]).Add("Class", "0x01"))
            .ShouldBe(["Acme-Mood = Merry", "Class = 0x01"]);
        RadiusDictionary.Default.TryFind("Acme-Mood", out _).ShouldBeFalse();
    }

    [Fact]
    public void Vendors_with_other_formats_are_split_by_them()
    {
        var dictionary = new DictionaryBuilder()
            .AddText(
                "site",
                """
                ATTRIBUTE Vendor-Specific 26 vsa
                VENDOR Wide 65001 format=2,1
                VENDOR Long 65002 format=4,0
                VENDOR Split 65003 format=1,1,c
                BEGIN-VENDOR Wide
                ATTRIBUTE Wide-Text 0x0101 string
                END-VENDOR Wide
                BEGIN-VENDOR Long
                ATTRIBUTE Long-Text 70000 string
                END-VENDOR Long
                BEGIN-VENDOR Split
                ATTRIBUTE Split-Text 1 string
                END-VENDOR Split
                """
            )
            .Build(out var faults);
        faults.ShouldBeEmpty();
        Decode(
                dictionary,
                builder =>
                    builder
                        .Add(26, [0, 0, 0xFD, 0xE9, 1, 1, 5, (byte)'h', (byte)'i', 1, 1, 4, (byte)'x'])
                        .Add(26, [0, 0, 0xFD, 0xEA, 0, 1, 0x11, 0x70, (byte)'y', (byte)'o'])
                        .Add(26, [0, 0, 0xFD, 0xEB, 1, 5, 0, (byte)'o', (byte)'k'])
                        .Add(26, [0, 0, 0xFD, 0xEB, 1, 2])
            )
            .ShouldBe(["Wide-Text = hi", "Wide-Text = x", "Long-Text = yo", "Split-Text = ok", "Attr-26.65003 = 0x0102"]);
    }

    [Fact]
    public void What_does_not_fit_its_type_is_shown_as_octets_and_secrets_never()
    {
        Decode(
                RadiusDictionary.Default,
                builder =>
                    builder
                        .Add(AttributeType.NasPort, [1, 2, 3])
                        .Add(AttributeType.UserName, [0x61, 0x0D, 0x0A])
                        .Add(AttributeType.UserName, [0xFF])
                        .Add(AttributeType.DelegatedIpv6Prefix, [0, 129])
                        .Add(AttributeType.VendorSpecific, [1, 2])
                        .Add(AttributeType.TunnelPassword, [1, 0x80, 1, 2, 3])
                        .AddVendor(311, 16, "key")
                        .AddVendor(9, 249, "password")
                        .Add(AttributeType.UserPassword, new byte[16])
            )
            .ShouldBe([
                "NAS-Port = 0x010203",
                "User-Name = 0x610d0a",
                "User-Name = 0xff",
                "Delegated-IPv6-Prefix = 0x0081",
                "Attr-26 = 0x0102",
                "Tunnel-Password:1 = ***",
                "MS-MPPE-Send-Key = ***",
                "Cisco-Subscriber-Password = ***",
                "User-Password = ***",
            ]);
    }

    [Theory]
    [InlineData("byte", "200", "0xc8")]
    [InlineData("short", "65535", "0xffff")]
    [InlineData("integer", "4294967295", "0xffffffff")]
    [InlineData("integer64", "18446744073709551615", "0xffffffffffffffff")]
    [InlineData("signed", "-2", "0xfffffffe")]
    [InlineData("ipaddr", "192.0.2.1", "0xc0000201")]
    [InlineData("ipv4prefix", "192.0.2.0/24", "0x0018c0000200")]
    [InlineData("ipv6addr", "2001:db8::1", "0x20010db8000000000000000000000001")]
    [InlineData("ipv6prefix", "2001:db8::/32", "0x002020010db8")]
    [InlineData("ipv6prefix", "::/0", "0x0000")]
    [InlineData("combo-ip", "192.0.2.1", "0xc0000201")]
    [InlineData("date", "2023-11-14T22:13:20Z", "0x6553f100")]
    [InlineData("ifid", "1:2:3:abcd", "0x000100020003abcd")]
    [InlineData("ether", "00:11:22:aa:bb:cc", "0x001122aabbcc")]
    [InlineData("octets", "0x00ff", "0x00ff")]
    [InlineData("octets[2]", "0x00ff", "0x00ff")]
    [InlineData("string", "grün", "0x6772c3bc6e")]
    public void A_value_of_each_type_goes_to_octets_and_back(string type, string text, string octets)
    {
        var dictionary = new DictionaryBuilder().AddText("site", $"ATTRIBUTE X 200 {type}").Build(out _);
        var bytes = new RequestBuilder(PacketCode.AccessRequest, dictionary: dictionary).Add("X", text).Build("s"u8);
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        packet.TryGet(200, out var value).ShouldBeTrue();
        ("0x" + Convert.ToHexStringLower(value)).ShouldBe(octets);
        dictionary.Decode(packet).Single().Text.ShouldBe(text);
    }

    [Theory]
    [InlineData("NAS-Port", "4294967296")]
    [InlineData("NAS-Port", "-1")]
    [InlineData("Acct-Status-Type", "Begin")]
    [InlineData("Framed-IP-Address", "2001:db8::1")]
    [InlineData("Framed-IPv6-Address", "10.0.0.1")]
    [InlineData("Delegated-IPv6-Prefix", "10.0.0.0/8")]
    [InlineData("Class", "0x123")]
    [InlineData("Framed-Interface-Id", "1:2:3")]
    [InlineData("ARAP-Password", "0x00")]
    [InlineData("Tunnel-Type:32", "VLAN")]
    [InlineData("NAS-Port:1", "1")]
    [InlineData("No-Such-Attribute", "1")]
    public void A_value_that_cannot_be_sent_is_refused(string name, string text) =>
        Should.Throw<ArgumentException>(() => new RequestBuilder(PacketCode.AccessRequest).Add(name, text));

    [Fact]
    public void Random_lines_never_throw()
    {
        string[] words =
        [
            "ATTRIBUTE",
            "VALUE",
            "VENDOR",
            "BEGIN-VENDOR",
            "END-VENDOR",
            "BEGIN-TLV",
            "END-TLV",
            "$INCLUDE",
            "X",
            "Y",
            "1",
            "1.2",
            "0x",
            "-1",
            ".",
            "tlv",
            "evs",
            "string",
            "octets[",
            "format=1,1",
            "encrypt=2",
            "99999999999999999999",
            "#",
            "=",
        ];
        var random = new Random(3);
        for (var i = 0; i < 2_000; i++)
        {
            var lines = Enumerable.Range(0, 20).Select(_ => string.Join(' ', random.GetItems(words, random.Next(6))));
            new DictionaryBuilder().AddText("site", string.Join('\n', lines)).Build(out _);
        }
    }

    [StockFact]
    public void Stock_dictionaries_load_and_agree_with_the_built_in_one()
    {
        var stock = new DictionaryBuilder().AddFile(Path.Combine(StockFolder, "dictionary")).Build(out var faults);
        faults.ShouldBeEmpty();
        stock.Attributes.Count.ShouldBeGreaterThan(5_000);
        foreach (var own in RadiusDictionary.Default.Attributes)
        {
            stock.TryFind(own.Name, out var theirs).ShouldBeTrue(own.Name);
            theirs.Path.ShouldBe(own.Path, own.Name);
            theirs.DataType.ShouldBe(own.DataType, own.Name);
            theirs.HasTag.ShouldBe(own.HasTag, own.Name);
            theirs.Encryption.ShouldBe(own.Encryption, own.Name);
            foreach (var (number, name) in own.Values)
            {
                theirs.TryGetValueNumber(name, out var theirNumber).ShouldBeTrue($"{own.Name} {name}");
                theirNumber.ShouldBe(number, $"{own.Name} {name}");
            }
        }
    }

    private static IEnumerable<string> Faults(string text)
    {
        new DictionaryBuilder().AddText("site.dict", text).Build(out var faults);
        return faults.Select(fault => fault.ToString());
    }

    private static IEnumerable<string> Decode(RadiusDictionary dictionary, Func<RequestBuilder, RequestBuilder> add)
    {
        var bytes = add(new RequestBuilder(PacketCode.AccessRequest, 1)).Build("s"u8);
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        return dictionary.Decode(packet).Select(attribute => attribute.ToString());
    }

    /// <summary>Skipped, loudly, where FreeRADIUS's dictionaries are not installed.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class StockFactAttribute : FactAttribute
    {
        public StockFactAttribute() =>
            Skip = File.Exists(Path.Combine(StockFolder, "dictionary")) ? null : $"no FreeRADIUS dictionaries in {StockFolder}";
    }
}
