using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Microsoft.AspNetCore.Http;

namespace DotMac.SystemTests.Access;

/// <summary>
/// A CoA proxy as docs/adapters/coa-http.md describes it: takes JSON, sends a packet of its own with its own secret to the NAS, tells what the NAS said.
/// </summary>
internal sealed class CoaProxyPeer : IAsyncDisposable
{
    public const string Token = "token-of-the-proxy";
    private readonly string secret;

    private CoaProxyPeer(HttpPeer http, string secret)
    {
        Http = http;
        this.secret = secret;
        http.Answer = (context, asked, _) => AnswerAsync(context, asked);
    }

    public HttpPeer Http { get; }

    public string Url => Http.Url + "coa";

    /// <summary>Answers this instead of asking the NAS; status and body.</summary>
    public (int Status, string Body)? Says { get; set; }

    /// <summary>What the last request said.</summary>
    public JsonNode Last => JsonNode.Parse(Http.Asked[^1].Body)!;

    public static async Task<CoaProxyPeer> StartAsync(string secret) => new(await HttpPeer.StartAsync(), secret);

    public ValueTask DisposeAsync() => Http.DisposeAsync();

    private async Task AnswerAsync(HttpContext http, HttpAsked asked)
    {
        var request = JsonNode.Parse(asked.Body)!;
        if (asked.Headers["Authorization"] != "Bearer " + Token)
        {
            http.Response.StatusCode = 401;
            return;
        }

        if (request.Text("operation") == "ping")
        {
            await http.Response.WriteAsJsonAsync(new { id = request.Text("id"), result = "ok" });
            return;
        }

        if (Says is { } says)
        {
            http.Response.StatusCode = says.Status;
            await http.Response.WriteAsync(says.Body.Replace("ID", request.Text("id"), StringComparison.Ordinal));
            return;
        }

        var nas = new IPEndPoint(IPAddress.Parse(request["nas"]!.Text("address")), request["nas"]!["port"]!.GetValue<int>());
        var packet = Packet(request);
        var exchange = await new RadiusClient(TimeProvider.System).SendAsync(
            nas,
            packet,
            Encoding.UTF8.GetBytes(secret),
            new RetryPolicy { Tries = 2, FirstWait = TimeSpan.FromMilliseconds(500) },
            http.RequestAborted
        );
        var result = exchange.Outcome switch
        {
            ExchangeOutcome.Unreachable => "unreachable",
            ExchangeOutcome.TimedOut => "timeout",
            _ => exchange.Code is PacketCode.CoaAck or PacketCode.DisconnectAck ? "ack" : "nak",
        };
        uint? cause = exchange.TryRead(out var reply) && reply.TryGetUInt32(AttributeType.ErrorCause, out var value) ? value : null;
        await http.Response.WriteAsJsonAsync(
            new
            {
                id = request.Text("id"),
                result,
                error_cause = cause,
            }
        );
    }

    private byte[] Packet(JsonNode request)
    {
        var buffer = new byte[PacketView.MaxLength];
        var code = request.Text("operation") == "disconnect" ? PacketCode.DisconnectRequest : PacketCode.CoaRequest;
        var writer = new PacketWriter(buffer, code, 7);
        writer.AddMessageAuthenticatorPlaceholder();
        foreach (var attribute in request["attributes"]!.AsArray())
        {
            writer.AddWhole(Convert.FromHexString(attribute!.Text("octets")));
        }

        return buffer[..writer.FinishAccountingLike(Encoding.UTF8.GetBytes(secret))];
    }
}
