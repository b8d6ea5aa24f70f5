using System.Net;
using DotMac.Radius.Wire;

namespace DotMac.Bench.Load;

/// <summary>
/// Access-Requests (PAP, signed with Message-Authenticator), built before the clock starts, so that the driver takes little of the processor
/// that the server needs. Each user comes once before any comes again. A packet comes again after at least two others under its identifier,
/// which no server takes for a retransmission.
/// </summary>
internal sealed class AccessRequests : ISource
{
    private readonly byte[][] packets;

    private AccessRequests(byte[][] packets) => this.packets = packets;

    /// <summary>One source for each socket; together they ask for every user.</summary>
    public static AccessRequests[] Build(int sockets, int users, int seed)
    {
        const int identifiers = 256;
        var random = new Random(seed);
        var perSocket = Math.Max(4 * identifiers, (users + sockets - 1) / sockets);
        perSocket = (perSocket + identifiers - 1) / identifiers * identifiers;
        var order = new int[sockets * perSocket];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i % users;
        }

        random.Shuffle(order);
        return
        [
            .. Enumerable
                .Range(0, sockets)
                .Select(s => new AccessRequests([
                    .. Enumerable.Range(0, perSocket).Select(i => Packet((byte)i, order[(s * perSocket) + i], random)),
                ])),
        ];
    }

    public ReadOnlySpan<byte> Next(long sequence, Span<byte> room) => packets[(int)(sequence % packets.Length)];

    private static byte[] Packet(byte identifier, int user, Random random)
    {
        Span<byte> buffer = stackalloc byte[PacketView.MaxLength];
        Span<byte> authenticator = stackalloc byte[PacketView.AuthenticatorLength];
        Span<byte> hidden = stackalloc byte[Pap.MaxPasswordLength];
        random.NextBytes(authenticator);
        var secret = System.Text.Encoding.UTF8.GetBytes(Population.Secret);
        var length = Pap.Encrypt(System.Text.Encoding.UTF8.GetBytes(Population.Password(user)), secret, authenticator, hidden);
        var writer = new PacketWriter(buffer, PacketCode.AccessRequest, identifier);
        writer.AddMessageAuthenticatorPlaceholder();
        writer.AddText(AttributeType.UserName, Population.Username(user));
        writer.AddBytes(AttributeType.UserPassword, hidden[..length]);
        writer.AddIpv4(AttributeType.NasIpAddress, IPAddress.Loopback);
        writer.AddText(AttributeType.NasIdentifier, "bench");
        writer.AddUInt32(AttributeType.NasPort, (uint)user);
        writer.AddUInt32(AttributeType.NasPortType, 15); // Ethernet
        writer.AddUInt32(AttributeType.ServiceType, 2); // Framed-User
        writer.AddUInt32(AttributeType.FramedProtocol, 1); // PPP
        writer.AddText(AttributeType.CallingStationId, Population.CallingStation(user));
        writer.AddText(AttributeType.CalledStationId, "pppoe-bench");
        return buffer[..writer.FinishAccessRequest(secret, authenticator)].ToArray();
    }
}
