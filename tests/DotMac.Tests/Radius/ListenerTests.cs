using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DotMac.Radius.Client;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Radius;

/// <summary>The listener and the client over the loopback interface, with each other and with raw sockets.</summary>
public sealed class ListenerTests
{
    private static readonly byte[] Secret = "testing123"u8.ToArray();
    private static readonly RetryPolicy Patient = new() { FirstWait = TimeSpan.FromSeconds(3) };

    public static TheoryData<string, string> Bindings =>
        new()
        {
            { "127.0.0.1", "127.0.0.1" },
            { "::1", "::1" },
            { "::", "127.0.0.1" },
            { "::", "::1" },
            { "0.0.0.0", "127.0.0.1" },
        };

    [Theory]
    [MemberData(nameof(Bindings))]
    public async Task A_request_is_answered(string bind, string target)
    {
        var handler = new TestHandler(Accept);
        await using var listener = Open(handler, bind);
        var exchange = await SendAsync(listener, target, Patient);
        exchange.Outcome.ShouldBe(ExchangeOutcome.Answered);
        exchange.Code.ShouldBe(PacketCode.AccessAccept);
        exchange.Attempts.ShouldBe(1);
        exchange.TryRead(out var reply).ShouldBeTrue();
        reply.TryGetText(AttributeType.ReplyMessage, out var message).ShouldBeTrue();
        message.ShouldBe("hello");
        handler.LastPeer.Address.ShouldBe(IPAddress.Parse(target));
        listener.Counters.Received.ShouldBe(1);
        // Counted behind the sending: the answer may be here first.
        await BecomesAsync(() => listener.Counters.Sent == 1);
    }

    [Fact]
    public async Task A_reply_can_follow_later_from_another_thread()
    {
        var later = Task.CompletedTask;
        var handler = new TestHandler(
            (listener, datagram, from, _) =>
            {
                var copy = datagram.ToArray();
                later = Task.Run(async () =>
                {
                    await Task.Delay(30);
                    var reply = new byte[4096];
                    listener.Send(from, reply.AsSpan(0, Accept(listener, copy, from, reply))).ShouldBeTrue();
                });
                return 0;
            }
        );
        foreach (var (bind, target) in new[] { ("127.0.0.1", "127.0.0.1"), ("::", "127.0.0.1"), ("::", "::1") })
        {
            await using var listener = Open(handler, bind);
            (await SendAsync(listener, target, Patient)).Outcome.ShouldBe(ExchangeOutcome.Answered);
            await later;
        }
    }

    [Fact]
    public async Task Silence_times_out_after_all_tries_with_the_same_octets()
    {
        var seen = new List<byte[]>();
        var handler = new TestHandler(
            (_, datagram, _, _) =>
            {
                lock (seen)
                {
                    seen.Add(datagram.ToArray());
                }

                return 0;
            }
        );
        await using var listener = Open(handler);
        var exchange = await SendAsync(listener, "127.0.0.1", Patient with { FirstWait = TimeSpan.FromMilliseconds(20) });
        exchange.ShouldBe(new RadiusExchange(ExchangeOutcome.TimedOut, PacketCode.None, default, default, 3, 0));
        await BecomesAsync(() => listener.Counters.Silent == 3);
        seen.Count.ShouldBe(3);
        seen[1].ShouldBe(seen[0]);
        seen[2].ShouldBe(seen[0]);
    }

    [Fact]
    public async Task A_closed_port_is_reported_at_once()
    {
        int port;
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        }

