using System.Net;
using System.Net.Sockets;
using DotMac.Radius.Server;

namespace DotMac.Tests.Radius;

/// <summary>Bound to every address, a listener answers from the one that was asked.</summary>
public sealed class SourceAddressTests
{
    /// <summary>Says the datagram back: at once, or later over the reply path.</summary>
    private sealed class Echo(bool later) : IPacketHandler
    {
        public int Handle(IReplyPath path, ReadOnlySpan<byte> datagram, in RemotePeer from, Span<byte> reply)
        {
            if (later)
            {
                var (to, octets) = (from, datagram.ToArray());
                _ = Task.Run(() => path.Send(to, octets));
                return 0;
            }

            datagram.CopyTo(reply);
            return datagram.Length;
        }
    }

    [Theory]
    [InlineData("::", "127.0.0.5", false)]
    [InlineData("::", "127.0.0.5", true)]
    [InlineData("::", "127.9.8.7", true)]
    [InlineData("::", "::1", false)]
    [InlineData("0.0.0.0", "127.0.0.5", false)]
    [InlineData("0.0.0.0", "127.0.0.5", true)]
    [InlineData("127.0.0.5", "127.0.0.5", true)]
    public async Task A_reply_leaves_from_the_address_that_was_asked(string bind, string asked, bool later)
    {
        await using var listener = new RadiusListener(
            new RadiusListenerOptions { EndPoint = new IPEndPoint(IPAddress.Parse(bind), 0), Threads = 2 },
            new Echo(later)
        );
        listener.Start();
        var address = IPAddress.Parse(asked);
        using var client = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        var own = address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        client.Bind(new IPEndPoint(own, 0));
        var buffer = new byte[100];
        for (byte i = 1; i <= 50; i++)
        {
            // Not connected: what comes from another address comes too, and is seen.
            await client.SendToAsync(new byte[] { i, 2, 3 }, new IPEndPoint(address, listener.BoundPort));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            var got = await client.ReceiveFromAsync(
                buffer,
                SocketFlags.None,
                new IPEndPoint(address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0),
                patience.Token
            );
            ((IPEndPoint)got.RemoteEndPoint).ShouldBe(new IPEndPoint(address, listener.BoundPort));
            buffer[..got.ReceivedBytes].ShouldBe([i, 2, 3]);
        }

        listener.Counters.ReceiveFailures.ShouldBe(0);
        listener.Counters.SendFailures.ShouldBe(0);
    }
}
