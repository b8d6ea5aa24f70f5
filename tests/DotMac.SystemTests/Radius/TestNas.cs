using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>
/// A registered NAS: asks the host's RADIUS ports from its own loopback address, with Debian's radclient, with the library's client, or with
/// bare datagrams.
/// </summary>
public sealed record TestNas(HostProcess Host, string Address, string Secret, Guid Id)
{
    private static readonly RetryPolicy OneTry = new() { Tries = 1, FirstWait = TimeSpan.FromMilliseconds(600) };

    /// <summary>Long enough for a loaded machine; tries again with the same octets.</summary>
    private static readonly RetryPolicy Patient = new() { Tries = 6, FirstWait = TimeSpan.FromSeconds(1) };

    public byte[] SecretBytes => System.Text.Encoding.UTF8.GetBytes(Secret);

    /// <summary>Whether a signed Status-Server is answered.</summary>
    public async Task<bool> IsServedAsync() =>
        (await SendAsync(new RequestBuilder(PacketCode.StatusServer).WithMessageAuthenticator(), policy: OneTry)).Outcome
        == ExchangeOutcome.Answered;

    /// <summary>A signed PAP request.</summary>
    public Task<RadiusExchange> AccessAsync(string username, string password, params (string Name, string Value)[] more)
    {
        var request = new RequestBuilder(PacketCode.AccessRequest)
            .WithMessageAuthenticator()
            .Add("User-Name", username)
            .UserPassword(password);
        foreach (var (name, value) in more)
        {
            request.Add(name, value);
        }

        return SendAsync(request);
    }

    /// <summary>Asks until the answer is this one: what was changed a moment ago is in force within a second, later on a busy machine.</summary>
    public async Task<RadiusExchange> AccessAsync(PacketCode code, string username, string password)
    {
        RadiusExchange answer = await AccessAsync(username, password);
        await Eventually.IsTrueAsync(
            async () => answer.Code == code || (answer = await AccessAsync(username, password)).Code == code,
            $"{code} for {username}"
        );
        return answer;
    }

    /// <summary>An Accounting-Request with attributes by name; it must be answered.</summary>
    public async Task AccountAsync(string status, params (string Name, string Value)[] attributes)
    {
        var request = new RequestBuilder(PacketCode.AccountingRequest).Add("Acct-Status-Type", status);
        foreach (var (name, value) in attributes)
        {
            request.Add(name, value);
        }

        (await SendAsync(request)).Code.ShouldBe(PacketCode.AccountingResponse);
    }

    /// <summary>To the port that the request's code belongs to.</summary>
    public Task<RadiusExchange> SendAsync(RequestBuilder request, RetryPolicy? policy = null, string? secret = null)
    {
        var bytes = request.Build(secret is null ? SecretBytes : System.Text.Encoding.UTF8.GetBytes(secret));
        var port = bytes[0] == (byte)PacketCode.AccountingRequest ? Host.RadiusAcctPort : Host.RadiusAuthPort;
        var client = new RadiusClient(TimeProvider.System, IPAddress.Parse(Address));
        return client.SendAsync(
            new IPEndPoint(IPAddress.Loopback, port),
            bytes,
            secret is null ? SecretBytes : System.Text.Encoding.UTF8.GetBytes(secret),
            policy ?? Patient,
            default
        );
    }

    /// <summary>Debian's radclient. <paramref name="command"/>: auth, acct or status; attributes in its own syntax, one a line.</summary>
    /// <param name="waitSeconds">For how long it waits after its only try.</param>
    public async Task<RadclientAnswer> RadclientAsync(
        string attributes,
        string command = "auth",
        string? secret = null,
        string? from = null,
        int? port = null,
        double waitSeconds = 20
    )
    {
        var to = port ?? (command == "acct" ? Host.RadiusAcctPort : Host.RadiusAuthPort);
        var (code, output) = await Peer.RunAsync(
            "radclient",
            $"Packet-Src-IP-Address = {from ?? Address}\n{attributes}\n",
            "-x",
            "-r",
            "1",
            "-t",
            waitSeconds.ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{to}"),
            command,
            secret ?? Secret
        );
        return RadclientAnswer.Read(code, output);
    }

    /// <summary>A bare socket bound to this NAS's address and connected to one of the host's ports.</summary>
    public Datagrams Open(bool accounting = false) => Datagrams.Open(Address, accounting ? Host.RadiusAcctPort : Host.RadiusAuthPort);
}

/// <summary>Bare datagrams between a chosen loopback address and one port.</summary>
public sealed class Datagrams(Socket socket) : IDisposable
{
    private readonly byte[] buffer = new byte[65_536];

    public static Datagrams Open(string from, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        socket.Connect(IPAddress.Loopback, port);
        return new Datagrams(socket);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> datagram) => await socket.SendAsync(datagram);

    /// <summary>The next datagram, or null when none comes in time.</summary>
    public async Task<byte[]?> ReceiveAsync(double waitSeconds = 20)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(waitSeconds));
        try
        {
            var length = await socket.ReceiveAsync(buffer, limit.Token);
            return buffer[..length];
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public async Task<byte[]?> AskAsync(ReadOnlyMemory<byte> datagram, double waitSeconds = 20)
    {
        await SendAsync(datagram);
        return await ReceiveAsync(waitSeconds);
    }

    public void Dispose() => socket.Dispose();
}

/// <summary>What radclient printed: the reply's name (null for silence) and its attributes in the order of the packet.</summary>
public sealed record RadclientAnswer(string? Reply, IReadOnlyList<(string Name, string Value)> Attributes, string Output)
{
    /// <summary>All values of an attribute, in order.</summary>
    public string[] this[string name] => [.. Attributes.Where(a => a.Name == name).Select(a => a.Value)];

    public RadclientAnswer ShouldBe(string? reply)
    {
        Reply.ShouldBe(reply, Output);
        return this;
    }

    internal static RadclientAnswer Read(int code, string output)
    {
        string? reply = null;
        var attributes = new List<(string, string)>();
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith("Received ", StringComparison.Ordinal))
            {
                reply = line.Split(' ')[1];
            }
            else if (reply is not null && line.StartsWith('\t') && line.Split(" = ", 2) is [var name, var value])
            {
                attributes.Add((name.Trim(), value.Trim().Trim('"')));
            }
        }

        if (reply is null && !output.Contains("No reply from server", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"radclient ended with {code.ToString(CultureInfo.InvariantCulture)}:\n{output}");
        }

        return new RadclientAnswer(reply, attributes, output);
    }
}
