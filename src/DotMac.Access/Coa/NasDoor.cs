using System.Diagnostics;
using System.Globalization;
using System.Text;
using DotMac.Kernel.Secrets;
using DotMac.Radius.Client;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Access.Coa;

/// <summary>Asks NAS to drop or change sessions, several at a time, and tells what each said. Reads and writes no table.</summary>
internal sealed class NasDoor(SecretBox box, CoaProxy proxy, TimeProvider clock)
{
    private const int AtOnce = 16;
    private readonly RadiusClient client = new(clock);

    /// <summary>Results in the order of the sessions.</summary>
    public async Task<IReadOnlyList<DisconnectResult>> DisconnectAsync(IReadOnlyList<LiveSession> sessions, CancellationToken ct)
    {
        using var gate = new SemaphoreSlim(AtOnce);
        return await Task.WhenAll(sessions.Select(OneAsync));

        async Task<DisconnectResult> OneAsync(LiveSession session)
        {
            await gate.WaitAsync(ct);
            try
            {
                return await AskAsync(CoaKind.Disconnect, CoaChange.Own, session, ct);
            }
            finally
            {
                gate.Release();
            }
        }
    }

    /// <summary>One session, one request, up to 7 s. <paramref name="change"/> says all of it: see <see cref="CoaChange.For"/>.</summary>
    public async Task<DisconnectResult> AskAsync(CoaKind kind, CoaChange change, LiveSession session, CancellationToken ct)
    {
        if (change.Lacks(kind) is { } lack)
        {
            return Result(session, DisconnectResult.NothingToSay, lack);
        }

        if (session.NasId is null || session.Secret is null)
        {
            return Result(session, DisconnectResult.NoNas, "The NAS of this session is not registered any more.");
        }

        if (session.Listener() is not { } listener)
        {
            return Result(
                session,
                DisconnectResult.Unreachable,
                $"The NAS is registered as a network and {session.NasIpAddress}, which it gives for itself, is not inside: its address is not known."
            );
        }

        var secret = Encoding.UTF8.GetBytes(box.Open(SecretPurpose.NasSecret, session.Secret));
        var packet = CoaPacket.Build(kind, change, session, secret, clock.GetUtcNow());
        var start = Stopwatch.GetTimestamp();
        var result = (CoaTransport)(session.Transport ?? 0) switch
        {
            CoaTransport.Radclient => Read(session, listener.ToString(), await Radclient.SendAsync(listener, packet, secret, ct)),
            CoaTransport.Http => Read(session, packet[0], await proxy.SendAsync(kind, session, listener, packet, ct)),
            _ => Read(session, listener.ToString(), await client.SendAsync(listener, packet, secret, RetryPolicy.Default, ct)),
        };
        result = result with { DurationMs = (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds };
        CoaMetrics.Answered(session.TenantId, kind, result.Outcome);
        return result;
    }

    private static DisconnectResult Read(LiveSession session, string listener, RadiusExchange exchange) =>
        exchange.Outcome switch
        {
            ExchangeOutcome.Unreachable => Result(
                session,
                DisconnectResult.Unreachable,
                $"Nothing listens at {listener}. Check the NAS's address, coa_port and that it accepts RFC 5176 requests."
            ),
            ExchangeOutcome.TimedOut => Result(
                session,
                DisconnectResult.Timeout,
                exchange.Ignored > 0
                    ? $"Answers came from {listener}, but not signed with this NAS's secret. Check the secret on both sides."
                    : $"No answer from {listener}. Check coa_port, the secret, and firewalls between here and the NAS."
            ),
            _ => Read(session, exchange.Code, CauseOf(exchange)),
        } with
        {
            Attempts = exchange.Attempts,
        };

    private static DisconnectResult Read(LiveSession session, string listener, Radclient.Answer answer) =>
        answer.Problem is { } problem ? Result(session, DisconnectResult.Unreachable, problem)
        : answer.Code == PacketCode.None
            ? Result(
                session,
                DisconnectResult.Timeout,
                $"radclient got no answer from {listener}. Check coa_port, the secret, and firewalls."
            ) with
            {
                Attempts = 3,
            }
        : Read(session, answer.Code, answer.ErrorCause is { } cause ? new ErrorCause((int)cause, NameOf(cause)) : null) with
        {
            Attempts = 1,
        };

    private static DisconnectResult Read(LiveSession session, byte asked, CoaProxy.Answer answer) =>
        answer.Outcome switch
        {
            DisconnectResult.Ack => Read(
                session,
                asked == (byte)PacketCode.DisconnectRequest ? PacketCode.DisconnectAck : PacketCode.CoaAck,
                null
            ),
            DisconnectResult.Nak => Read(
                session,
                PacketCode.CoaNak,
                answer.ErrorCause is { } cause ? new ErrorCause(cause, NameOf((uint)cause)) : null
            ),
            _ => Result(session, answer.Outcome, answer.Message),
        } with
        {
            Attempts = answer.Attempts,
        };

    private static DisconnectResult Read(LiveSession session, PacketCode code, ErrorCause? cause) =>
        code switch
        {
            PacketCode.DisconnectAck => Result(session, DisconnectResult.Ack, "The NAS acknowledged the disconnect."),
            PacketCode.CoaAck => Result(session, DisconnectResult.Ack, "The NAS acknowledged the change."),
            _ => Result(
                session,
                DisconnectResult.Nak,
                cause is null ? "The NAS refused and gave no reason." : $"The NAS refused: {cause.Name}."
            ) with
            {
                ErrorCause = cause,
            },
        };

    private static ErrorCause? CauseOf(RadiusExchange exchange) =>
        exchange.TryRead(out var reply) && reply.TryGetUInt32(AttributeType.ErrorCause, out var value)
            ? new ErrorCause((int)value, NameOf(value))
            : null;

    private static string NameOf(uint cause) =>
        RadiusDictionary.Default.TryFind("Error-Cause", out var attribute) && attribute.TryGetValueName(cause, out var name)
            ? name
            : cause.ToString(CultureInfo.InvariantCulture);

    private static DisconnectResult Result(LiveSession session, string outcome, string message) =>
        new(
            SessionId.Of(session.AcctUniqueId, session.Number),
            session.AcctSessionId,
            session.Username,
            session.NasId is { } nas ? new DisconnectNas(nas, session.Shortname!) : null,
            outcome,
            null,
            message,
            0,
            0
        );
}
