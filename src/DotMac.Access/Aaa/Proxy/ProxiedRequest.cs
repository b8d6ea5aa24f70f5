using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>A NAS's request that waits for an upstream server, and where it stands. Its packet is kept, because the datagram's buffer is not.</summary>
internal sealed class ProxiedRequest(IProxyCaller caller, byte[] bytes, NasEntry nas, in RemotePeer from, UpstreamEntry[] route)
{
    private int finished;

    public IProxyCaller Caller { get; } = caller;
    public byte[] Bytes { get; } = bytes;
    public NasEntry Nas { get; } = nas;
    public RemotePeer From { get; } = from;
    public UpstreamEntry[] Route { get; } = route;

    /// <summary>Null when nobody waits for the answer (accounting that is acknowledged already).</summary>
    public IReplyPath? Path { get; init; }
    public AuthMethod Method { get; init; }
    public bool IsEap => Method == AuthMethod.Eap;
    public bool IsSigned { get; init; }
    public bool IsAccounting => Bytes[0] == (byte)PacketCode.AccountingRequest;

    /// <summary>Timestamp of its arrival.</summary>
    public long ArrivedAt { get; init; }

    /// <summary>Keeps the packets of one conversation on one server when requests are spread.</summary>
    public uint Spread { get; init; }

    /// <summary>What the State of the request says about the server that gave it (<see cref="Conversations"/>); 0: it has none.</summary>
    public ulong Conversation { get; init; }

    /// <summary>Servers asked in this round; guarded by the request itself.</summary>
    public List<UpstreamPeer> Asked { get; } = [];

    /// <summary>How often all servers were asked; guarded by the request itself.</summary>
    public int Rounds { get; set; }

    /// <summary>Where it is now; guarded by the request itself.</summary>
    public Hop? Hop { get; set; }

    /// <summary>When the server's time is over, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long Deadline { get; set; } = long.MaxValue;

    public bool IsFinished => Volatile.Read(ref finished) != 0;

    /// <summary>True for the one who ends it: an answer and the end of patience can meet.</summary>
    public bool TryFinish() => Interlocked.Exchange(ref finished, 1) == 0;

    public PacketView Packet => PacketView.TryParse(Bytes, out var packet, out _) ? packet : default;

    /// <summary>Tells accounting apart that waits for its upstream after the NAS was answered; 0 for what the NAS still waits for.</summary>
    public long Serial { get; init; }

    public RequestKey Key => new(From, Bytes[1], Bytes[0], Serial);
}

/// <summary>What a retransmission has in common with its first packet, next to the authenticator.</summary>
internal readonly record struct RequestKey(RemotePeer From, byte Identifier, byte Code, long Serial);

/// <summary>One sending of a request to one server.</summary>
internal sealed class Hop(ProxiedRequest? request, UpstreamEntry upstream, UpstreamPeer peer, byte[] bytes, long sentAt)
{
    private const int ProbePatienceMs = 5_000;

    /// <summary>Null: a probe.</summary>
    public ProxiedRequest? Request { get; } = request;
    public UpstreamEntry Upstream { get; } = upstream;
    public UpstreamPeer Peer { get; } = peer;
    public byte[] Bytes { get; set; } = bytes;
    public long SentAt { get; } = sentAt;

    /// <summary>Its identifier may be used again: nobody waits for the answer, or it is a probe of long ago.</summary>
    public bool IsOver => Request is null ? Environment.TickCount64 - SentAt > ProbePatienceMs : Request.IsFinished;
    public ReadOnlySpan<byte> Authenticator => Bytes.AsSpan(4, PacketView.AuthenticatorLength);
}

/// <summary>Who is told how a request that was passed on ended. Called once per request, from any thread.</summary>
internal interface IProxyCaller
{
    /// <param name="answer">Verified with the upstream's secret; valid during the call only.</param>
    void Answered(ProxiedRequest request, Hop hop, PacketView answer);

    void Failed(ProxiedRequest request, Verdict why);
}
