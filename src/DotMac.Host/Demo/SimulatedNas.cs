using System.Globalization;
using System.Net;
using System.Text;
using DotMac.Radius.Client;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;

namespace DotMac.Host.Demo;

/// <summary>
/// One NAS of the demo. It speaks RADIUS over loopback like a real one: it authenticates its subscribers, accounts their sessions, and
/// obeys Disconnect-Requests. Only the traffic inside the sessions is made up.
/// </summary>
internal sealed class SimulatedNas : IPacketHandler, IAsyncDisposable
{
    private static readonly TimeSpan InterimEvery = TimeSpan.FromSeconds(15);
    private static readonly RetryPolicy Patience = new() { Tries = 2 };

    private readonly DemoNas nas;
    private readonly IPEndPoint auth;
    private readonly IPEndPoint acct;
    private readonly TimeProvider clock;
    private readonly RadiusClient client;
    private readonly byte[] secret;
    private readonly List<DemoLogin> logins;
    private readonly Dictionary<string, SimulatedSession> sessions = new(StringComparer.Ordinal);
    private readonly List<SimulatedSession> dropped = [];
    private readonly Lock gate = new();
    private readonly Random random;
    private readonly RadiusListener? orders;

    public SimulatedNas(DemoNas nas, IPEndPoint auth, IPEndPoint acct, int coaPort, TimeProvider clock, ILogger log)
    {
        this.nas = nas;
        this.auth = auth;
        this.acct = acct;
        this.clock = clock;
        client = new RadiusClient(clock, nas.Address);
        secret = Encoding.UTF8.GetBytes(nas.Secret);
        logins = [.. DemoNetwork.Logins.Where(l => l.Nas == nas.Index)];
        random = new Random(nas.Index);
        try
        {
            orders = new RadiusListener(new RadiusListenerOptions { EndPoint = new IPEndPoint(nas.Address, coaPort), Threads = 1 }, this);
            orders.Start();
        }
        catch (System.Net.Sockets.SocketException e)
        {
            log.LogWarning("{Nas} cannot take Disconnect-Requests on UDP {Port}: {Reason}", nas.Shortname, coaPort, e.Message);
        }
    }

