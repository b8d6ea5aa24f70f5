using System.Text.Json;
using System.Text.Json.Serialization;
using DotMac.Access.Aaa.Vendors;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Access.Coa;

/// <summary>What is said to a CoA proxy. The contract is docs/adapters/coa-http.md: fields are only ever added.</summary>
internal sealed record CoaProxyRequest(
    string Id,
    string Operation,
    string? Kind = null,
    CoaProxyNas? Nas = null,
    CoaProxySession? Session = null,
    IReadOnlyList<CoaProxyAttribute>? Attributes = null
)
{
    public const string Ping = "ping";

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static CoaProxyRequest Of(
        string id,
        CoaKind kind,
        LiveSession session,
        System.Net.IPEndPoint listener,
        ReadOnlySpan<byte> packet
    ) =>
        new(
            id,
            packet[0] == (byte)PacketCode.DisconnectRequest ? "disconnect" : "coa",
            Words.Of(kind),
            new CoaProxyNas(listener.Address.ToString(), listener.Port, session.Shortname!, VendorWords.Of(session.NasVendor)),
            new CoaProxySession(session.Username, session.AcctSessionId, session.NasIpAddress, session.FramedIpAddress),
            AttributesOf(packet)
        );

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Form);

    /// <summary>All but the Message-Authenticator, which belongs to the proxy's own packet; each once, in order.</summary>
    private static List<CoaProxyAttribute> AttributesOf(ReadOnlySpan<byte> packet)
    {
        var said = new List<CoaProxyAttribute>();
        for (var rest = packet[PacketView.HeaderLength..]; rest.Length >= 2; rest = rest[rest[1]..])
        {
            var parts =
                rest[0] == AttributeType.MessageAuthenticator ? [] : AttributePreview.Read(rest[..rest[1]], RadiusDictionary.Default);
            if (parts.Count > 0)
            {
                said.Add(
                    new CoaProxyAttribute(parts[0].Name, parts[0].Number, string.Join(", ", parts.Select(p => p.Value)), parts[0].Hex)
                );
            }
        }

        return said;
    }
}

internal sealed record CoaProxyNas(string Address, int Port, string Shortname, string Vendor);

internal sealed record CoaProxySession(string? Username, string AcctSessionId, string NasIpAddress, string? FramedIpAddress);

/// <param name="Number">11, or 26.14988.8 for a vendor's.</param>
/// <param name="Octets">The whole attribute in hex: what counts; name and value are for people.</param>
internal sealed record CoaProxyAttribute(string Name, string Number, string Value, string Octets);

/// <summary>What a CoA proxy answers with 200.</summary>
/// <param name="Id">The request's.</param>
/// <param name="Result">ack, nak, timeout or unreachable; to a ping: ok.</param>
/// <param name="ErrorCause">RFC 5176 §3.6, when the NAS gave one.</param>
internal sealed record CoaProxyReply(string? Id, string? Result, int? ErrorCause, string? Message)
{
    public static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
