using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>
/// Passes requests on to upstream servers and brings their answers back (RFC 2865 §2.3). A request waits as an object, not as a thread.
/// Each server has its response window; then the next is asked, and the silent one is a zombie until it answers again. A NAS's
/// retransmission goes to the same server as the same octets. When all are silent the request fails, and its caller says so to the NAS.
/// </summary>
internal sealed class UpstreamProxy(AaaSnapshot snapshot, TimeProvider clock, ILogger<UpstreamProxy> log) : BackgroundService
{
    /// <summary>Requests that may wait at once, over all servers.</summary>
    public const int MostWaiting = 20_000;
    private const int AccountingRounds = 5;
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<RequestKey, ProxiedRequest> waiting = new();
    private readonly ConcurrentDictionary<PeerKey, UpstreamPeer> peers = new();
    private readonly Conversations conversations = new();
    private readonly byte[] node = RandomNumberGenerator.GetBytes(8);
    private long counter;
    private int waitingCount;

    /// <summary>A server of an upstream, one of its ports, with the settings that decide how it is looked after.</summary>
    internal readonly record struct PeerKey(Guid UpstreamId, IPEndPoint EndPoint, bool HasStatusServer);

    public int Waiting => Volatile.Read(ref waitingCount);

    public IEnumerable<KeyValuePair<PeerKey, UpstreamPeer>> Peers => peers;