        var exchange = await new RadiusClient(TimeProvider.System).SendAsync(
            new IPEndPoint(IPAddress.Loopback, port),
            Request(),
            Secret,
            RetryPolicy.Default,
            CancellationToken.None
        );
        exchange.Outcome.ShouldBe(ExchangeOutcome.Unreachable);
        exchange.Attempts.ShouldBe(1, "nobody waits for what cannot come");
    }

    [Theory]
    [InlineData("malformed")]
    [InlineData("other identifier")]
    [InlineData("other secret")]
    [InlineData("wrong message authenticator")]
    [InlineData("code of another exchange")]
    public async Task A_false_answer_is_ignored_and_the_true_one_taken(string kind)
    {
        var handler = new TestHandler(
            (listener, datagram, from, reply) =>
            {
                listener.Send(from, FalseAnswer(kind, datagram));
                return Accept(listener, datagram, from, reply);
            }
        );
        await using var listener = Open(handler);
        var exchange = await SendAsync(listener, "127.0.0.1", Patient);
        exchange.Outcome.ShouldBe(ExchangeOutcome.Answered);
        exchange.Ignored.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_without_message_authenticator_is_refused_where_it_is_required()
    {
        var handler = new TestHandler(
            (_, datagram, _, reply) => Answer(datagram, reply, PacketCode.AccessAccept, messageAuthenticator: false)
        );
        await using var listener = Open(handler);
        (await SendAsync(listener, "127.0.0.1", Patient)).Outcome.ShouldBe(ExchangeOutcome.Answered);
        var strict = await SendAsync(
            listener,
            "127.0.0.1",
            new RetryPolicy
            {
                Tries = 1,
                FirstWait = TimeSpan.FromSeconds(2),
                RequireMessageAuthenticator = true,
            }
        );
        strict.Outcome.ShouldBe(ExchangeOutcome.TimedOut);
        strict.Ignored.ShouldBe(1);
    }

    [Fact]
    public async Task An_exception_in_the_handler_is_counted_and_reported_and_the_next_request_served()
    {
        var reported = new List<Exception>();
        var calls = 0;
        var handler = new TestHandler(
            (listener, datagram, from, reply) =>
                Interlocked.Increment(ref calls) <= 2
                    ? throw new InvalidOperationException("planted")
                    : Accept(listener, datagram, from, reply)
        );
        await using var listener = Open(
            handler,
            onFailure: failure =>
            {
                reported.Add(failure);
                throw new InvalidOperationException("the report fails too");
            }
        );
        var exchange = await SendAsync(listener, "127.0.0.1", new RetryPolicy { Tries = 8, FirstWait = TimeSpan.FromMilliseconds(100) });
        exchange.Outcome.ShouldBe(ExchangeOutcome.Answered);
        exchange.Attempts.ShouldBeGreaterThanOrEqualTo(3);
        reported.Select(failure => failure.Message).ShouldBe(["planted", "planted"]);
        listener.Counters.HandlerFailures.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task Garbage_of_every_size_does_not_stop_the_listener()
    {
        var handler = new TestHandler(
            (listener, datagram, from, reply) => PacketView.TryParse(datagram, out _, out _) ? Accept(listener, datagram, from, reply) : 0
        );
        await using var listener = Open(handler);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPAddress.Loopback, listener.BoundPort);
        var random = new Random(1);
        foreach (var size in new[] { 0, 1, 19, 20, 21, 4096, 4097, 9000, 65_507 })
        {
            var octets = new byte[size];
            random.NextBytes(octets);
            await socket.SendAsync(octets);
        }

        (await SendAsync(listener, "127.0.0.1", Patient)).Outcome.ShouldBe(ExchangeOutcome.Answered);
        listener.Counters.Received.ShouldBe(10);
    }

    [Fact]
    public async Task Stopping_is_prompt_and_a_late_reply_can_still_be_sent()
    {
        var peer = new TaskCompletionSource<RemotePeer>();
        var handler = new TestHandler(
            (_, _, from, _) =>
            {
                peer.TrySetResult(from);
                return 0;
            }
        );
        foreach (var bind in new[] { "127.0.0.1", "::", "0.0.0.0", "::1" })
        {
            await using var listener = Open(handler, bind, threads: 4);
            var started = Stopwatch.StartNew();
            await listener.StopAsync(CancellationToken.None);
            started.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        }

        await using var late = Open(handler);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPAddress.Loopback, late.BoundPort);
        await socket.SendAsync(Request());
        var to = await peer.Task.WaitAsync(TimeSpan.FromSeconds(5));
        await late.StopAsync(CancellationToken.None);
        late.Send(to, "late"u8).ShouldBeTrue();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        (await socket.ReceiveAsync(new byte[100], SocketFlags.None, patience.Token)).ShouldBe(4);
        await late.DisposeAsync();
        late.Send(to, "closed"u8).ShouldBeFalse();
    }

    [Fact]
    public async Task A_port_in_use_is_an_exception_of_the_constructor()
    {
        await using var listener = Open(new TestHandler(Accept));
        Should
            .Throw<SocketException>(() =>
                new RadiusListener(
                    new RadiusListenerOptions { EndPoint = new(IPAddress.Loopback, listener.BoundPort) },
                    new TestHandler(Accept)
                )
            )
            .SocketErrorCode.ShouldBe(SocketError.AddressAlreadyInUse);
    }

    [Fact]
    public async Task The_caller_can_give_up()
    {
        await using var listener = Open(new TestHandler((_, _, _, _) => 0));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Should.ThrowAsync<OperationCanceledException>(() =>
            new RadiusClient(TimeProvider.System).SendAsync(
                new IPEndPoint(IPAddress.Loopback, listener.BoundPort),
                Request(),
                Secret,
                RetryPolicy.Default,
                cancel.Token
            )
        );
    }

    [Fact]
    public async Task A_thousand_exchanges_at_once_are_all_answered()
    {
        await using var listener = Open(new TestHandler(Accept), "::", threads: 4);
        var exchanges = await Task.WhenAll(
            Enumerable.Range(0, 1_000).Select(_ => SendAsync(listener, "127.0.0.1", new RetryPolicy { Tries = 4 }))
        );
        exchanges.ShouldAllBe(exchange => exchange.Outcome == ExchangeOutcome.Answered);
    }

    private static RadiusListener Open(
        IPacketHandler handler,
        string bind = "127.0.0.1",
        int threads = 2,
        Action<Exception>? onFailure = null
    )
    {
        var listener = new RadiusListener(
            new RadiusListenerOptions
            {
                EndPoint = new IPEndPoint(IPAddress.Parse(bind), 0),
                Threads = threads,
                OnFailure = onFailure,
            },
            handler
        );
        listener.Start();
        return listener;
    }

    [Fact]
    public async Task A_reply_that_comes_after_the_end_leaves_by_no_socket_of_somebody_else()
    {
        using var nas = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        nas.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var listener = new RadiusListener(
            new RadiusListenerOptions { EndPoint = new IPEndPoint(IPAddress.Any, 0) },
            new TestHandler((_, _, _, _) => 0)
        );
        var to = new RemotePeer(IPAddress.Loopback, ((IPEndPoint)nas.LocalEndPoint!).Port);
        listener.Send(to, [1]).ShouldBeTrue();
        await listener.DisposeAsync();

        // One of these has the number that the closed socket had.
        var others = Enumerable
            .Range(0, 32)
            .Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
            .ToList();
        listener.Send(to, [2]).ShouldBeFalse();
        others.ForEach(o => o.Dispose());
    }

    private static Task<RadiusExchange> SendAsync(RadiusListener listener, string target, RetryPolicy policy) =>
        new RadiusClient(TimeProvider.System).SendAsync(
            new IPEndPoint(IPAddress.Parse(target), listener.BoundPort),
            Request(),
            Secret,
            policy,
            CancellationToken.None
        );

    private static byte[] Request() =>
        new RequestBuilder(PacketCode.AccessRequest)
            .Add("User-Name", "bob")
            .UserPassword("secret")
            .WithMessageAuthenticator()
            .Build(Secret);

    private static int Accept(IReplyPath path, ReadOnlySpan<byte> datagram, RemotePeer from, Span<byte> reply) =>
        Answer(datagram, reply, PacketCode.AccessAccept, messageAuthenticator: true);

    private static int Answer(ReadOnlySpan<byte> datagram, Span<byte> reply, PacketCode code, bool messageAuthenticator)
    {
        PacketView.TryParse(datagram, out var request, out _).ShouldBeTrue();
        var writer = new PacketWriter(reply, code, request.Identifier);
        if (messageAuthenticator)
        {
            writer.AddMessageAuthenticatorPlaceholder();
        }

        writer.AddText(AttributeType.ReplyMessage, "hello");
        return writer.FinishReply(request.Authenticator, Secret);
    }

    private static byte[] FalseAnswer(string kind, ReadOnlySpan<byte> datagram)
    {
        PacketView.TryParse(datagram, out var request, out _).ShouldBeTrue();
        var reply = new byte[4096];
        var code = kind == "code of another exchange" ? PacketCode.AccountingResponse : PacketCode.AccessReject;
        var identifier = kind == "other identifier" ? (byte)(request.Identifier + 1) : request.Identifier;
        var writer = new PacketWriter(reply, code, identifier);
        if (kind == "wrong message authenticator")
        {
            writer.AddBytes(AttributeType.MessageAuthenticator, new byte[16]);
        }

        var length = writer.FinishReply(request.Authenticator, kind == "other secret" ? "other"u8 : Secret);
        return kind == "malformed" ? reply[..(length - 1)] : reply[..length];
    }

    private delegate int Handling(IReplyPath path, ReadOnlySpan<byte> datagram, RemotePeer from, Span<byte> reply);

    private sealed class TestHandler(Handling handle) : IPacketHandler
    {
        public RemotePeer LastPeer { get; private set; }

        public int Handle(IReplyPath path, ReadOnlySpan<byte> datagram, in RemotePeer from, Span<byte> reply)
        {
            LastPeer = from;
            return handle(path, datagram, from, reply);
        }
    }

    private static async Task BecomesAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
        {
            await Task.Delay(20);
        }

        condition().ShouldBeTrue();
    }
}
