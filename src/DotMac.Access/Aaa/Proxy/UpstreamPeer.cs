using System.Net;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>
/// One port of one upstream server: its sockets (256 identifiers each, opened as they are needed), what waits for an answer there, and what
/// is believed of its health. Thread-safe.
/// </summary>
internal sealed class UpstreamPeer(IPEndPoint endPoint, bool hasStatusServer, Action<Hop, ReadOnlyMemory<byte>> answered) : IDisposable
{
    /// <summary>4096 requests may wait for one server.</summary>
    public const int MostSockets = 16;

    private readonly Lock gate = new();
    private readonly List<Line> lines = [];
    private readonly ServerHealth health = new(hasStatusServer);
    private int next;
    private long answers;
    private long timeouts;
    private long unsigned;
    private double latencyMs;

    public IPEndPoint EndPoint { get; } = endPoint;

    public ServerState State
    {
        get
        {
            lock (gate)
            {
                return health.State;
            }
        }
    }

    /// <summary>Answers that were refused because they carried no Message-Authenticator.</summary>
    public long UnsignedAnswers => Interlocked.Read(ref unsigned);

    /// <summary>State, number of its changes, answers, timeouts, smoothed latency in ms.</summary>
    public (ServerState State, int Changes, long Answers, long Timeouts, double LatencyMs) Figures
    {
        get
        {
            lock (gate)
            {
                return (health.State, health.Changes, answers, timeouts, latencyMs);
            }
        }
    }

    /// <summary>Sends with an identifier of its own; null when all are waiting or the system refuses. <paramref name="write"/> makes the packet.</summary>
    public Hop? Send(Func<byte, byte[]> write, Func<byte[], Hop> make)
    {
        Hop hop;
        Line line;
        lock (gate)
        {
            var (free, identifier) = Free();
            if (free is null)
            {
                return null;
            }

            var bytes = write(identifier);
            if (bytes.Length == 0)
            {
                return null;
            }

            hop = make(bytes);
            line = free;
            line.Slots[identifier] = hop;
        }

        line.Datagrams!.Send(hop.Bytes);
        return hop;
    }

    /// <summary>The same octets again, as the NAS sent its own again.</summary>
    public void Repeat(Hop hop)
    {
        Line? line;
        lock (gate)
        {
            line = lines.Find(l => ReferenceEquals(l.Slots[hop.Bytes[1]], hop));
        }

        if (line is not null)
        {
            line.Datagrams!.Send(hop.Bytes);
        }
    }

    public void Unanswered(Hop hop, long now)
    {
        lock (gate)
        {
            timeouts++;
            health.Unanswered(hop.SentAt, now);
        }
    }

    /// <summary>Lets time pass; true when a Status-Server is due.</summary>
    public bool Tick(long now)
    {
        lock (gate)
        {
            return health.Tick(now);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            lines.ForEach(l => l.Datagrams?.Dispose());
            lines.Clear();
        }
    }

    private (Line? Line, byte Identifier) Free()
    {
        for (var tries = 0; tries < lines.Count * 256; tries++)
        {
            var at = next;
            next = (next + 1) % (lines.Count * 256);
            var line = lines[at / 256];
            if (line.Slots[at % 256] is not { } held || held.IsOver)
            {
                return (line, (byte)(at % 256));
            }
        }

        if (lines.Count == MostSockets)
        {
            return default;
        }

        var opened = new Line();
        opened.Datagrams = DatagramLine.TryOpen(EndPoint, datagram => Received(opened, datagram), Refused);
        if (opened.Datagrams is null)
        {
            health.Refused(Environment.TickCount64);
            return default;
        }

        lines.Add(opened);
        next = ((lines.Count - 1) * 256) + 1;
        return (opened, 0);
    }

    private void Received(Line line, ReadOnlyMemory<byte> datagram)
    {
        if (Take(line, datagram.Span) is { } hop)
        {
            answered(hop, datagram);
        }
    }

    /// <summary>Whose answer that is, once its signatures hold; whatever else comes is ignored.</summary>
    private Hop? Take(Line line, ReadOnlySpan<byte> datagram)
    {
        if (!PacketView.TryParse(datagram, out var answer, out _))
        {
            return null;
        }

        lock (gate)
        {
            if (line.Slots[answer.Identifier] is not { } hop || !IsAnswer(hop, answer))
            {
                return null;
            }

            line.Slots[answer.Identifier] = null;
            var now = Environment.TickCount64;
            health.Heard(now, hop.Request is null);
            if (hop.Request is not null)
            {
                answers++;
                latencyMs = answers == 1 ? now - hop.SentAt : (latencyMs * 0.9) + ((now - hop.SentAt) * 0.1);
            }

            return hop;
        }
    }

    private bool IsAnswer(Hop hop, PacketView answer)
    {
        var fits = (PacketCode)hop.Bytes[0] switch
        {
            PacketCode.AccessRequest => answer.Code is PacketCode.AccessAccept or PacketCode.AccessReject or PacketCode.AccessChallenge,
            PacketCode.AccountingRequest => answer.Code is PacketCode.AccountingResponse,
            _ => answer.Code is PacketCode.AccessAccept or PacketCode.AccountingResponse,
        };
        if (!fits || !Authenticators.VerifyResponse(answer, hop.Authenticator, hop.Upstream.Secret))
        {
            return false;
        }

        var check = Authenticators.CheckMessageAuthenticator(answer, hop.Upstream.Secret, hop.Authenticator);
        return check == MessageAuthenticatorCheck.Valid
            || (
                check == MessageAuthenticatorCheck.Absent
                // RFC 3579 §3.2: an answer with EAP is worth nothing without it.
                && !answer.Has(AttributeType.EapMessage)
                && (
                    !hop.Upstream.RequireMessageAuthenticator
                    || answer.Code == PacketCode.AccountingResponse
                    || hop.Request is null
                    || !CountUnsigned()
                )
            );
    }

    /// <summary>Counts an answer that is refused for want of a Message-Authenticator; always true.</summary>
    private bool CountUnsigned()
    {
        unsigned++;
        return true;
    }

    /// <summary>Nobody listens there: what waits need not wait longer.</summary>
    private void Refused()
    {
        lock (gate)
        {
            health.Refused(Environment.TickCount64);
            foreach (var line in lines)
            {
                foreach (var hop in line.Slots)
                {
                    if (hop?.Request is { } request)
                    {
                        request.Deadline = Math.Min(request.Deadline, Environment.TickCount64);
                    }
                }
            }
        }
    }

    private sealed class Line
    {
        public DatagramLine? Datagrams { get; set; }
        public Hop?[] Slots { get; } = new Hop?[256];
    }
}
