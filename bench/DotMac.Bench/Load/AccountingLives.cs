using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DotMac.Radius.Wire;

namespace DotMac.Bench.Load;

/// <summary>One record of each of many sessions: every Start, then every Interim-Update, as sessions that began together report together.</summary>
internal sealed class AccountingLives(int sessions, int users)
{
    public const int IntervalSeconds = 300;
    private const int Window = 64;
    private static readonly byte[] Secret = System.Text.Encoding.UTF8.GetBytes(Population.Secret);

    /// <param name="status">1 Start, 2 Stop, 3 Interim-Update.</param>
    /// <param name="age">Interim intervals since the Start.</param>
    /// <returns>Seconds until all were answered.</returns>
    public double Send(IPEndPoint to, uint status, int age)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(to);
        socket.ReceiveTimeout = 2_000;
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        var began = (uint)TimeProvider.System.GetUtcNow().AddHours(-2).ToUnixTimeSeconds();
        Span<byte> room = new byte[PacketView.MaxLength];
        var answer = new byte[PacketView.MaxLength];
        for (var first = 0; first < sessions; first += Window)
        {
            // A window at a time: what is lost on loopback (nothing, as a rule) is sent again with its window.
            var window = Math.Min(Window, sessions - first);
            for (var done = 0; done < window; )
            {
                done = 0;
                for (var i = 0; i < window; i++)
                {
                    socket.Send(Record(room, first + i, status, age, began));
                }

                try
                {
                    for (; done < window; done++)
                    {
                        socket.Receive(answer);
                    }
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
                {
                    done = 0;
                }
            }
        }

        return System.Diagnostics.Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private ReadOnlySpan<byte> Record(Span<byte> room, int session, uint status, int age, uint began)
    {
        var user = session % users;
        Span<char> name = stackalloc char[32];
        name.TryWrite(CultureInfo.InvariantCulture, $"life-{session:x}", out var length);
        var writer = new PacketWriter(room, PacketCode.AccountingRequest, (byte)session);
        writer.AddUInt32(AttributeType.AcctStatusType, status);
        writer.AddText(AttributeType.AcctSessionId, name[..length]);
        writer.AddText(AttributeType.UserName, Population.Username(user));
        writer.AddIpv4(AttributeType.NasIpAddress, IPAddress.Loopback);
        writer.AddUInt32(AttributeType.NasPort, (uint)user);
        writer.AddUInt32(AttributeType.NasPortType, 15); // Ethernet
        writer.AddUInt32(AttributeType.ServiceType, 2); // Framed-User
        writer.AddUInt32(AttributeType.FramedProtocol, 1); // PPP
        writer.AddText(AttributeType.CallingStationId, Population.CallingStation(user));
        writer.AddText(AttributeType.CalledStationId, "pppoe-bench");
        writer.AddIpv4(AttributeType.FramedIpAddress, 0x0A000000 | (uint)user);
        writer.AddUInt32(AttributeType.EventTimestamp, began + (uint)(age * IntervalSeconds));
        if (status != 1)
        {
            writer.AddUInt32(AttributeType.AcctSessionTime, (uint)(age * IntervalSeconds));
            writer.AddUInt32(AttributeType.AcctInputOctets, (uint)(age * 1_000_000));
            writer.AddUInt32(AttributeType.AcctOutputOctets, (uint)(age * 9_000_000));
        }

        return room[..writer.FinishAccountingLike(Secret)];
    }
}
