using System.Diagnostics;
using System.Net.Sockets;
using DotMac.Radius.Wire;

namespace DotMac.Bench.Load;

/// <summary>One socket and its thread: keeps its share of requests under way, or sends at its pace.</summary>
internal sealed class Lane : IDisposable
{
    private const int Identifiers = 256;
    private const int SampleEvery = 64;
    private static readonly byte[] Secret = System.Text.Encoding.UTF8.GetBytes(Population.Secret);
    private static readonly long LostAfter = Stopwatch.Frequency;

    private readonly LoadPlan plan;
    private readonly ISource source;
    private readonly int window;
    private readonly Socket socket;
    private readonly Readiness readiness;
    private readonly byte[] room = new byte[PacketView.MaxLength];
    private readonly byte[] answer = new byte[PacketView.MaxLength];
    private readonly long[] sentAt = new long[Identifiers];
    private readonly byte[] authenticators = new byte[Identifiers * PacketView.AuthenticatorLength];
    private long sequence;
    private int underWay;
    private long received;

    public Lane(LoadPlan plan, ISource source, int window)
    {
        this.plan = plan;
        this.source = source;
        this.window = Math.Min(plan.Rate > 0 ? Identifiers : window, Identifiers);
        socket = new Socket(plan.Target.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = 4 * 1024 * 1024,
            ReceiveTimeout = 100,
        };
        socket.Connect(plan.Target);
        readiness = new Readiness(socket);
    }

    public Latencies Latencies { get; } = new();
    public long Answered { get; private set; }
    public long Refused { get; private set; }
    public long Lost { get; private set; }
    public long Forged { get; private set; }

    public void Run(long end)
    {
        if (plan.Rate > 0)
        {
            RunPaced(end);
        }
        else
        {
            RunClosed(end);
        }

        // What is still under way may come for a second more; it counts as lost only if it does not, and not as answered in time.
        var patience = end + LostAfter;
        while (underWay > 0 && Stopwatch.GetTimestamp() < patience)
        {
            Receive(end);
        }

        Lost += underWay;
    }

    public void Dispose() => socket.Dispose();

    private void RunClosed(long end)
    {
        var now = Stopwatch.GetTimestamp();
        var swept = now;
        while (now < end)
        {
            while (underWay < window && TrySend(now))
            {
                now = Stopwatch.GetTimestamp();
            }

            now = Receive(end);
            if (now - swept > LostAfter / 10)
            {
                Sweep(now);
                swept = now;
            }
        }
    }

    /// <summary>Sends on time whatever the server does; a request is timed from its sending.</summary>
    private void RunPaced(long end)
    {
        var period = (double)Stopwatch.Frequency * plan.Sources.Count / plan.Rate;
        var start = Stopwatch.GetTimestamp();
        var swept = start;
        for (var now = start; now < end; now = Stopwatch.GetTimestamp())
        {
            var due = start + (long)(sequence * period);
            if (now >= due)
            {
                if (!TrySend(now))
                {
                    Sweep(Receive(end));
                }

                continue;
            }

            if (readiness.Wait(due - now))
            {
                now = Receive(end);
            }

            if (now - swept > LostAfter / 10)
            {
                Sweep(now);
                swept = now;
            }
        }
    }

    /// <summary>False when the identifier whose turn it is still waits for its answer.</summary>
    private bool TrySend(long now)
    {
        var id = (int)(sequence % Identifiers);
        if (sentAt[id] != 0)
        {
            return false;
        }

        var packet = source.Next(sequence++, room);
        packet.Slice(4, PacketView.AuthenticatorLength).CopyTo(authenticators.AsSpan(id * PacketView.AuthenticatorLength));
        sentAt[id] = now;
        underWay++;
        socket.Send(packet, SocketFlags.None, out _);
        return true;
    }

    private long Receive(long end)
    {
        var length = socket.Receive(answer, SocketFlags.None, out var error);
        var now = Stopwatch.GetTimestamp();
        if (error != SocketError.Success || length < PacketView.HeaderLength)
        {
            return now;
        }

        int id = answer[1];
        if (sentAt[id] == 0)
        {
            return now; // came after it was given up
        }

        var took = now - sentAt[id];
        sentAt[id] = 0;
        underWay--;
        if ((PacketCode)answer[0] != plan.Expected)
        {
            Refused++;
        }
        else if (now <= end)
        {
            Answered++;
            Latencies.Add(took);
        }

        if (received++ % SampleEvery == 0 && !IsGenuine(answer.AsSpan(0, length), id))
        {
            Forged++;
        }

        return now;
    }

    private bool IsGenuine(ReadOnlySpan<byte> bytes, int id)
    {
        var request = authenticators.AsSpan(id * PacketView.AuthenticatorLength, PacketView.AuthenticatorLength);
        return PacketView.TryParse(bytes, out var packet, out _)
            && Authenticators.VerifyResponse(packet, request, Secret)
            && (!plan.Signed || Authenticators.CheckMessageAuthenticator(packet, Secret, request) == MessageAuthenticatorCheck.Valid);
    }

    /// <summary>Gives up what has waited too long; not while answers lie unread, because then it is this thread that was late.</summary>
    private void Sweep(long now)
    {
        if (socket.Available > 0)
        {
            return;
        }

        foreach (ref var at in sentAt.AsSpan())
        {
            if (at != 0 && now - at > LostAfter)
            {
                at = 0;
                underWay--;
                Lost++;
            }
        }
    }
}
