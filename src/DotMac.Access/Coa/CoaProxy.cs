using System.Net;
using DotMac.Kernel.OutgoingHttp;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;

namespace DotMac.Access.Coa;

/// <summary>Has a tenant's HTTP proxy ask a NAS. Only its clear word for an ack is a success; everything else is as silent as a NAS that is away.</summary>
internal sealed class CoaProxy(OutgoingClient client, SecretBox box)
{
    /// <summary>As long as our own packets wait, and a second for the proxy itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>What the proxy said: one of <see cref="DisconnectResult"/>'s outcomes, with the NAS's Error-Cause.</summary>
    public sealed record Answer(string Outcome, int? ErrorCause, string Message, int Attempts);

    public async Task<Answer> SendAsync(CoaKind kind, LiveSession session, IPEndPoint listener, byte[] packet, CancellationToken ct)
    {
        var id = Guid.CreateVersion7().ToString();
        var request = CoaProxyRequest.Of(id, kind, session, listener, packet);
        var token = box.Open(SecretPurpose.CoaProxyToken, session.ProxyToken!);
        var answer = await client.SendAsync(Call(session.TenantId, new Uri(session.ProxyUrl!), token, request), ct);
        return Read(answer, id, session.Shortname!);
    }

    /// <summary>Tries the address and the token; what is wrong with them, or null.</summary>
    public async Task<Error?> TestAsync(Guid tenant, Uri url, string token, CancellationToken ct)
    {
        var request = new CoaProxyRequest(Guid.CreateVersion7().ToString(), CoaProxyRequest.Ping);
        var answer = await client.SendAsync(Call(tenant, url, token, request, isTest: true), ct);
        var reply = answer.IsSuccess ? answer.Read<CoaProxyReply>(CoaProxyReply.Form) : null;
        return !answer.IsSuccess ? CoaErrors.ProxyFailed(answer.Problem!)
            : reply?.Result != "ok" || reply.Id != request.Id
                ? CoaErrors.ProxyFailed("It answered, but not as a CoA proxy does: see docs/adapters/coa-http.md.")
            : null;
    }

    internal static Answer Read(OutgoingAnswer answer, string id, string nas)
    {
        if (!answer.IsSuccess)
        {
            var outcome = answer.Outcome == OutgoingOutcome.TimedOut ? DisconnectResult.Timeout : DisconnectResult.Unreachable;
            return new Answer(outcome, null, $"The CoA proxy did not ask the NAS: {answer.Problem}", answer.Attempts);
        }

        if (answer.Read<CoaProxyReply>(CoaProxyReply.Form) is not { } reply || reply.Id != id)
        {
            return new Answer(DisconnectResult.Unreachable, null, "The CoA proxy's answer is not about this request.", answer.Attempts);
        }

        return reply.Result switch
        {
            DisconnectResult.Ack => new Answer(DisconnectResult.Ack, null, "", answer.Attempts),
            DisconnectResult.Nak => new Answer(DisconnectResult.Nak, reply.ErrorCause, "", answer.Attempts),
            DisconnectResult.Timeout => new Answer(
                DisconnectResult.Timeout,
                null,
                $"The CoA proxy got no answer from {nas}. {Short(reply.Message)}".Trim(),
                answer.Attempts
            ),
            DisconnectResult.Unreachable => new Answer(
                DisconnectResult.Unreachable,
                null,
                $"The CoA proxy cannot reach {nas}. {Short(reply.Message)}".Trim(),
                answer.Attempts
            ),
            _ => new Answer(DisconnectResult.Unreachable, null, "The CoA proxy's answer has no known result.", answer.Attempts),
        };
    }

    private static OutgoingCall Call(Guid tenant, Uri url, string token, CoaProxyRequest request, bool isTest = false) =>
        new()
        {
            Service = "coa",
            Operation = request.Operation,
            TenantId = tenant,
            Method = HttpMethod.Post,
            Url = url,
            Headers = [("Authorization", "Bearer " + token), ("Accept", "application/json")],
            Body = request.ToJson(),
            Key = request.Id,
            Timeout = Patience,
            Budget = Patience,
            MostOctets = 65_536,
            IsTest = isTest,
        };

    private static string Short(string? text) => new([.. (text ?? "").Where(c => !char.IsControl(c)).Take(200)]);
}
