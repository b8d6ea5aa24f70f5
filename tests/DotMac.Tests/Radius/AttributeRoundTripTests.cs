using System.Buffers.Binary;
using System.Net;
using System.Text;
using DotMac.Radius.Client;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Radius;

/// <summary>Every attribute of a dictionary goes onto the wire by its name and comes back as it was said, whatever its type and form.</summary>
public sealed class AttributeRoundTripTests
{
    private const string Stock = "/usr/share/freeradius/dictionary";
    private static readonly byte[] Secret = "round-trip"u8.ToArray();

    [Fact]
    public void Every_attribute_of_our_own_dictionary_comes_back() => Check(RadiusDictionary.Default, 300, 40);

    [StockFact]
    public void Every_attribute_of_the_stock_dictionaries_comes_back() =>
        Check(new DictionaryBuilder().AddFile(Stock).Build(out _), 5_000, 4);

    [Theory]
    [InlineData("ATTRIBUTE Big 79 octets concat", "Big", 600, 3)]
    [InlineData("ATTRIBUTE Space 245 long-extended\nATTRIBUTE Big 245.7 octets", "Big", 600, 3)]
    [InlineData("VENDOR WiMAX 24757 format=1,1,c\nBEGIN-VENDOR WiMAX\nATTRIBUTE Big 7 octets\nEND-VENDOR WiMAX", "Big", 600, 3)]
    [InlineData("VENDOR Wide 429 format=4,0\nBEGIN-VENDOR Wide\nATTRIBUTE Big 0x98001234 octets\nEND-VENDOR Wide", "Big", 245, 1)]
    [InlineData("VENDOR Two 4846 format=2,1\nBEGIN-VENDOR Two\nATTRIBUTE Big 501 octets\nEND-VENDOR Two", "Big", 246, 1)]
    [InlineData("ATTRIBUTE Outer 240 tlv\nATTRIBUTE Middle 240.1 tlv\nATTRIBUTE Big 240.1.9 octets", "Big", 249, 1)]
    public void The_longest_values_are_spread_or_fill_one(string dictionary, string name, int octets, int attributes)
    {
        var read = new DictionaryBuilder().AddText("here", dictionary).Build(out var faults);
        faults.ShouldBeEmpty();
        var value = "0x" + Convert.ToHexStringLower([.. Enumerable.Range(0, octets).Select(i => (byte)(i * 7))]);
        read.Encode(name, value, Secret, new byte[16]).Count.ShouldBe(attributes);
        var bytes = new RequestBuilder(PacketCode.AccessRequest, 1, read).Add(name, value).Add(name, value).Build(Secret);
        string.Concat(Decode(read, bytes).Select(a => a.Text[2..])).ShouldBe(value[2..] + value[2..]);
        if (attributes == 1)
        {
            Should.Throw<ArgumentException>(() => read.Encode(name, value + "00", Secret, new byte[16]));
        }
    }

    [Theory] // RFC 6929 §2.1 and §2.4, RFC 2868 §3.1: the octets themselves
    [InlineData("Tunnel-Type:1", "VLAN", "4006" + "0100000d")]
    [InlineData("Tunnel-Private-Group-Id:2", "42", "5105" + "023432")]
    [InlineData("Tunnel-Private-Group-Id", "42", "5104" + "3432")]
    [InlineData("Mikrotik-Rate-Limit", "1M/2M", "1a0d" + "00003a8c" + "0807" + "314d2f324d")]
    [InlineData("Delegated-IPv6-Prefix", "2001:db8::/32", "7b08" + "0020" + "20010db8")]
    public void Known_attributes_have_the_octets_of_their_documents(string name, string text, string wire) =>
        Convert.ToHexStringLower(RadiusDictionary.Default.Encode(name, text, Secret, new byte[16]).Single()).ShouldBe(wire);

    [Theory]
    [InlineData("Tunnel-Password:3", "s3cret")]
    [InlineData("MS-MPPE-Send-Key", "0x00112233445566778899aabbccddeeff")]
    public void Hidden_values_can_be_read_with_the_secret_alone(string name, string text)
    {
        var bytes = new RequestBuilder(PacketCode.AccessRequest).Add(name, text).Build(Secret);
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        if (!packet.TryGet(AttributeType.TunnelPassword, out var hidden))
        {
            packet.TryGetVendor(MsChap.Vendor, MsChap.SendKeyType, out hidden).ShouldBeTrue();
        }
        else
        {
            hidden[0].ShouldBe((byte)3);
            hidden = hidden[1..];
        }

        var clear = new byte[64];
        var length = Salted.Decrypt(hidden, Secret, packet.Authenticator, clear);
        var expected = text.StartsWith("0x", StringComparison.Ordinal) ? Convert.FromHexString(text[2..]) : Encoding.UTF8.GetBytes(text);
        clear[..Math.Max(0, length)].ShouldBe(expected);
        RadiusDictionary.Default.Decode(packet).Single().Text.ShouldBe(DecodedAttribute.Hidden);
    }

    [Theory]
    [InlineData("No-Such-Attribute", "1")]
    [InlineData("Framed-IP-Address", "300.1.1.1")]
    [InlineData("Framed-IP-Address:1", "10.0.0.1")]
    [InlineData("Tunnel-Type:32", "VLAN")]
    [InlineData("Tunnel-Type:1", "16777216")]
    public void What_cannot_travel_is_refused(string name, string text) =>
        Should.Throw<ArgumentException>(() => RadiusDictionary.Default.Encode(name, text, Secret, new byte[16]));

