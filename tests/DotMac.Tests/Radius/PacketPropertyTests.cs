using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace DotMac.Tests.Radius;

/// <summary>Round trips over arbitrary values, and arbitrary octets into the parser. Seeds are fixed, so that a failure can be repeated.</summary>
public sealed class PacketPropertyTests
{
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
    public void What_lies_behind_the_packet_is_never_read()
    {
        var fuzzer = new PacketFuzzer(5080);
        var buffer = new byte[16_384];
        for (var i = 0; i < 20_000; i++)
        {
            var length = fuzzer.Next(buffer);
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
