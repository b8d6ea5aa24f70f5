using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DotMac.Bench.Load;
using DotMac.Radius.Wire;

namespace DotMac.Bench.Servers;

/// <summary>
/// The floor: one thread that receives, signs an Access-Accept without any attribute, and sends. It reads nothing of the request but identifier
/// and authenticator. No server in .NET that answers packet by packet from one thread can be faster.
/// </summary>
internal static class EmptySigner
{
    public const string Key = "signer";

    public static async Task<Server> StartAsync(Workshop workshop, BenchOptions options)
    {
        var port = options.Port + 30;
        var process = workshop.Start(Key, Environment.ProcessPath!, ["sign", port.ToString(CultureInfo.InvariantCulture)]);
        await workshop.WaitForAsync(Key, process, "signing", TimeSpan.FromSeconds(20));
        return new Server(
            Key,
            "empty signer (floor)",
            new IPEndPoint(IPAddress.Loopback, port),
            null,
            process.Id,
            UsesDatabase: false,
            Signs: false
        );
    }

    /// <summary>Runs until the process is ended.</summary>
    public static int Run(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveBufferSize = 8 * 1024 * 1024;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        Console.WriteLine("signing");
        var secret = Encoding.UTF8.GetBytes(Population.Secret);
        var datagram = new byte[65_535];
        var reply = new byte[PacketView.MaxLength];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        while (true)
        {
            if (socket.ReceiveFrom(datagram, SocketFlags.None, from) < PacketView.HeaderLength)
            {
                continue;
            }

            var writer = new PacketWriter(reply, PacketCode.AccessAccept, datagram[1]);
            var length = writer.FinishReply(datagram.AsSpan(4, PacketView.AuthenticatorLength), secret);
            socket.SendTo(reply.AsSpan(0, length), SocketFlags.None, from);
        }
    }
}
