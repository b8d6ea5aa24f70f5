using System.Net;
using System.Text;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.SystemTests.Console;

/// <summary>Sends a NAS's packets to the host under test from loopback.</summary>
internal sealed class SimpleNas(int authPort, int acctPort, string secret)
{
    private readonly RadiusClient client = new(TimeProvider.System);
    private readonly byte[] key = Encoding.UTF8.GetBytes(secret);

    public async Task<PacketCode> AuthenticateAsync(string username, string password)
    {
        var request = new RequestBuilder(PacketCode.AccessRequest).Add(AttributeType.UserName, username).UserPassword(password);
        return await SendAsync(authPort, request.WithMessageAuthenticator());
    }

    public async Task<PacketCode> AccountAsync(
        string status,
        string username,
        string session,
        uint seconds = 0,
        uint up = 0,
        uint down = 0
    ) =>
        await SendAsync(
            acctPort,
            new RequestBuilder(PacketCode.AccountingRequest)
                .Add("Acct-Status-Type", status)
                .Add(AttributeType.UserName, username)
                .Add(AttributeType.AcctSessionId, session)
                .Add(AttributeType.NasIpAddress, IPAddress.Loopback)
                .Add(AttributeType.CallingStationId, "02:00:5E:00:00:01")
                .Add(AttributeType.FramedIpAddress, IPAddress.Parse("100.64.7.7"))
                .Add(AttributeType.AcctSessionTime, seconds)
                .Add(AttributeType.AcctInputOctets, up)
                .Add(AttributeType.AcctOutputOctets, down)
        );

    private async Task<PacketCode> SendAsync(int port, RequestBuilder request) =>
        (await client.SendAsync(new IPEndPoint(IPAddress.Loopback, port), request.Build(key), key, RetryPolicy.Default, default)).Code;
}