    private static void Check(RadiusDictionary dictionary, int least, int rounds)
    {
        var random = new Random(6929);
        var checkedOnes = 0;
        foreach (var attribute in dictionary.Attributes.Where(a => Travels(a) && IsShown(dictionary, a)))
        {
            checkedOnes++;
            for (var round = 0; round < rounds; round++)
            {
                var text = ValueText.Format(attribute, RandomValue(attribute, random));
                byte? tag = attribute.HasTag && random.Next(2) == 0 ? (byte)random.Next(1, 32) : null;
                var bytes = Build(dictionary, tag is null ? attribute.Name : $"{attribute.Name}:{tag}", text);
                var decoded = Decode(dictionary, bytes).ShouldHaveSingleItem(attribute.ToString());
                decoded.Path.ShouldBe(attribute.Path);
                decoded.Text.ShouldBe(attribute.IsSecret ? DecodedAttribute.Hidden : text, attribute.ToString());
                (decoded.Tag ?? 0).ShouldBe(tag ?? 0, attribute.ToString());
            }
        }

        checkedOnes.ShouldBeGreaterThan(least);
    }

    private static byte[] Build(RadiusDictionary dictionary, string name, string text)
    {
        var buffer = new byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, PacketCode.AccessAccept, 1);
        foreach (var wire in dictionary.Encode(name, text, Secret, new byte[16]))
        {
            writer.AddWhole(wire).ShouldBeTrue();
        }

        return buffer[..writer.FinishReply(new byte[16], Secret)];
    }

    private static IReadOnlyList<DecodedAttribute> Decode(RadiusDictionary dictionary, byte[] bytes)
    {
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        return dictionary.Decode(packet);
    }

    /// <summary>Not a container, and not internal to a server; of a kind that one value can show.</summary>
    private static bool Travels(AttributeDefinition attribute)
    {
        var root = attribute;
        while (root.Parent is not null)
        {
            root = root.Parent;
        }

        return (root.Vendor != 0 || root.Number <= byte.MaxValue)
            && root.DataType is not AttributeDataType.Vsa
            && attribute.DataType
                is not (
                    AttributeDataType.Tlv
                    or AttributeDataType.Vsa
                    or AttributeDataType.Extended
                    or AttributeDataType.LongExtended
                    or AttributeDataType.ExtendedVsa
                );
    }

    /// <summary>Whether the decoder shows this definition: a later one of the same number takes its place.</summary>
    private static bool IsShown(RadiusDictionary dictionary, AttributeDefinition attribute)
    {
        AttributeDefinition found;
        var known = attribute.Parent is { } parent
            ? parent.TryGetChild(attribute.Number, out found) && (parent.Parent is null || IsShown(dictionary, parent))
            : dictionary.TryFind(attribute.Vendor, attribute.Number, out found);
        return known && (ReferenceEquals(found, attribute) || attribute.Name.Contains('.', StringComparison.Ordinal));
    }

    private static byte[] RandomValue(AttributeDefinition attribute, Random random)
    {
        var octets = new byte[16];
        random.NextBytes(octets);
        var longest = attribute.Encryption == 3 ? 16 : 30;
        return attribute.DataType switch
        {
            AttributeDataType.Octets => Some(random, attribute.FixedLength ?? random.Next(longest)),
            AttributeDataType.String =>
            [
                .. Enumerable.Range(0, attribute.FixedLength ?? random.Next(longest)).Select(_ => (byte)random.Next(0x20, 0x7F)),
            ],
            AttributeDataType.Byte => octets[..1],
            AttributeDataType.Short => octets[..2],
            AttributeDataType.Integer when attribute.HasTag => [0, .. octets[..3]],
            AttributeDataType.Integer64 or AttributeDataType.InterfaceId => octets[..8],
            AttributeDataType.Ethernet => octets[..6],
            AttributeDataType.Ipv6Address or AttributeDataType.ComboIp => octets,
            AttributeDataType.Ipv4Prefix => Ipv4Prefix(octets, random.Next(33)),
            AttributeDataType.Ipv6Prefix => Ipv6Prefix(octets, random.Next(129)),
            _ => octets[..4],
        };
    }

    private static byte[] Some(Random random, int count)
    {
        var octets = new byte[count];
        random.NextBytes(octets);
        return octets;
    }

    private static byte[] Ipv4Prefix(byte[] octets, int length)
    {
        var address = BinaryPrimitives.ReadUInt32BigEndian(octets) & (length == 0 ? 0 : uint.MaxValue << (32 - length));
        return [0, (byte)length, (byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address];
    }

    private static byte[] Ipv6Prefix(byte[] octets, int length)
    {
        var value = new byte[18];
        var mask = length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
        BinaryPrimitives.WriteUInt128BigEndian(octets, BinaryPrimitives.ReadUInt128BigEndian(octets) & mask);
        return value[..AttributeFormat.WriteIpv6Prefix(new IPNetwork(new IPAddress(octets), length), value)];
    }

    private sealed class StockFactAttribute : FactAttribute
    {
        public StockFactAttribute() => Skip = File.Exists(Stock) ? null : "FreeRADIUS's dictionaries are not installed";
    }
}
