using System.Net;
using System.Net.Sockets;
using System.Text;
using DotMac.Radius.Wire;

namespace DotMac.SystemTests.Access;

/// <summary>A NAS's RFC 5176 listener on loopback that answers as told and keeps what it was asked. For what a real peer cannot be made to do.</summary>
internal sealed class NasDouble : IDisposable
{
    private readonly UdpClient socket;
    private readonly CancellationTokenSource stop = new();
    private readonly byte[] secret;
    private readonly HashSet<string> seen = [];
    private int asked;
    private int datagrams;

    public NasDouble(string secret = "xyzzy-plugh-42", IPAddress? address = null)
    {
        socket = new UdpClient(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        this.secret = Encoding.UTF8.GetBytes(secret);
        _ = AnswerAsync();
    }

    public int Port => ((IPEndPoint)socket.Client.LocalEndPoint!).Port;

    /// <summary>What it says; None is silence.</summary>
    public PacketCode Says { get; set; } = PacketCode.DisconnectAck;

    public uint? ErrorCause { get; set; }

    /// <summary>Requests that were read, each once: what is sent again because the answer was late is the same request.</summary>
    public int Asked => asked;

    /// <summary>All datagrams that came, retransmissions too.</summary>
    public int Datagrams => datagrams;

    public IReadOnlyDictionary<byte, byte[]> Last { get; private set; } = new Dictionary<byte, byte[]>();

    public bool LastWasSigned { get; private set; }

    public void Dispose()
    {
        stop.Cancel();
        socket.Dispose();
        stop.Dispose();
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var datagram = await socket.ReceiveAsync(stop.Token);
                var reply = Reply(datagram.Buffer);
                datagrams++;
                // Identifier and authenticator; after Reply, so that who waits for the number finds what was asked.
                if (
                    seen.Add(
                        $"{datagram.RemoteEndPoint} {Convert.ToHexString(datagram.Buffer, 1, 1)} {Convert.ToHexString(datagram.Buffer, 4, 16)}"
                    )
                )
                {
                    asked++;
                }

                if (reply is not null)
                {
                    await socket.SendAsync(reply, datagram.RemoteEndPoint, stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private byte[]? Reply(byte[] datagram)
    {
        PacketView.TryParse(datagram, out var request, out _).ShouldBeTrue();
        var attributes = new Dictionary<byte, byte[]>();
        foreach (var attribute in request.Attributes)
        {
            attributes[attribute.Type] = attribute.Value.ToArray();
        }

        Last = attributes;
        LastWasSigned =
            Authenticators.CheckMessageAuthenticator(request, secret, new byte[16]) == MessageAuthenticatorCheck.Valid
            && Authenticators.VerifyAccountingLike(request, secret);
        if (Says == PacketCode.None)
        {
            return null;
        }

        var buffer = new byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, Says, request.Identifier);
        writer.AddMessageAuthenticatorPlaceholder();
        if (ErrorCause is { } cause)
        {
            writer.AddUInt32(AttributeType.ErrorCause, cause);
        }

        return buffer[..writer.FinishReply(request.Authenticator, secret)];
    }
}
