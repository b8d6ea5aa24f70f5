using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Coa;

/// <summary>Asks the NAS of each matching live session to drop it (RFC 5176) and tells what each NAS answered.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>session.not_found</c> 404 (nothing is live), <c>session.ambiguous</c> 409 (an
/// Acct-Session-Id that several logins have). A NAS that refuses or is silent is no error of the call: see <c>outcome</c>.
/// <b>Effects:</b> up to 7 s of waiting; a row of coa_requests and an audit entry per session. A NAS that is silent or refuses is asked
/// again in the background (<c>asked_again_at</c>), while the session is open.
/// </remarks>
public static class DisconnectSessions
{
    /// <summary>At least one of the two; both narrow each other.</summary>
    /// <param name="SessionId">The session's id, Acct-Unique-Session-Id or Acct-Session-Id.</param>
    public sealed record Body(string? Username = null, string? SessionId = null);

    [Requires("isp.radius.sessions.manage")]
    public sealed record Command(string? Username, string? SessionId);

    public sealed record Response(IReadOnlyList<DisconnectResult> Results);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/radius/sessions/disconnect", Post).WithName(nameof(DisconnectSessions));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        Body body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body.Username, body.SessionId), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, NasDoor door, CoaLog log, CoaTasks tasks, CurrentCaller caller)
        : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var username = Input.Clean(command.Username);
            var sessionId = Input.Clean(command.SessionId);
            if (Refusal(command.Username, command.SessionId) is { } refusal)
            {
                return refusal;
            }

            var sessions = sessionId is not null
                ? await LiveSession.OfSessionIdAsync(work, sessionId, ct)
                : await OfUsernameAsync(username!, ct);
            if (sessionId is not null && username is not null)
            {
                sessions = [.. sessions.Where(s => string.Equals(s.Username, username, StringComparison.OrdinalIgnoreCase))];
            }

            if (sessions.Count == 0)
            {
                return CoaErrors.NothingLive;
            }

            if (username is null && sessions.Select(s => s.Username?.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                return CoaErrors.Ambiguous(sessions.Count);
            }

            // From here on the caller's going away stops nothing: what was asked of a NAS is on record.
            var results = await work.OutsideAsync(() => door.DisconnectAsync(sessions, CancellationToken.None), ct);
            await log.WriteAsync(CoaKind.Disconnect, results, CancellationToken.None);
            var kept = new List<DisconnectResult>(results.Count);
            foreach (var (session, result) in sessions.Zip(results))
            {
                kept.Add(
                    await tasks.KeepAsync(CoaKind.Disconnect, CoaChange.Own, session, result, caller.Value.Name, CancellationToken.None)
                );
            }

            await work.OutsideAsync(() => Task.FromResult(true), CancellationToken.None);
            return new Response(kept);
        }

        private async Task<IReadOnlyList<LiveSession>> OfUsernameAsync(string username, CancellationToken ct)
        {
            var subscriber = await SubscriberKey.FindAsync(work, username, ct);
            var own = subscriber is { } id ? await LiveSession.OfSubscriberAsync(work, id, ct) : [];
            return own.Count > 0 ? own : await LiveSession.OfUsernameAsync(work, username, ct);
        }

        private static Error? Refusal(string? username, string? sessionId)
        {
            const string forbidden = "\r\n\0";
            const string message = "CR, LF and NUL are not allowed.";
            return new Faults()
                .Check(
                    Input.Clean(username) is not null || Input.Clean(sessionId) is not null,
                    "username",
                    "required",
                    "Give username or session_id."
                )
                .Check(username?.AsSpan().IndexOfAny(forbidden) is null or < 0, "username", "bad_character", message)
                .Check(sessionId?.AsSpan().IndexOfAny(forbidden) is null or < 0, "session_id", "bad_character", message)
                .Check(username is not { Length: > 253 }, "username", "too_long", "At most 253 characters.")
                .Check(sessionId is not { Length: > 300 }, "session_id", "too_long", "At most 300 characters.")
                .Error;
        }
    }
}
