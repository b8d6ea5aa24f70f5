using System.Globalization;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Tls;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Radius;

/// <summary>
/// Wrong packets into everything that reads one. DOTMAC_FUZZ_PACKETS=10000000 runs the long way, DOTMAC_FUZZ_SEED another one; a packet that
/// broke something is told in the failure and belongs into tests/vectors/corpus.
/// </summary>
public sealed class FuzzTests
{
    /// <summary>All are parsed and walked; one of so many is also proven, uncovered and made readable, which takes a hundred times as long.</summary>
    private const int Deeply = 16;

    private static readonly byte[] Secret = "fuzz-secret"u8.ToArray();
    private static readonly byte[] Password = "password"u8.ToArray();

    /// <summary>Our own attributes, and vendors with each form of sub-attribute.</summary>
    private static readonly RadiusDictionary Dictionary = new DictionaryBuilder()
        .AddBuiltIn()
        .AddText(
            "forms",
            """
            VENDOR USR-Form 429 format=4,0
            VENDOR Lucent-Form 4846 format=2,1
            VENDOR WiMAX-Form 24757 format=1,1,c
            BEGIN-VENDOR USR-Form
            ATTRIBUTE USR-One 0x98001234 octets
            END-VENDOR USR-Form
            BEGIN-VENDOR Lucent-Form
            ATTRIBUTE Lucent-One 501 string
            END-VENDOR Lucent-Form
            BEGIN-VENDOR WiMAX-Form
            ATTRIBUTE WiMAX-Outer 1 tlv
            ATTRIBUTE WiMAX-Inner 1.2 tlv
            ATTRIBUTE WiMAX-Innermost 1.2.3 integer
            ATTRIBUTE WiMAX-Long 7 octets
            END-VENDOR WiMAX-Form
            BEGIN-VENDOR Lucent-Form format=Extended-Vendor-Specific-1
            ATTRIBUTE Lucent-Extended 1 ipaddr
            END-VENDOR Lucent-Form
            """
        )
        .Build(out _);

    private static int Packets => Setting("DOTMAC_FUZZ_PACKETS", 1_500_000);

    private static int Seed => Setting("DOTMAC_FUZZ_SEED", 2_865);

    [Fact]
    public void Every_wrong_packet_is_read_or_refused_without_an_exception()
    {
        var threads = Math.Max(1, Environment.ProcessorCount);
        var accepted = new int[threads];
        Parallel.For(0, threads, thread => accepted[thread] = Run(Seed + thread, Packets / threads));
        accepted.Sum().ShouldBeInRange(Packets / 10, Packets * 9 / 10);
    }

    [Fact]
    public void Every_packet_of_the_corpus_is_read_or_refused()
    {
        PacketFuzzer.Corpus.Count.ShouldBeGreaterThan(60);
        foreach (var packet in PacketFuzzer.Corpus)
        {
            ReadAll(packet, deeply: true);
        }
    }

    [Fact]
    public async Task A_stream_is_cut_into_its_packets_however_it_arrives_and_ends_at_the_first_wrong_length()
    {
        var random = new Random(6613);
        for (var round = 0; round < 300; round++)
        {
            var sound = PacketFuzzer
                .Corpus.Where(p => PacketView.TryParse(p, out var view, out _) && view.Bytes.Length == p.Length)
                .ToArray();
            var sent = Enumerable.Range(0, random.Next(1, 30)).Select(_ => sound[random.Next(sound.Length)]).ToList();
            byte[] tail = (round % 3) switch
            {
                0 => [],
                1 => [1, 1, 0, (byte)random.Next(20), 0],
                _ => sound[0][..random.Next(1, sound[0].Length)],
            };
            var framer = new PacketFramer(new Dribble([.. sent.SelectMany(p => p), .. tail], random));
            foreach (var packet in sent)
            {
                (await framer.ReadAsync(default)).ShouldBeTrue();
                framer.Packet.Span.SequenceEqual(packet).ShouldBeTrue();
            }

            (await framer.ReadAsync(default)).ShouldBeFalse();
            framer.IsBroken.ShouldBe(tail.Length > 0);
        }
    }

    private static int Run(int seed, int packets)
    {
        var fuzzer = new PacketFuzzer(seed);
        var buffer = new byte[PacketFuzzer.MostOctets];
        var accepted = 0;
        for (var i = 0; i < packets; i++)
        {
            var length = fuzzer.Next(buffer);
            try
            {
                accepted += ReadAll(buffer.AsSpan(0, length), deeply: i % Deeply == 0) ? 1 : 0;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{e.Message} ({Convert.ToHexStringLower(buffer.AsSpan(0, length))})", e);
            }
        }

        return accepted;
    }

    /// <summary>Everything that a server, a client or a screen does with a packet; the lengths have to add up.</summary>
    private static bool ReadAll(ReadOnlySpan<byte> datagram, bool deeply)
    {
        if (!PacketView.TryParse(datagram, out var packet, out var reason))
        {
            Assert.NotEqual(MalformedReason.None, reason);
            return false;
        }

        var total = PacketView.HeaderLength;
        foreach (var attribute in packet)
        {
            total += 2 + attribute.Value.Length;
        }

        Assert.Equal(packet.Bytes.Length, total);
        Assert.InRange(total, PacketView.HeaderLength, datagram.Length);
        var ofVendors = 0;
        foreach (var attribute in packet.VendorAttributes)
        {
            ofVendors += 2 + attribute.Value.Length;
        }

        Assert.InRange(ofVendors, 0, total);
        if (!deeply)
        {
            return true;
        }

        Assert.NotEqual(MessageAuthenticatorCheck.Valid, Authenticators.CheckMessageAuthenticator(packet, Secret));
        Assert.False(Authenticators.VerifyResponse(packet, packet.Authenticator, Secret));
        Assert.False(Authenticators.VerifyAccountingLike(packet, Secret));
        Prove(packet);
        Assert.InRange(Dictionary.Decode(packet).Count, 0, 2 * total);
        return true;
    }

    private static void Prove(PacketView packet)
    {
        Span<byte> clear = stackalloc byte[256];
        Assert.False(Chap.Verify(packet, Password));
        Assert.False(MsChap.Verify(packet, Password));
        Assert.False(MsChapV2.Verify(packet, Password));
        if (packet.TryGet(AttributeType.UserPassword, out var hidden))
        {
            Assert.False(Pap.Matches(hidden, Secret, packet.Authenticator, Password));
            Assert.InRange(Pap.Decrypt(hidden, Secret, packet.Authenticator, clear), -1, 128);
        }

        if (packet.TryGet(AttributeType.TunnelPassword, out var salted))
        {
            Assert.InRange(Salted.Decrypt(AttributeFormat.SplitTag(salted, out _), Secret, packet.Authenticator, clear), -1, 239);
        }

        packet.TryGetIpv6Prefix(AttributeType.DelegatedIpv6Prefix, out _);
        packet.TryGetIpv6Prefix(AttributeType.FramedIpv6Prefix, out _);
        packet.TryGetOctets(AttributeType.AcctInputOctets, AttributeType.AcctInputGigawords, out _);
        packet.TryGetTime(AttributeType.EventTimestamp, out _);
        packet.TryGetText(AttributeType.UserName, out _);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;

    /// <summary>A stream that gives a few octets at a time.</summary>
    private sealed class Dribble(byte[] octets, Random random) : MemoryStream(octets)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 900))], cancellationToken);
    }
}