    /// <summary>Whether the packet passed here before: two servers that name each other would send it round for ever.</summary>
    public bool IsLoop(PacketView packet)
    {
        foreach (var attribute in packet.Attributes)
        {
            if (attribute.Type == AttributeType.ProxyState && attribute.Value.Length == 16 && attribute.Value.StartsWith(node))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sends the request on; null when it waits now, else why it does not.</summary>
    public Verdict? Forward(ProxiedRequest request)
    {
        // A retransmission that outlived the duplicate cache: the same octets to the same server, or its State would be used up twice.
        if (Repeat(request.From, request.Packet, request.Serial))
        {
            return null;
        }

        if (Interlocked.Increment(ref waitingCount) > MostWaiting || !waiting.TryAdd(request.Key, request))
        {
            // The same identifier again with another authenticator: the NAS has given the former up (RFC 5080 §2.2.2).
            if (
                Waiting > MostWaiting
                || !waiting.TryGetValue(request.Key, out var former)
                || !Drop(former)
                || !waiting.TryAdd(request.Key, request)
            )
            {
                Interlocked.Decrement(ref waitingCount);
                return ProxiedVerdict.Overload;
            }
        }

        lock (request)
        {
            if (Ask(request))
            {
                return null;
            }
        }

        return Drop(request) ? ProxiedVerdict.NoUpstream : null;
    }

    /// <summary>The NAS sent its request again: so do we. False when it does not wait here.</summary>
    public bool Repeat(in RemotePeer from, PacketView packet, long serial = 0)
    {
        if (
            !waiting.TryGetValue(new RequestKey(from, packet.Identifier, (byte)packet.Code, serial), out var request)
            || !packet.Authenticator.SequenceEqual(request.Packet.Authenticator)
        )
        {
            return false;
        }

        lock (request)
        {
            request.Hop?.Peer.Repeat(request.Hop);
        }

        return true;
    }

    /// <summary>A number by which the packets of one user on one NAS stay together.</summary>
    public static uint SpreadOf(NasEntry nas, PacketView packet)
    {
        if (!packet.TryGet(AttributeType.CallingStationId, out var who))
        {
            packet.TryGet(AttributeType.UserName, out who);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(who, digest);
        return BinaryPrimitives.ReadUInt32LittleEndian(digest) ^ (uint)nas.Id.GetHashCode();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TickEvery, clock);
        var forgotAt = 0L;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = Environment.TickCount64;
                foreach (var (_, request) in waiting)
                {
                    if (request.Deadline <= now)
                    {
                        TryExpire(request, now);
                    }
                }

                Probe(now);
                if (now - forgotAt > 5_000)
                {
                    forgotAt = now;
                    conversations.Forget(now);
                    CloseUnused();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        { /* an orderly stop */
        }

        foreach (var peer in peers.Values)
        {
            peer.Dispose();
        }
    }

    /// <summary>Sends to the best server that was not asked yet in this round. Call with the request locked.</summary>
    private bool Ask(ProxiedRequest request)
    {
        while (Choose(request) is var (upstream, peer) && peer is not null)
        {
            request.Asked.Add(peer);
            var now = Environment.TickCount64;
            var state = new byte[16];
            node.CopyTo(state, 0);
            BinaryPrimitives.WriteInt64BigEndian(state.AsSpan(8), Interlocked.Increment(ref counter));
            var hop = peer.Send(
                identifier => Write(request, upstream!, identifier, state),
                bytes => new Hop(request, upstream!, peer, bytes, now)
            );
            if (hop is not null)
            {
                request.Hop = hop;
                // Nobody else is left to ask: then patience is worth more than haste.
                var windows =
                    request.IsAccounting ? 1 << request.Rounds
                    : Choose(request).Peer is null ? 3
                    : 1;
                request.Deadline = now + ((long)upstream!.ResponseWindowMs * windows);
                return true;
            }
        }

        return false;
    }

    private static byte[] Write(ProxiedRequest request, UpstreamEntry upstream, byte identifier, byte[] proxyState)
    {
        Span<byte> buffer = stackalloc byte[PacketView.MaxLength];
        Span<byte> authenticator = stackalloc byte[PacketView.AuthenticatorLength];
        RandomNumberGenerator.Fill(authenticator);
        // EAP carries the name inside as well, and servers compare the two.
        var cut = upstream.StripRealm && !request.IsEap ? HopRequest.CutOf(request.Packet) : -1;
        var length = HopRequest.Write(
            buffer,
            request.Packet,
            request.Nas.Secret,
            upstream.Secret,
            identifier,
            authenticator,
            proxyState,
            cut
        );
        return buffer[..length].ToArray();
    }

    /// <summary>The server of the conversation; else the first alive one in the order of the upstreams; else a zombie.</summary>
    private (UpstreamEntry? Upstream, UpstreamPeer? Peer) Choose(ProxiedRequest request)
    {
        var own = conversations.ServerOf(request.Conversation);
        (UpstreamEntry?, UpstreamPeer?) alive = default;
        (UpstreamEntry?, UpstreamPeer?) zombie = default;
        foreach (var upstream in request.Route)
        {
            var count = upstream.Servers.Count;
            var first = upstream.Strategy == Contracts.Access.UpstreamStrategy.Balance ? (int)(request.Spread % (uint)count) : 0;
            for (var i = 0; i < count; i++)
            {
                var peer = PeerOf(upstream, upstream.Servers[(first + i) % count], request.IsAccounting);
                var state = peer.State;
                if (state == ServerState.Dead || request.Asked.Contains(peer))
                {
                    continue;
                }

                if (ReferenceEquals(peer, own))
                {
                    return (upstream, peer);
                }

                if (state == ServerState.Alive && alive.Item2 is null)
                {
                    alive = (upstream, peer);
                }

                if (state == ServerState.Zombie && zombie.Item2 is null)
                {
                    zombie = (upstream, peer);
                }
            }
        }

        return alive.Item2 is not null ? alive : zombie;
    }

    private UpstreamPeer PeerOf(UpstreamEntry upstream, UpstreamServer server, bool accounting)
    {
        var endPoint = new IPEndPoint(server.Address, accounting ? server.AcctPort : server.AuthPort);
        return peers.GetOrAdd(
            new PeerKey(upstream.Id, endPoint, upstream.StatusServer),
            static (key, self) => new UpstreamPeer(key.EndPoint, key.HasStatusServer, self.Answered),
            this
        );
    }

    private void Answered(Hop hop, ReadOnlyMemory<byte> bytes)
    {
        if (hop.Request is not { } request || !Drop(request) || !PacketView.TryParse(bytes.Span, out var answer, out _))
        {
            return;
        }

        if (answer.Code == PacketCode.AccessChallenge)
        {
            conversations.Remember(answer, hop.Peer, Environment.TickCount64);
        }

        try
        {
            request.Caller.Answered(request, hop, answer);
        }
        catch (Exception e)
        {
            // What one answer does must not end the receive loop of its server.
            log.LogError(e, "An answer of upstream {Name} could not be handled", hop.Upstream.Name);
        }
    }

    /// <summary>What one request does must not end the watch over all.</summary>
    private void TryExpire(ProxiedRequest request, long now)
    {
        try
        {
            Expire(request, now);
        }
        catch (Exception e)
        {
            Drop(request);
            log.LogError(e, "A request of NAS {Nas} that no upstream answered could not be ended", request.Nas.Id);
        }
    }

    /// <summary>The server's time is over: the next one, or the end.</summary>
    private void Expire(ProxiedRequest request, long now)
    {
        Verdict? failed = null;
        lock (request)
        {
            if (request.IsFinished)
            {
                return;
            }

            if (request.Hop is { } hop)
            {
                // Its identifier stays taken until the request ends: an answer that comes late still counts.
                hop.Peer.Unanswered(hop, now);
                request.Hop = null;
            }

            if (!Ask(request))
            {
                if (request.IsAccounting && ++request.Rounds < AccountingRounds)
                {
                    request.Asked.Clear();
                    request.Deadline = now + (1000L << request.Rounds);
                    return;
                }

                failed = ProxiedVerdict.Timeout;
            }
        }

        if (failed is not null && Drop(request))
        {
            request.Caller.Failed(request, failed);
        }
    }

    /// <summary>Takes the request out; true for the one who did.</summary>
    private bool Drop(ProxiedRequest request)
    {
        if (!request.TryFinish())
        {
            return false;
        }

        waiting.TryRemove(KeyValuePair.Create(request.Key, request));
        Interlocked.Decrement(ref waitingCount);
        return true;
    }

    private void Probe(long now)
    {
        foreach (var (key, peer) in peers)
        {
            if (peer.Tick(now) && snapshot.Upstreams.All.FirstOrDefault(u => u.Id == key.UpstreamId) is { } upstream)
            {
                peer.Send(identifier => WriteProbe(upstream, identifier), bytes => new Hop(null, upstream, peer, bytes, now));
            }
        }
    }

    /// <summary>Status-Server (RFC 5997 §3): signed, and nothing in it but who asks.</summary>
    private static byte[] WriteProbe(UpstreamEntry upstream, byte identifier)
    {
        Span<byte> buffer = stackalloc byte[256];
        Span<byte> authenticator = stackalloc byte[PacketView.AuthenticatorLength];
        RandomNumberGenerator.Fill(authenticator);
        var writer = new PacketWriter(buffer, PacketCode.StatusServer, identifier);
        writer.AddMessageAuthenticatorPlaceholder();
        writer.AddText(AttributeType.NasIdentifier, "dotmac");
        return buffer[..writer.FinishAccessRequest(upstream.Secret, authenticator)].ToArray();
    }

    /// <summary>Sockets of servers that no upstream names any more.</summary>
    private void CloseUnused()
    {
        var used = snapshot.Upstreams.All.ToDictionary(u => u.Id);
        foreach (var (key, peer) in peers)
        {
            var named =
                used.TryGetValue(key.UpstreamId, out var upstream)
                && upstream.StatusServer == key.HasStatusServer
                && upstream.Servers.Any(s =>
                    s.Address.Equals(key.EndPoint.Address) && (s.AuthPort == key.EndPoint.Port || s.AcctPort == key.EndPoint.Port)
                );
            if (!named && peers.TryRemove(key, out _))
            {
                peer.Dispose();
            }
        }
    }
}
