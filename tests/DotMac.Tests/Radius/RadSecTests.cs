using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DotMac.Radius.Client;
using DotMac.Radius.Server;
using DotMac.Radius.Tls;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Radius;

/// <summary>RADIUS over TLS within one process: what ends a connection, what does not, and the bounds.</summary>
public sealed class RadSecTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly X509Certificate2 issuer = MakeIssuer();
    private readonly X509Certificate2 server;
    private readonly X509Certificate2 client;

    public RadSecTests() => (server, client) = (Issue("CN=localhost", "localhost"), Issue("CN=bng-1", null));

    public void Dispose()
    {
        issuer.Dispose();
        server.Dispose();
        client.Dispose();
    }

    [Fact]
    public async Task Hundreds_of_requests_at_once_are_answered_in_any_order_over_one_connection()
    {
        var late = new LateHandler();
        await using var listener = Listen(late);
        await using var asking = Client(listener);

        var answers = await Task.WhenAll(Enumerable.Range(0, 600).Select(i => asking.SendAsync(Login($"u{i}"), Patience, default)));

        answers.ShouldAllBe(answer => answer.Code == PacketCode.AccessAccept);
        late.Peers.ShouldBe(["bng-1"]);
        listener.Packets.ShouldBe(600);
        listener.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData("0102001300000000000000000000000000000000", "length 19")]
    [InlineData("0102100100000000000000000000000000000000", "length 4097")]
    [InlineData("010200160000000000000000000000000000000001010000", "attribute of length 1")]
    [InlineData("2a02001400000000000000000000000000000000", "a code of no request")]
    [InlineData("0402001400000000000000000000000000000000", "accounting with a wrong authenticator")]
    [InlineData("01020026000000000000000000000000000000005012" + "00000000000000000000000000000000", "a wrong Message-Authenticator")]
    public async Task What_the_rfc_calls_a_reason_to_close_closes_without_a_reply(string hex, string why)
    {
        await using var listener = Listen(new LateHandler());
        await using var tls = await ConnectAsync(listener, client);

        await tls.WriteAsync(Convert.FromHexString(hex));

        (await ReadAsync(tls)).ShouldBe(0, why);
        listener.Faults.ShouldBe(1);
    }

    [Fact]
    public async Task A_silent_connection_is_closed_and_a_speaking_one_is_not()
    {
        await using var listener = Listen(new LateHandler(), idle: TimeSpan.FromSeconds(8));
        await using var silent = await ConnectAsync(listener, client);
        await using var asking = Client(listener);
        var closed = ReadAsync(silent);
        for (var i = 0; i < 20; i++)
        {
            (await asking.SendAsync(Login("u"), Patience, default)).Code.ShouldBe(PacketCode.AccessAccept);
            await Task.Delay(500);
        }

        (await closed).ShouldBe(0);
        listener.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Strangers_and_too_many_are_refused()
    {
        using var otherIssuer = MakeIssuer();
        using var forged = Issue("CN=bng-1", null, otherIssuer);
        using var unknown = Issue("CN=bng-2", null);
        using var serverOnly = Issue("CN=bng-1", null, usage: "1.3.6.1.5.5.7.3.1");
        await using var listener = Listen(new LateHandler(), perAddress: 2);

        foreach (var stranger in new[] { forged, unknown, serverOnly })
        {
            await using var refused = Client(listener, stranger);
            (await refused.SendAsync(Login("u"), Patience, default)).Outcome.ShouldBe(ExchangeOutcome.Unreachable, stranger.Subject);
        }

        await Settled(() => listener.Connections == 0);
        await using var first = await ConnectAsync(listener, client);
        await using var second = await ConnectAsync(listener, client);
        await using var third = Client(listener);
        (await third.SendAsync(Login("u"), Patience, default)).Outcome.ShouldBe(ExchangeOutcome.Unreachable);
        listener.Refused.ShouldBe(4);

        await first.DisposeAsync();
        await Settled(() => listener.Connections == 1);
        (await third.SendAsync(Login("u"), Patience, default)).Code.ShouldBe(PacketCode.AccessAccept, third.LastFailure);
    }

    [Fact]
    public async Task A_handler_that_throws_costs_its_packet_and_not_the_connection()
    {
        var failures = 0;
        await using var listener = Listen(new LateHandler(), onFailure: _ => Interlocked.Increment(ref failures));
        await using var asking = Client(listener);

        (await asking.SendAsync(Login("throw"), TimeSpan.FromMilliseconds(300), default)).Outcome.ShouldBe(ExchangeOutcome.TimedOut);
        (await asking.SendAsync(Login("u"), Patience, default)).Code.ShouldBe(PacketCode.AccessAccept);
        failures.ShouldBe(1);
    }

    [Fact]
    public async Task The_client_connects_again_after_the_server_went_and_came()
    {
        var first = Listen(new LateHandler());
        var port = first.BoundPort;
        await using var asking = Client(first);
        (await asking.SendAsync(Login("u"), Patience, default)).Code.ShouldBe(PacketCode.AccessAccept);
        await first.DisposeAsync();

        (await asking.SendAsync(Login("u"), Patience, default)).Outcome.ShouldBe(ExchangeOutcome.Unreachable);
        await using var again = Listen(new LateHandler(), port: port);
        var answer = await asking.SendAsync(Login("u"), Patience, default);
        if (answer.Outcome == ExchangeOutcome.Unreachable)
        {
            answer = await asking.SendAsync(Login("u"), Patience, default);
        }

        answer.Code.ShouldBe(PacketCode.AccessAccept, asking.LastFailure);
    }

    private static RequestBuilder Login(string name) =>
        new RequestBuilder(PacketCode.AccessRequest).WithMessageAuthenticator().Add("User-Name", name).UserPassword("x");

    private RadSecListener Listen(
        IPacketHandler handler,
        TimeSpan? idle = null,
        int perAddress = 64,
        int port = 0,
        Action<Exception>? onFailure = null
    )
    {
        var listener = new RadSecListener(
            new RadSecListenerOptions
            {
                EndPoint = new IPEndPoint(IPAddress.Loopback, port),
                Certificate = server,
                TrustedIssuers = [issuer],
                Admits = (peer, _) => peer.Names.Contains("bng-1", StringComparer.Ordinal),
                IdleTimeout = idle ?? TimeSpan.FromMinutes(1),
                MaxConnectionsPerAddress = perAddress,
                OnFailure = onFailure,
            },
            handler,
            TimeProvider.System
        );
        listener.Start();
        return listener;
    }

    private RadSecClient Client(RadSecListener listener, X509Certificate2? identity = null) =>
        new(
            new RadSecClientOptions
            {
                Host = "127.0.0.1",
                Port = listener.BoundPort,
                ServerName = "localhost",
                Certificate = identity ?? client,
                TrustedIssuers = [issuer],
            },
            TimeProvider.System
        );

    private static async Task<SslStream> ConnectAsync(RadSecListener listener, X509Certificate2 identity)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, listener.BoundPort);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, shown, _, _) => shown is not null);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = [identity] }
        );
        return tls;
    }

    /// <summary>0 when the peer closes, however it does.</summary>
    private static async Task<int> ReadAsync(Stream stream)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return await stream.ReadAsync(new byte[100], limit.Token);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task Settled(Func<bool> condition)
    {
        for (var i = 0; i < 200 && !condition(); i++)
        {
            await Task.Delay(20);
        }

        condition().ShouldBeTrue();
    }

    private static X509Certificate2 MakeIssuer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=issuer " + Guid.NewGuid(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
    }

    private X509Certificate2 Issue(string subject, string? dns, X509Certificate2? by = null, string? usage = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (dns is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(dns);
            request.CertificateExtensions.Add(names.Build());
        }

        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        }

        var now = TimeProvider.System.GetUtcNow();
        using var bare = request.Create(by ?? issuer, now.AddMinutes(-5), now.AddMinutes(30), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>Answers every second request at once and the others later, from another thread; throws for one name.</summary>
    private sealed class LateHandler : IPacketHandler
    {
        private readonly HashSet<string> peers = [];
        private int count;

        public IReadOnlyCollection<string> Peers => peers;

        public int Handle(IReplyPath path, ReadOnlySpan<byte> datagram, in RemotePeer from, Span<byte> reply)
        {
            peers.UnionWith(path.Tls!.Names);
            PacketView.TryParse(datagram, out var packet, out _).ShouldBeTrue();
            packet.TryGetText(AttributeType.UserName, out var name);
            if (name == "throw")
            {
                throw new InvalidOperationException("planted");
            }

            var writer = new PacketWriter(reply, PacketCode.AccessAccept, packet.Identifier);
            writer.AddMessageAuthenticatorPlaceholder();
            var length = writer.FinishReply(packet.Authenticator, RadSec.Secret);
            if (count++ % 2 == 0)
            {
                return length;
            }

            var (later, to) = (reply[..length].ToArray(), from);
            _ = Task.Delay(Random.Shared.Next(20)).ContinueWith(_ => path.Send(to, later), TaskScheduler.Default);
            return 0;
        }
    }
}
