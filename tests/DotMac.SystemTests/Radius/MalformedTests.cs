using System.Globalization;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.SystemTests.Radius;

/// <summary>Datagrams that are no RADIUS, or not for us: no answer, no harm.</summary>
public sealed class MalformedTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    private const int Seed = 20_261_121;

    [Fact]
    public async Task Every_kind_of_malformed_datagram_is_silence_on_both_ports_and_is_counted()
    {
        var nas = await host.NasAsync();
        var good = new RequestBuilder(PacketCode.AccessRequest, 7).WithMessageAuthenticator().Add("User-Name", "nobody").UserPassword("x");
        var bytes = good.Build(nas.SecretBytes);
        byte[] With(int at, byte value) => [.. bytes[..at], value, .. bytes[(at + 1)..]];
        var malformed = new (string What, byte[] Datagram)[]
        {
            ("empty", []),
            ("one octet", [1]),
            ("19 octets", bytes[..19]),
            ("length 0", [.. bytes[..2], 0, 0, .. bytes[4..]]),
            ("length 19", [.. bytes[..2], 0, 19, .. bytes[4..]]),
            ("length above 4096", [.. bytes[..2], 0x10, 0x01, .. bytes[4..], .. new byte[4097]]),
            ("length beyond the datagram", [.. bytes[..2], 0, (byte)(bytes.Length + 1), .. bytes[4..]]),
            ("attribute of length 0", With(21, 0)),
            ("attribute of length 1", With(21, 1)),
            ("attribute beyond the packet", With(21, 255)),
            ("an octet behind the last attribute", [.. bytes[..2], 0, (byte)(bytes.Length + 1), .. bytes[4..], 1]),
            ("65507 octets", [.. bytes[..2], 0xff, 0xe3, .. bytes[4..], .. new byte[65_507 - bytes.Length]]),
        };
        foreach (var port in new[] { "auth", "acct" })
        {
            var before = await host.DroppedAsync(port, "malformed");
            using var socket = nas.Open(accounting: port == "acct");
            foreach (var (_, datagram) in malformed)
            {
                await socket.SendAsync(datagram);
            }

            (await socket.ReceiveAsync(0.7)).ShouldBeNull(port);
            await host.DropsAsync(port, "malformed", before + malformed.Length);
        }

        // Octets behind the length are padding (RFC 2865 §3): that one is answered.
        using var padded = nas.Open();
        (
            await padded.AskAsync(
                new byte[][] { bytes, new byte[50] }
                    .SelectMany(b => b)
                    .ToArray()
            )
        ).ShouldNotBeNull();
    }

    [Fact]
    public async Task Codes_that_are_not_for_a_server_are_silence()
    {
        var nas = await host.NasAsync();
        var before = (await host.DroppedAsync("auth", "unexpected_code"), await host.DroppedAsync("acct", "unexpected_code"));
        using var auth = nas.Open();
        using var acct = nas.Open(accounting: true);
        foreach (var code in Enumerable.Range(0, 256).Where(c => c is not (1 or 12)))
        {
            await auth.SendAsync(Packet((byte)code));
        }

        foreach (var code in Enumerable.Range(0, 256).Where(c => c is not (4 or 12)))
        {
            await acct.SendAsync(Packet((byte)code));
        }

        (await auth.ReceiveAsync(0.7)).ShouldBeNull();
        (await acct.ReceiveAsync(0.1)).ShouldBeNull();
        await host.DropsAsync("auth", "unexpected_code", before.Item1 + 254);
        await host.DropsAsync("acct", "unexpected_code", before.Item2 + 254);
    }

    [Fact]
    public async Task Twenty_thousand_datagrams_of_garbage_do_not_stop_the_service()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var random = new Random(Seed);
        var access = new RequestBuilder(PacketCode.AccessRequest).WithMessageAuthenticator().Add("User-Name", "nobody").UserPassword("x");
        var record = new RequestBuilder(PacketCode.AccountingRequest).Add("Acct-Status-Type", "Start").Add("Acct-Session-Id", "g");
        byte[][] seeds = [access.Build(nas.SecretBytes), record.Build(nas.SecretBytes)];
        var reported = Occurrences(host.Host.Output, "could not be handled");
        using var auth = nas.Open();
        using var acct = nas.Open(accounting: true);
        for (var i = 0; i < 10_000; i++)
        {
            await auth.SendAsync(Garbage(random, seeds[0]));
            await acct.SendAsync(Garbage(random, seeds[1]));
        }

        (await nas.AccessAsync(user.Username, user.Password)).Code.ShouldBe(
            PacketCode.AccessAccept,
            string.Create(CultureInfo.InvariantCulture, $"after the garbage of seed {Seed}")
        );
        var session = RadiusFixture.NewName("after-garbage");
        await nas.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", session));
        host.Host.IsRunning.ShouldBeTrue();
        Occurrences(host.Host.Output, "could not be handled").ShouldBe(reported, "an exception reached the receive loop");
    }

    /// <summary>Half of it random octets, half of it a good packet with some octets changed or cut off.</summary>
    private static byte[] Garbage(Random random, byte[] good)
    {
        if (random.Next(2) == 0)
        {
            var noise = new byte[random.Next(300)];
            random.NextBytes(noise);
            return noise;
        }

        var bytes = good[..random.Next(good.Length / 2, good.Length + 1)];
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static byte[] Packet(byte code) => [code, code, 0, 20, .. new byte[16]];

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;
}
