using System.Globalization;
using System.Net;
using DotMac.Radius.Wire;

namespace DotMac.Bench.Load;

/// <summary>Accounting-Requests that start a session, every one another session; built as they go out.</summary>
internal sealed class AccountingStarts(int socket, string run, int users) : ISource
{
    private static readonly byte[] Secret = System.Text.Encoding.UTF8.GetBytes(Population.Secret);

    public ReadOnlySpan<byte> Next(long sequence, Span<byte> room)
    {
        var user = (int)(sequence * 7919 % users);
        Span<char> session = stackalloc char[64];
        session.TryWrite(CultureInfo.InvariantCulture, $"{run}-{socket}-{sequence:x}", out var length);
        var writer = new PacketWriter(room, PacketCode.AccountingRequest, (byte)sequence);
        writer.AddUInt32(AttributeType.AcctStatusType, 1); // Start
        writer.AddText(AttributeType.AcctSessionId, session[..length]);
        writer.AddText(AttributeType.UserName, Population.Username(user));
        writer.AddIpv4(AttributeType.NasIpAddress, IPAddress.Loopback);
        writer.AddText(AttributeType.NasIdentifier, "bench");
        writer.AddUInt32(AttributeType.NasPort, (uint)user);
        writer.AddUInt32(AttributeType.NasPortType, 15); // Ethernet
        writer.AddUInt32(AttributeType.ServiceType, 2); // Framed-User
        writer.AddUInt32(AttributeType.FramedProtocol, 1); // PPP
        writer.AddUInt32(AttributeType.AcctAuthentic, 1); // RADIUS
        writer.AddUInt32(AttributeType.AcctDelayTime, 0);
        writer.AddText(AttributeType.CallingStationId, Population.CallingStation(user));
        writer.AddText(AttributeType.CalledStationId, "pppoe-bench");
        writer.AddIpv4(AttributeType.FramedIpAddress, 0x0A000000 | (uint)user);
        return room[..writer.FinishAccountingLike(Secret)];
    }
}
