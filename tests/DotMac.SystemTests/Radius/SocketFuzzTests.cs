using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using DotMac.Radius.Client;
using DotMac.Radius.Tls;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>
/// Garbage, cut, altered and wrongly signed packets at the sockets of the real host: no exception in its log, no reply to what earned none, and
/// afterwards it answers as before. The same packets with every run.
/// </summary>
public sealed class SocketFuzzTests(RadSecFixture host) : IClassFixture<RadSecFixture>
{
    private const int PerDoor = 10_000;
    private const int Connections = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Udp_answers_nothing_that_is_wrong_and_everything_that_is_right(bool accounting)
    {
        var nas = await host.NasAsync(policy: "require");
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        using var known = nas.Open(accounting);
        using var unknown = Datagrams.Open(RadiusFixture.NewAddress(), accounting ? host.Host.RadiusAcctPort : host.Host.RadiusAuthPort);
        var random = new Random(accounting ? 2_866 : 2_865);

        for (var i = 0; i < PerDoor; i++)
        {
            var packet = Wrong(random, nas.SecretBytes, user);
            if (Earns(packet, nas.SecretBytes, accounting, signedOnly: true))
            {
                continue;
            }

            await known.SendAsync(packet);
            await unknown.SendAsync(packet);
            if (i % 200 == 199)
            {
                // Let it read: what the kernel drops tests nothing.
                await Eventually.IsTrueAsync(nas.IsServedAsync, $"it answers after {i} packets");
            }
        }

        (await known.ReceiveAsync(1)).ShouldBeNull("a wrong packet was answered");
        (await unknown.ReceiveAsync(1)).ShouldBeNull("a stranger was answered");
        await StillServesAsync(nas, user);
    }

    [PeerFact("openssl")]
    public async Task RadSec_closes_what_is_wrong_without_a_reply_and_serves_on()
    {
        await host.MakeAsync("fuzz", "fuzz.example");
        var nas = await host.NasAsync();
        (await host.Admin.PatchAsync($"/api/v1/radius/nas/{nas.Id}", new { radsec_name = "fuzz.example" })).ShouldHave(HttpStatusCode.OK);
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        await host.SettleAsync();
        var random = new Random(6_614);

        for (var i = 0; i < Connections; i++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, host.RadSecPort);
            await using var raw = new NetworkStream(socket);
            if (i % 3 == 0)
            {
                await TrySendAsync(raw, Garbage(random));
                continue;
            }

            await using var tls = new SslStream(raw, leaveInnerStreamOpen: true, (_, shown, _, _) => shown is not null);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = [host.Identity("fuzz")] }
            );
            byte[] packet;
            do
            {
                packet = Wrong(random, RadSec.Secret, user);
            } while (Earns(packet, RadSec.Secret, true, signedOnly: false) || Earns(packet, RadSec.Secret, false, signedOnly: false));

            await TrySendAsync(tls, packet);
            if (i % 3 == 1)
            {
                // Cut off: whatever it waits for does not come.
                socket.Shutdown(SocketShutdown.Send);
            }

            (await ReadsAsync(tls)).ShouldBe(0, $"connection {i} was answered: {Convert.ToHexStringLower(packet)}");
        }

        await using var client = new RadSecClient(
            new RadSecClientOptions
            {
                Host = "127.0.0.1",
                Port = host.RadSecPort,
                ServerName = "localhost",
                Certificate = host.Identity("fuzz"),
                TrustedIssuers = host.Issuer,
            },
            TimeProvider.System
        );
        var right = new RequestBuilder(PacketCode.AccessRequest).Add("User-Name", user.Username).UserPassword(user.Password);
        (await client.SendAsync(right, Patience, default)).Code.ShouldBe(PacketCode.AccessAccept, client.LastFailure);
        await StillServesAsync(nas, user);
    }

    private async Task StillServesAsync(TestNas nas, TestSubscriber user)
    {
        (await nas.AccessAsync(user.Username, user.Password)).Code.ShouldBe(PacketCode.AccessAccept);
        await nas.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", "after-the-fuzz"));
        host.Host.Output.ShouldNotContain("could not be handled");
        host.Host.Output.ShouldNotContain("Exception");
        host.Host.Output.ShouldNotContain("   at ");
        host.Host.IsRunning.ShouldBeTrue();
    }

    /// <summary>A right request altered, cut, signed with another secret or given another code; or octets of chance.</summary>
    private static byte[] Wrong(Random random, ReadOnlySpan<byte> secret, TestSubscriber user)
    {
        if (random.Next(5) == 0)
        {
            return Garbage(random);
        }

        var codes = new[] { PacketCode.AccessRequest, PacketCode.AccountingRequest, PacketCode.StatusServer, PacketCode.CoaRequest };
        var request = new RequestBuilder(codes[random.Next(codes.Length)]).Add("User-Name", user.Username);
        request = random.Next(4) switch
        {
            0 => request.UserPassword(user.Password),
            1 => request.MsChapV2Password(user.Username, user.Password),
            2 => request.Add("EAP-Message", "0x0201000801626f62").Add("State", "0x00112233"),
            _ => request.Add("Acct-Status-Type", "Stop").Add("Acct-Session-Id", "fuzz").Add("Framed-IPv6-Prefix", "2001:db8::/64"),
        };
        var packet = (random.Next(8) == 0 ? request : request.WithMessageAuthenticator()).Build(
            random.Next(3) == 0 ? "another-secret"u8 : secret
        );
        for (var edits = random.Next(4); edits > 0; edits--)
        {
            switch (random.Next(5))
            {
                case 0:
                    packet = packet[..random.Next(1, packet.Length + 1)];
                    break;
                case 1:
                    packet[0] = (byte)random.Next(256);
                    break;
                case 2 when packet.Length > 22:
                    packet[21] = (byte)random.Next(256);
                    break;
                default:
                    packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return packet;
    }

    private static byte[] Garbage(Random random)
    {
        var octets = new byte[random.Next(1, 5_000)];
        random.NextBytes(octets);
        return octets;
    }

    /// <summary>Whether a packet is right after all, so that a reply is due.</summary>
    /// <param name="signedOnly">What the policy <c>require</c> asks of an Access-Request.</param>
    private static bool Earns(byte[] bytes, ReadOnlySpan<byte> secret, bool accounting, bool signedOnly)
    {
        if (!PacketView.TryParse(bytes, out var packet, out _))
        {
            return false;
        }

        var check = Authenticators.CheckMessageAuthenticator(packet, secret);
        return packet.Code switch
        {
            PacketCode.AccountingRequest => accounting
                && check != MessageAuthenticatorCheck.Invalid
                && Authenticators.VerifyAccountingLike(packet, secret),
            PacketCode.AccessRequest => !accounting
                && (check == MessageAuthenticatorCheck.Valid || (!signedOnly && check == MessageAuthenticatorCheck.Absent)),
            PacketCode.StatusServer => check == MessageAuthenticatorCheck.Valid,
            _ => false,
        };
    }

    private static async Task TrySendAsync(Stream stream, byte[] octets)
    {
        try
        {
            await stream.WriteAsync(octets);
            await stream.FlushAsync();
        }
        catch (IOException)
        {
            // Closed already: as it should be.
        }
    }

    /// <summary>How many octets come before the peer closes; a connection that waits for the rest of a packet is closed by us.</summary>
    private static async Task<int> ReadsAsync(Stream stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(400));
        try
        {
            return await stream.ReadAsync(new byte[4_096], limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return 0;
        }
    }
}
