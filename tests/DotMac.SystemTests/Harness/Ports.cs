using System.Net;
using System.Net.Sockets;

namespace DotMac.SystemTests.Harness;

/// <summary>
/// Free ports on loopback. Each is given out once per run, and none of those that the kernel gives to whoever asks for any (32768 and up): a port
/// is bound seconds after it was chosen.
/// </summary>
public static class Ports
{
    private static readonly HashSet<int> Given = [];

    public static int Tcp() => Next(SocketType.Stream, ProtocolType.Tcp);

    public static int Udp() => Next(SocketType.Dgram, ProtocolType.Udp);

    private static int Next(SocketType type, ProtocolType protocol)
    {
        lock (Given)
        {
            while (true)
            {
                var port = Random.Shared.Next(10_000, 32_768);
                if (!Given.Add(port))
                {
                    continue;
                }

                using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
                try
                {
                    socket.Bind(new IPEndPoint(IPAddress.Any, port));
                    return port;
                }
                catch (SocketException)
                {
                    // Somebody else's.
                }
            }
        }
    }
}
