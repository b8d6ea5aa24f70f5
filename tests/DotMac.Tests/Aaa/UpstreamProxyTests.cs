using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Proxy;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Client;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace DotMac.Tests.Aaa;

/// <summary>The proxy against a server that takes packets and never answers.</summary>
public sealed class UpstreamProxyTests : IDisposable, IProxyCaller
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly UpstreamProxy proxy = new(new AaaSnapshot(), TimeProvider.System, NullLogger<UpstreamProxy>.Instance);
    private readonly Channel<Verdict> failed = Channel.CreateUnbounded<Verdict>();

    public UpstreamProxyTests() => server.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public void Dispose()
    {
        proxy.Dispose();
        server.Dispose();
    }

    [Fact]
    public async Task What_ends_one_request_badly_does_not_end_the_watch_over_the_others()
    {
        await proxy.StartAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource(Patience);
        for (byte identifier = 1; identifier < 3; identifier++)
        {
            proxy.Forward(Request(identifier)).ShouldBeNull();
            (await failed.Reader.ReadAsync(patience.Token)).ShouldBe(ProxiedVerdict.Timeout);
        }

        proxy.Waiting.ShouldBe(0);
        proxy.ExecuteTask!.IsCompleted.ShouldBeFalse("a task that ended takes the whole node with it");
        await proxy.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_retransmission_goes_on_as_the_same_octets_however_late()
    {
        var first = Request(7);
        proxy.Forward(first).ShouldBeNull();
        proxy.Forward(Request(7, first.Bytes)).ShouldBeNull();
        proxy.Waiting.ShouldBe(1);
        (await ReceiveAsync()).ShouldBe(await ReceiveAsync());

        proxy.Forward(Request(7)).ShouldBeNull("another authenticator: the NAS has given the former up");
        proxy.Waiting.ShouldBe(1);
    }

    [Fact]
    public void A_server_of_a_family_that_this_system_has_not_is_out_of_reach_and_no_more() =>
        DatagramLine.TryOpen(new StrangeEndPoint(), _ => { }, () => { }).ShouldBeNull();

    void IProxyCaller.Answered(ProxiedRequest request, Hop hop, PacketView answer) => throw new InvalidOperationException("nobody answers");

    void IProxyCaller.Failed(ProxiedRequest request, Verdict why)
    {
        failed.Writer.TryWrite(why);
        throw new InvalidOperationException("what must not happen happens");
    }

    private async Task<string> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        return Convert.ToHexString(buffer.AsSpan(0, await server.ReceiveAsync(buffer, patience.Token)));
    }

    private ProxiedRequest Request(byte identifier, byte[]? octets = null)
    {
        var nas = new NasEntry
        {
            TenantId = Guid.NewGuid(),
            Id = Guid.NewGuid(),
            Shortname = "nas",
            Source = new IPNetwork(IPAddress.Loopback, 32),
            Secret = "nas-secret"u8.ToArray(),
        };
        var upstream = new UpstreamEntry
        {
            TenantId = nas.TenantId,
            Id = nas.Id,
            Name = "silent",
            Servers = [new UpstreamServer(IPAddress.Loopback, ((IPEndPoint)server.LocalEndPoint!).Port, 1)],
            Secret = "upstream-secret"u8.ToArray(),
            Realms = ["x"],
            ResponseWindowMs = 100,
        };
        octets ??= new RequestBuilder(PacketCode.AccessRequest, identifier)
            .Add("User-Name", "bob@x")
            .UserPassword("secret")
            .Build(nas.Secret, identifier);
        return new ProxiedRequest(this, octets, nas, new RemotePeer(IPAddress.Loopback, 1700), [upstream]);
    }

    private sealed class StrangeEndPoint() : IPEndPoint(IPAddress.Loopback, 1812)
    {
        public override AddressFamily AddressFamily => AddressFamily.NetBios;
    }
}
