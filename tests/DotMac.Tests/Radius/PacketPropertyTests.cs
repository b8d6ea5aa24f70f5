using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace DotMac.Tests.Radius;

/// <summary>Round trips over arbitrary values, and arbitrary octets into the parser. Seeds are fixed, so that a failure can be repeated.</summary>
public sealed class PacketPropertyTests
{
    private const int FuzzedPackets = 1_000_000;
    private static readonly Config Repeatable = Config
        .QuickThrowOnFailure.WithMaxTest(1_000)
        .WithReplay(new Replay(new Rnd(20_261_121, 77), null));

    [Fact]
    public void Any_attributes_come_back_as_written()
    {
        var attribute = ArbMap.Default.GeneratorFor<byte>().SelectMany(type => Values(253).Select(value => (Type: type, Value: value)));
        var packets = attribute.ListOf().Select(list => list.ToArray());
        Prop.ForAll(
                packets.ToArbitrary(),
                attributes =>
                {
                    var bytes = new byte[4096];
                    var writer = new PacketWriter(bytes, PacketCode.AccountingRequest, 7);
                    var kept = new List<(byte Type, byte[] Value)>();
                    foreach (var (type, value) in attributes)
                    {
                        if (writer.Fits(value.Length))
                        {
                            writer.AddBytes(type, value);
                            kept.Add((type, value));
                        }
                    }

                    var length = writer.FinishAccountingLike("secret"u8);
                    return PacketView.TryParse(bytes.AsSpan(0, length), out var packet, out _)
                        && packet.Bytes.Length == length
                        && Authenticators.VerifyAccountingLike(packet, "secret"u8)
                        && SameAttributes(packet, kept);
                }
            )
            .Check(Repeatable);
    }

    [Fact]
    public void Any_password_matches_itself_only()
    {
        var cases = Values(128)
            .SelectMany(password => Values(40).SelectMany(secret => Octets(16).Select(authenticator => (password, secret, authenticator))));
        Prop.ForAll(
                cases.ToArbitrary(),
                one =>
                {
                    var value = new byte[128];
                    var length = Pap.Encrypt(one.password, one.secret, one.authenticator, value);
                    var ambiguous = one.password.Length > 0 && one.password[^1] == 0;
                    byte[] other = [.. one.password, 1];
                    return Pap.Matches(value.AsSpan(0, length), one.secret, one.authenticator, one.password) != ambiguous
                        && !Pap.Matches(value.AsSpan(0, length), one.secret, one.authenticator, other);
                }
            )
            .Check(Repeatable);
    }

    [Fact]
    public void A_million_mutated_packets_are_read_or_refused_without_an_exception()
    {
        var seeds = VectorFile.Read("valid.txt").Concat(VectorFile.Read("malformed.txt")).Select(vector => vector.Packet).ToArray();
        var random = new Random(2865);
        var buffer = new byte[4200];
        var accepted = 0;
        for (var i = 0; i < FuzzedPackets; i++)
        {
            var length = Mutate(seeds[random.Next(seeds.Length)], buffer, random);
            if (PacketView.TryParse(buffer.AsSpan(0, length), out var packet, out var reason))
            {
                accepted++;
                ReadAll(packet, length);
            }
            else
            {
                Assert.NotEqual(MalformedReason.None, reason);
            }
        }

        accepted.ShouldBeInRange(FuzzedPackets / 10, FuzzedPackets * 9 / 10);
    }

    [Fact]
    public void What_lies_behind_the_packet_is_never_read()
    {
        var random = new Random(5080);
        var seeds = VectorFile.Read("valid.txt").Select(vector => vector.Packet).ToArray();
        var buffer = new byte[8192];
        for (var i = 0; i < 20_000; i++)
        {
            var length = Mutate(seeds[random.Next(seeds.Length)], buffer, random);
            var zeros = Describe(buffer, length, 0x00);
            var ones = Describe(buffer, length, 0xFF);
            Assert.Equal(zeros, ones);
        }
    }

    private static string Describe(byte[] buffer, int length, byte filler)
    {
        buffer.AsSpan(length).Fill(filler);
        return PacketView.TryParse(buffer.AsSpan(0, length), out var packet, out var reason)
            ? string.Join(';', RadiusDictionary.Default.Decode(packet))
            : reason.ToString();
    }

    /// <summary>Walks everything the view offers; the lengths have to add up to the packet.</summary>
    private static void ReadAll(PacketView packet, int datagramLength)
    {
        var total = PacketView.HeaderLength;
        foreach (var attribute in packet)
        {
            total += 2 + attribute.Value.Length;
        }

        Assert.Equal(packet.Bytes.Length, total);
        Assert.InRange(total, PacketView.HeaderLength, datagramLength);
        var vendorOctets = 0;
        foreach (var attribute in packet.VendorAttributes)
        {
            vendorOctets += 2 + attribute.Value.Length;
        }

        Assert.InRange(vendorOctets, 0, total);
        packet.TryGetIpv6Prefix(AttributeType.DelegatedIpv6Prefix, out _);
        packet.TryGetOctets(AttributeType.AcctInputOctets, AttributeType.AcctInputGigawords, out _);
        packet.TryGetTime(AttributeType.EventTimestamp, out _);
    }

    private static int Mutate(byte[] seed, byte[] buffer, Random random)
    {
        seed.CopyTo(buffer, 0);
        var length = seed.Length;
        if (length == 0)
        {
            return 0;
        }

        for (var edits = random.Next(4); edits >= 0; edits--)
        {
            switch (random.Next(6))
            {
                case 0:
                    buffer[random.Next(length)] = (byte)random.Next(256);
                    break;
                case 1:
                    buffer[random.Next(length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    length = random.Next(1, length + 1);
                    break;
                case 3 when length > 20:
                    buffer[random.Next(20, length)] = (byte)random.Next(4);
                    break;
                case 4 when length > 3:
                    buffer[2] = (byte)(length >> 8);
                    buffer[3] = (byte)length;
                    break;
                default:
                    var more = random.Next(16);
                    random.NextBytes(buffer.AsSpan(length, more));
                    length += more;
                    break;
            }
        }

        return length;
    }

    private static bool SameAttributes(PacketView packet, List<(byte Type, byte[] Value)> expected)
    {
        var at = 0;
        foreach (var attribute in packet)
        {
            if (at == expected.Count || attribute.Type != expected[at].Type || !attribute.Value.SequenceEqual(expected[at].Value))
            {
                return false;
            }

            at++;
        }

        return at == expected.Count;
    }

    private static Gen<byte[]> Values(int longest) => Gen.Choose(0, longest).SelectMany(Octets);

    private static Gen<byte[]> Octets(int count) => ArbMap.Default.GeneratorFor<byte>().ArrayOf(count);
}