    /// <summary>Says that it has just started (what ran before is over), then keeps sessions coming and going until told to stop.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await SendAsync(
            acct,
            new RequestBuilder(PacketCode.AccountingRequest)
                .Add("Acct-Status-Type", "Accounting-On")
                .Add(AttributeType.NasIpAddress, nas.Address)
                .Add(AttributeType.NasIdentifier, nas.Shortname)
                .Build(secret),
            ct
        );
        for (var second = 0; ; second++)
        {
            await TickAsync(second, ct);
            await Task.Delay(TimeSpan.FromSeconds(1), clock, ct);
        }
    }

    private async Task TickAsync(int second, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var online = Running().Select(s => s.Login.Index).ToHashSet();
        var offline = logins.FindAll(l => !online.Contains(l.Index));
        // Brings two thirds online within some seconds, then one comes now and then.
        var arrivals =
            online.Count < logins.Count * 2 / 3 ? 8
            : random.Next(6) == 0 ? 1
            : 0;
        foreach (var login in offline.OrderBy(_ => random.Next()).Take(arrivals))
        {
            await ConnectAsync(login, now, ct);
        }

        if (second % 9 == nas.Index * 3)
        {
            await FailAsync(now, ct);
        }

        foreach (var session in Running().Where(s => s.DueAt <= now))
        {
            await AccountAsync(session, now, ct);
        }

        foreach (var session in TakeDropped())
        {
            session.CountUntil(now);
            await SendAsync(acct, session.Stop(now, "Admin-Reset"), ct);
        }
    }

    private async Task ConnectAsync(DemoLogin login, DateTimeOffset now, CancellationToken ct)
    {
        var circuit = login.IsMisplugged ? login.CircuitId + "1" : login.CircuitId;
        var answer = await SendAsync(auth, Request(login.Username, login.Password, SimulatedSession.CallingStationId(login), circuit), ct);
        if (answer.Code != PacketCode.AccessAccept)
        {
            return;
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeSeconds():x8}{login.Index:x4}");
        var session = new SimulatedSession(login, nas, id, now) { Load = random.NextDouble() * 0.3, DueAt = now + Jitter() };
        lock (gate)
        {
            sessions[id] = session;
        }

        await SendAsync(acct, session.Start(), ct);
    }

    private async Task AccountAsync(SimulatedSession session, DateTimeOffset now, CancellationToken ct)
    {
        session.CountUntil(now);
        if (random.Next(60) == 0 && Remove(session.Id))
        {
            await SendAsync(acct, session.Stop(now, random.Next(4) == 0 ? "Lost-Carrier" : "User-Request"), ct);
            return;
        }

        await SendAsync(acct, session.Interim(now), ct);
        session.Load = Math.Clamp(session.Load + ((random.NextDouble() - 0.5) * 0.2), 0.001, 0.9);
        session.DueAt = now + Jitter();
    }

    /// <summary>What every NAS sees: a mistyped password, a login that nobody knows, or the right login on somebody else's port.</summary>
    private async Task FailAsync(DateTimeOffset now, CancellationToken ct)
    {
        var login = logins[random.Next(logins.Count)];
        var request =
            login.IsHeldToItsPort ? Request(login.Username, login.Password, SimulatedSession.CallingStationId(login), "fibre-core 0/1/999")
            : now.Second % 3 == 0 ? Request("nobody@demo", "whatever", "02:00:5E:FF:FF:FF")
            : Request(login.Username, "mistyped", SimulatedSession.CallingStationId(login), login.CircuitId);
        await SendAsync(auth, request, ct);
    }

    private byte[] Request(string username, string password, string station, string? circuit = null)
    {
        const uint adslForum = 3561; // RFC 4679
        var request = new RequestBuilder(PacketCode.AccessRequest)
            .Add(AttributeType.UserName, username)
            .UserPassword(password)
            .Add(AttributeType.NasIpAddress, nas.Address)
            .Add(AttributeType.NasIdentifier, nas.Shortname)
            .Add(AttributeType.CallingStationId, station);
        if (circuit is not null)
        {
            request.AddVendor(adslForum, 1, circuit);
        }

        return (nas.Signs ? request.WithMessageAuthenticator() : request).Build(secret);
    }

    /// <summary>A Disconnect-Request drops the session it names, a CoA-Request leaves it as it is; unknown ones get Error-Cause 503 (RFC 5176 §3.5).</summary>
    public int Handle(IReplyPath path, ReadOnlySpan<byte> datagram, in RemotePeer from, Span<byte> reply)
    {
        if (
            !PacketView.TryParse(datagram, out var packet, out _)
            || packet.Code is not (PacketCode.DisconnectRequest or PacketCode.CoaRequest)
            || !Authenticators.VerifyAccountingLike(packet, secret)
        )
        {
            return 0;
        }

        const uint sessionContextNotFound = 503;
        var change = packet.Code == PacketCode.CoaRequest;
        var found = packet.TryGetText(AttributeType.AcctSessionId, out var id) && (change ? Has(id) : Drop(id));
        var (ack, nak) = change ? (PacketCode.CoaAck, PacketCode.CoaNak) : (PacketCode.DisconnectAck, PacketCode.DisconnectNak);
        var writer = new PacketWriter(reply, found ? ack : nak, packet.Identifier);
        writer.AddMessageAuthenticatorPlaceholder();
        if (!found)
        {
            writer.AddUInt32(AttributeType.ErrorCause, sessionContextNotFound);
        }

        writer.CopyProxyStates(packet);
        return writer.FinishReply(packet.Authenticator, secret);
    }

    private Task<RadiusExchange> SendAsync(IPEndPoint to, byte[] request, CancellationToken ct) =>
        client.SendAsync(to, request, secret, Patience, ct);

    private TimeSpan Jitter() => InterimEvery * (0.8 + (random.NextDouble() * 0.4));

    private List<SimulatedSession> Running()
    {
        lock (gate)
        {
            return [.. sessions.Values];
        }
    }

    private bool Has(string id)
    {
        lock (gate)
        {
            return sessions.ContainsKey(id);
        }
    }

    private bool Remove(string id)
    {
        lock (gate)
        {
            return sessions.Remove(id);
        }
    }

    private bool Drop(string id)
    {
        lock (gate)
        {
            if (!sessions.Remove(id, out var session))
            {
                return false;
            }

            dropped.Add(session);
            return true;
        }
    }

    private List<SimulatedSession> TakeDropped()
    {
        lock (gate)
        {
            List<SimulatedSession> taken = [.. dropped];
            dropped.Clear();
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (orders is not null)
        {
            await orders.StopAsync(CancellationToken.None);
            await orders.DisposeAsync();
        }
    }
}
